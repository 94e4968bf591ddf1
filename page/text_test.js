// A text that is looked for in the lines of a journal: a part in any case, or /an expression/. A part
// of ASCII is looked for in the bytes as they are kept, which is what makes a million lines quick;
// whatever else needs the line as a text.

const EXPRESSION = /^\/(.+)\/i?$/;
const ESCAPES = /\\(["\\])/g;

/// The bytes of the part, in small letters and as JSON writes them; null for what is not ASCII.
function needleOf(text) {
  const inJson = JSON.stringify(text.toLowerCase()).slice(1, -1);
  return /^[\x20-\x7e]+$/.test(inJson) ? Uint8Array.from(inJson, (letter) => letter.charCodeAt(0)) : null;
}

const small = (byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte);

function has(bytes, needle) {
  const first = needle[0];
  const last = bytes.length - needle.length;
  for (let at = 0; at <= last; at += 1) {
    if (small(bytes[at]) !== first) continue;
    let n = 1;
    while (n < needle.length && small(bytes[at + n]) === needle[n]) n += 1;
    if (n === needle.length) return true;
  }
  return false;
}

/// What is wrong with a text that is looked for, or nothing.
export function complaintAboutText(text) {
  try {
    if (EXPRESSION.test(text)) new RegExp(EXPRESSION.exec(text)[1], 'i');
    return '';
  } catch (error) {
    return error.message;
  }
}

/// A function of a store and the number of an event.
export function textTest(text) {
  const expression = EXPRESSION.exec(text)?.[1];
  if (expression !== undefined) return expressionTest(expression);
  const needle = needleOf(text);
  if (needle) return (store, i) => has(store.bytes(i), needle);
  const part = JSON.stringify(text.toLowerCase()).slice(1, -1);
  return (store, i) => store.raw(i).toLowerCase().includes(part);
}

function expressionTest(expression) {
  let pattern;
  try {
    pattern = new RegExp(expression, 'i');
  } catch {
    return () => false;
  }
  return (store, i) => {
    const raw = store.raw(i);
    return pattern.test(raw) || (raw.includes('\\') && pattern.test(raw.replace(ESCAPES, '$1')));
  };
}
