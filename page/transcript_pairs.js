// Which event of a link a URC tells of: an answer of the broker is often passed before the module makes
// something of it, and one that it says later must not be told of earlier, as whoever plays a
// transcript would say it at once. Pairs are found by client and msgID, the oldest first.

const RESULT = { puback: 'PUB', pubcomp: 'PUB', suback: 'SUB', unsuback: 'UNS' };
const ENDS = ['STAT', 'OPEN', 'CONN', 'DISC'];

/// The names under which an event of a link waits for its URC.
function keysOf({ kind, client, event, dir, type, id, qos }) {
  if (kind === 'link') {
    if (event === 'established' || event === 'failed') return [`OPEN ${client}`];
    if (event === 'ended') return [`DISC ${client}`];
    return event === 'lost' ? ENDS.map((name) => `${name} ${client}`) : [];
  }
  if (kind !== 'packet') return [];
  if (dir === 'out') return type === 'publish' && qos === 0 ? [`PUB ${client}`] : [];
  if (type === 'connack') return [`CONN ${client}`];
  if ((type === 'publish' && qos < 2) || type === 'pubrel') return [`RECV ${client}`];
  return type in RESULT ? [`${RESULT[type]} ${client} ${id}`] : [];
}

/// The names that a URC answers to, the first that something waits for.
function keysOfUrc(line) {
  const [, name, client, second] = /^\+QMT(\w+): (\d)(?:,(\d+))?/.exec(line) ?? [];
  if (!name) return [];
  if (name === 'PUB' || name === 'PUBEX') return [`PUB ${client} ${second}`, `PUB ${client}`];
  return name === 'SUB' || name === 'UNS' ? [`${name} ${client} ${second}`] : [`${name} ${client}`];
}

class Waiting {
  constructor() {
    this.byKey = new Map(); // -> numbers of events
    this.done = new Set();
  }
  add(n, keys) {
    for (const key of keys) {
      if (!this.byKey.has(key)) this.byKey.set(key, []);
      this.byKey.get(key).push(n);
    }
  }
  take(keys) {
    for (const key of keys) {
      const list = this.byKey.get(key) ?? [];
      while (list.length > 0 && this.done.has(list[0])) list.shift();
      if (list.length === 0) continue;
      const n = list.shift();
      this.done.add(n);
      return n;
    }
    return -1;
  }
}

/// By the number of the tx event that says a URC, the number of the event that it tells of.
export function pairsOf(events, channel) {
  const waiting = new Waiting();
  const pairs = new Map();
  events.forEach((event, n) => {
    waiting.add(n, keysOf(event));
    if (event.kind !== 'urc' || event.channel !== channel || event.inserted) return;
    const found = waiting.take(keysOfUrc(event.line));
    if (found >= 0) pairs.set(n - 1, found);
  });
  return pairs;
}
