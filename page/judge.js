// What an event is marked as (an error, lint, a fault, …) and which client it is about, told from
// its members. The words of the AT grammar that the page knows stand here and in fold.js.
// Judges one event by itself: what it led to, or came from, is why.js.

import { FLAG } from './store.js';
import { isRefusal, isRefusedCode } from './mqtt_codes.js';

const FINAL_ERROR = /^(ERROR|\+CM[ES] ERROR|NO CARRIER|NO DIALTONE|BUSY|NO ANSWER)/;
const MQTT = /^\+QMT\w+[=:]\s*(\d)/;

/// Whether a URC tells that a command of MQTT failed, or was refused by the broker.
function hasFailed(line) {
  const open = /^\+QMT(OPEN|CLOSE|DISC|CONN): \d,(-?\d+)(?:,(\d+))?/.exec(line);
  if (open) return open[2] !== '0' || (open[1] === 'CONN' && Number(open[3] ?? 0) !== 0);
  const more = /^\+QMT(SUB|UNS|PUB|PUBEX): \d,\d+,(-?\d+)((?:,\d+)*)/.exec(line);
  if (!more) return false;
  const codes = more[1] === 'SUB' ? more[3].split(',').map(Number) : [];
  return more[2] !== '0' || codes.some(isRefusedCode);
}

export const isStat = (line) => /^\+QMTSTAT: \d,\d+/.test(line);

function urcFlags(event) {
  let flags = 0;
  if (event.inserted) flags |= FLAG.inserted;
  else if (isStat(event.line) || hasFailed(event.line)) flags |= FLAG.error;
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
    case 'packet':
      return isRefusal(event) ? FLAG.error : 0;
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

/// The topics, or filters of topics, that an event is about.
export function topicsOf(event) {
  if (typeof event.topic === 'string') return [event.topic];
  if (Array.isArray(event.topics)) return event.topics;
  const [, name] = /^\+QMT(PUB|PUBEX|SUB|UNS|RECV)\b/.exec(event.line ?? '') ?? [];
  if (!name) return [];
  const quoted = [...event.line.matchAll(/"([^"]*)"/g)].map(([, text]) => text);
  return name === 'SUB' || name === 'UNS' ? quoted : quoted.slice(0, 1);
}

/// Whether MQTT has such a filter, or it is empty.
export function isTopicFilter(filter) {
  const levels = filter.split('/');
  return levels.every(
    (level, n) => !/[+#]/.test(level) || level === '+' || (level === '#' && n === levels.length - 1),
  );
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
