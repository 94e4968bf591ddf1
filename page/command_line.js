// Words of a command line and of Python, quoted as a shell and Python read them: what a person copies
// from the page does the same as the button beside it.
// Pure functions of words; which words, is told by the actions.

const PLAIN = /^[A-Za-z0-9_./:=,+@%-]+$/;

/// A word as a POSIX shell reads it.
export function shellWord(word) {
  const text = String(word);
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/// `eg91xq ctl …`: options stand before positionals; one that begins with - stands behind --.
export function ctlLine(words, { options = [], positionals = [], modem } = {}) {
  const all = ['eg91xq', 'ctl'];
  if (modem) all.push('--modem', modem);
  all.push(...words, ...options);
  if (positionals.some((word) => String(word).startsWith('-'))) all.push('--');
  return [...all, ...positionals].map(shellWord).join(' ');
}

/// A value as Python writes it.
export function python(value) {
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value.literal === 'string') return value.literal;
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([name, one]) => `${JSON.stringify(name)}: ${python(one)}`)
    .join(', ')}}`;
}

const KEYWORDS = new Set(['from', 'class', 'def', 'in', 'is', 'not', 'and', 'or', 'if', 'for', 'with', 'as']);

/// A call of a method of the modem that a test of pytest is given.
export function pythonCall(method, positionals = [], keywords = {}) {
  const named = Object.entries(keywords)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${KEYWORDS.has(name) ? `${name}_` : name}=${python(value)}`);
  return `modem.${method}(${[...positionals.map(python), ...named].join(', ')})`;
}

/// Bytes as Python writes them; an object that python() leaves as it is.
export function pythonBytes(bytes) {
  const letters = [...bytes].map((byte) => {
    if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
    return byte >= 0x20 && byte < 0x7f
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  return { literal: `b"${letters.join('')}"` };
}

/// Bytes, or those of a text, as base64.
export function base64(what) {
  const bytes = typeof what === 'string' ? new TextEncoder().encode(what) : what;
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
