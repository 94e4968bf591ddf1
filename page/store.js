// The events of one modem: the lines of its journal as the bytes they came in, in blocks, and a few
// numbers of each in columns; an event is parsed when somebody looks at it. At least a million are
// kept, then the oldest go. Told what the page itself has to say (a loss, a new run) as events too.

import { Column } from './column.js';

export const KINDS = [
  'rx',
  'tx',
  'command',
  'result',
  'urc',
  'prompt',
  'data',
  'link',
  'packet',
  'client',
  'stat',
  'device',
  'fault',
  'lint',
  'control',
  'time',
  'timer',
  'wire',
  'page',
];
export const KEPT = 1_000_000;
const SLACK = 0.1; // of those, before the oldest go all at once
const BLOCK = 1024 * 1024;
const CACHE = 4000;

/// What an event is marked as.
export const FLAG = { error: 1, lint: 2, fault: 4, inserted: 8, loss: 16, own: 32 };

/// Of different length, so that they do not grow all at once: that would hold up the page.
const columns = (types) =>
  Object.fromEntries(
    Object.entries(types).map(([name, Type], n) => [name, new Column(Type, Math.round(4096 * 1.04 ** n))]),
  );

const number = new Map(KINDS.map((kind, index) => [kind, index]));
export const kindNumber = (kind) => number.get(kind) ?? KINDS.length - 1;

export class Store {
  /// `kept` is how many events are never let go.
  constructor(kept = KEPT) {
    this.kept = kept;
    this.blocks = [];
    this.firstBlock = 0;
    this.used = BLOCK;
    this.columns = columns({
      block: Uint32Array,
      offset: Uint32Array,
      size: Uint32Array,
      seq: Float64Array,
      t: Float64Array,
      kind: Uint8Array,
      client: Int8Array,
      channel: Uint8Array,
      flags: Uint8Array,
      head: Int32Array,
    });
    this.channels = [''];
    this.dropped = 0; // how many have gone from the front
    this.runs = [0]; // where each run of the program begins, counted with those that are gone
    this.lost = 0;
    this.decoder = new TextDecoder();
    this.encoder = new TextEncoder();
    this.cache = new Map();
  }

  get length() {
    return this.columns.seq.length;
  }
  get lastSeq() {
    return this.length > 0 ? this.columns.seq.data[this.length - 1] : 0;
  }
  seq(i) {
    return this.columns.seq.data[i];
  }
  t(i) {
    return this.columns.t.data[i];
  }
  kind(i) {
    return KINDS[this.columns.kind.data[i]];
  }
  client(i) {
    return this.columns.client.data[i];
  }
  channel(i) {
    return this.channels[this.columns.channel.data[i]];
  }
  flags(i) {
    return this.columns.flags.data[i];
  }
  /// The event that this one is shown with, or -1.
  head(i) {
    return this.columns.head.data[i];
  }

  mark(i, flags) {
    this.columns.flags.data[i] |= flags;
  }

  channelNumber(name) {
    const found = this.channels.indexOf(name);
    if (found >= 0) return found;
    if (this.channels.length === 255) return 0;
    return this.channels.push(name) - 1;
  }

  /// Adds a line, given as bytes and as the event that it is.
  add(bytes, event, flags, client) {
    if (this.used + bytes.length > (this.blocks.at(-1)?.length ?? 0)) {
      this.blocks.push(new Uint8Array(Math.max(BLOCK, bytes.length)));
      this.used = 0;
    }
    this.blocks.at(-1).set(bytes, this.used);
    const c = this.columns;
    c.block.push(this.firstBlock + this.blocks.length - 1);
    c.offset.push(this.used);
    c.size.push(bytes.length);
    c.seq.push(event.seq);
    c.t.push(event.t);
    c.kind.push(kindNumber(event.kind));
    c.client.push(client);
    c.channel.push(event.channel === undefined ? 0 : this.channelNumber(event.channel));
    c.flags.push(flags);
    c.head.push(-1);
    this.used += bytes.length;
    return this.length - 1;
  }

  /// Something that the page has to say, between two events.
  say(text, flags, more = {}) {
    const at = this.length > 0 ? this.t(this.length - 1) : 0;
    const event = { seq: this.lastSeq, t: more.t ?? at, kind: 'page', text, ...more };
    return this.add(this.encoder.encode(JSON.stringify(event)), event, flags | FLAG.own, -1);
  }

  bytes(i) {
    const c = this.columns;
    const block = this.blocks[c.block.data[i] - this.firstBlock];
    return block.subarray(c.offset.data[i], c.offset.data[i] + c.size.data[i]);
  }
  raw(i) {
    return this.decoder.decode(this.bytes(i));
  }

  /// The event itself. Not to be changed.
  get(i) {
    const key = this.dropped + i;
    const known = this.cache.get(key);
    if (known) return known;
    const event = JSON.parse(this.raw(i));
    if (this.cache.size >= CACHE) this.cache.clear();
    this.cache.set(key, event);
    return event;
  }

  /// The run of the program that an event belongs to, from 0.
  runOf(i) {
    let run = this.runs.length - 1;
    while (run > 0 && this.runs[run] > this.dropped + i) run -= 1;
    return run;
  }

  /// Where the event of that number is, or -1.
  find(seq, run = this.runs.length - 1) {
    let low = Math.max(0, (this.runs[run] ?? Infinity) - this.dropped);
    const end = run + 1 < this.runs.length ? this.runs[run + 1] - this.dropped : this.length;
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.seq(middle) < seq) low = middle + 1;
      else high = middle;
    }
    while (low < end && this.seq(low) === seq && this.flags(low) & FLAG.own) low += 1;
    return low < end && this.seq(low) === seq ? low : -1;
  }

  /// How many have to go now; 0 as long as there is room.
  get excess() {
    return this.length > this.kept * (1 + SLACK) ? this.length - this.kept : 0;
  }

  /// The first `count` go. Numbers of others become less by so much.
  drop(count) {
    for (const column of Object.values(this.columns)) column.drop(count);
    this.dropped += count;
    const { block, head } = this.columns;
    const first = block.data[0];
    this.blocks.splice(0, first - this.firstBlock);
    this.firstBlock = first;
    // One whose head is gone is shown by itself.
    for (let i = 0; i < head.length; i += 1)
      if (head.data[i] >= 0) head.data[i] = head.data[i] >= count ? head.data[i] - count : -1;
  }

  /// Bytes of the lines and columns, about.
  get size() {
    let size = 0;
    for (const block of this.blocks) size += block.length;
    for (const column of Object.values(this.columns)) size += column.data.byteLength;
    return size;
  }
}
