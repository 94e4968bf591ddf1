// Bytes as the language of transcripts writes them (tests/transcripts/README.md): what can be printed
// as it is, \r \n \\ and \xNN, and when read also \s for a blank and \" for a quote.
// Bytes are arrays of bytes, texts are strings.

const SHORT = { 13: '\\r', 10: '\\n', 92: '\\\\' };

export function escaped(bytes) {
  let text = '';
  for (const byte of bytes) {
    if (SHORT[byte]) text += SHORT[byte];
    else if (byte < 0x20 || byte >= 0x7f) text += `\\x${byte.toString(16).padStart(2, '0')}`;
    else text += String.fromCharCode(byte);
  }
  return text;
}

export const escapedText = (text) => escaped(new TextEncoder().encode(text));

/// Also readable where a blank at an end would be lost.
export const escapedEnds = (bytes) => escaped(bytes).replace(/^ | $/g, '\\s');

/// Within quotes, for a reader that takes words apart.
export const quoted = (bytes) => `"${escaped(bytes).replaceAll('"', '\\"')}"`;

const READ = { r: 13, n: 10, s: 32, '\\': 92, '"': 34 };

/// The bytes that a text stands for; an Error for an escape that there is none of.
export function unescaped(text) {
  const bytes = [];
  const encoder = new TextEncoder();
  for (const [part, hex, letter] of text.matchAll(/\\x([0-9a-fA-F]{2})|\\([\s\S]?)|[^\\]+/g)) {
    if (hex !== undefined) bytes.push(parseInt(hex, 16));
    else if (letter === undefined) bytes.push(...encoder.encode(part));
    else if (letter in READ) bytes.push(READ[letter]);
    else throw new Error(`there is no escape ${part}; there are \\r \\n \\s \\\\ \\" \\xNN`);
  }
  return Uint8Array.from(bytes);
}
