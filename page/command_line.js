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

/// The bytes of a text as base64.
export function base64(text) {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}
