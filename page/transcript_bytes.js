// The bytes of a host and of the module as steps of a transcript: > a line, >> bytes; < a line between
// CR LF and CR LF, <| a line before CR LF, << bytes. Always the plainest that says the same bytes.

import { asText } from './payload.js';
import { escapedEnds } from './escapes.js';

const CR = 13;
const LF = 10;

export function typedStep(bytes) {
  const body = bytes.subarray(0, -1);
  const isLine = bytes.at(-1) === CR && body.every((byte) => byte >= 0x20 && byte < 0x7f);
  // A blank at the end would be lost in an editor.
  return isLine && body.length > 0 && body.at(-1) !== 0x20 ? `> ${asText(body)}` : `>> ${escapedEnds(bytes)}`;
}

/// Where CR LF is from a place on, or -1.
function lineEnd(bytes, from) {
  for (let at = from; at + 1 < bytes.length; at += 1) if (bytes[at] === CR && bytes[at + 1] === LF) return at;
  return -1;
}

/// A line that has nothing in it, or a lone CR or LF, is better seen as bytes.
const isPlain = (line) => line.length > 0 && !line.includes(CR) && !line.includes(LF);

export function saidSteps(bytes) {
  const steps = [];
  let at = 0;
  while (at < bytes.length) {
    const framed = bytes[at] === CR && bytes[at + 1] === LF;
    const begin = framed ? at + 2 : at;
    const end = lineEnd(bytes, begin);
    const line = end < 0 ? bytes.subarray(at) : bytes.subarray(begin, end);
    if (end < 0 || !isPlain(line) || (!framed && steps.length === 0)) {
      steps.push(`<< ${escapedEnds(bytes.subarray(at))}`);
      break;
    }
    steps.push(`${framed ? '<' : '<|'} ${escapedEnds(line)}`);
    at = end + 2;
  }
  return steps;
}
