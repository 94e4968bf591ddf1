// What an event is marked as (an error, lint, a fault, …) and which client it is about, told from
// its members. The words of the AT grammar that the page knows stand here and in fold.js.
// Judges one event by itself: what it led to, or came from, is why.js.

import { FLAG } from './store.js';

const FINAL_ERROR = /^(ERROR|\+CM[ES] ERROR|NO CARRIER|NO DIALTONE|BUSY|NO ANSWER)/;
const MQTT = /^\+QMT\w+[=:]\s*(\d)/;

/// The code at the end of a URC that tells how a command of MQTT went, else 0.
function resultCode(line) {
  const open = /^\+QMT(?:OPEN|CLOSE|DISC|CONN): \d,(-?\d+)/.exec(line);
  if (open) return Number(open[1]);
  const more = /^\+QMT(?:SUB|UNS|PUB|PUBEX): \d,\d+,(-?\d+)/.exec(line);
  return more ? Number(more[1]) : 0;
}

export const isStat = (line) => /^\+QMTSTAT: \d,\d+/.test(line);

function urcFlags(event) {
  let flags = 0;
  if (event.inserted) flags |= FLAG.inserted;
  else if (isStat(event.line) || resultCode(event.line) !== 0) flags |= FLAG.error;
  return flags;
}

export function flagsOf(event) {
  switch (event.kind) {
    case 'result':
      return FINAL_ERROR.test(event.line) ? FLAG.error : 0;
    case 'urc':
      return urcFlags(event);
    case 'stat':
      return FLAG.error;
    case 'link':
      return event.event === 'failed' || event.event === 'lost' ? FLAG.error : 0;
    case 'lint':
      return FLAG.lint;
    case 'fault':
      return FLAG.fault;
    case 'wire':
      return FLAG.fault;
    case 'rx':
      return event.lost ? FLAG.loss : 0;
    default:
      return 0;
  }
}

/// client_idx, or -1.
export function clientOf(event) {
  if (Number.isInteger(event.client)) return event.client;
  const line = event.kind === 'result' ? event.command : event.line;
  const found = typeof line === 'string' ? MQTT.exec(line) : null;
  return found ? Number(found[1]) : -1;
}

/// The topic that an event is about, or ''.
export function topicOf(event) {
  if (typeof event.topic === 'string') return event.topic;
  const line = event.line ?? '';
  if (!/^\+QMT(PUB|PUBEX|SUB|UNS|RECV)\b/.test(line)) return '';
  return /"([^"]*)"/.exec(line)?.[1] ?? '';
}

/// Whether an MQTT filter takes a topic.
export function filterTakes(filter, topic) {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  for (let i = 0; i < wanted.length; i += 1) {
    if (wanted[i] === '#') return true;
    if (i >= levels.length) return false;
    if (wanted[i] !== '+' && wanted[i] !== levels[i]) return false;
  }
  return wanted.length === levels.length;
}
