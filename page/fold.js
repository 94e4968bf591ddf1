// Which events belong to one AT command: the bytes typed, its echo, prompt, payload and reply, its
// result, and the URC that comes later with the outcome. Each gets the command as its head; of each
// command a block remembers where the parts are. Bytes that a URC consists of have the URC as head.

import { FLAG } from './store.js';

const MOST_PENDING = 256;
const MOST_WAITING = 64;
// Its URC of the same name is no outcome of the command.
const NO_OUTCOME = new Set(['+QMTRECV', '+QMTSTAT', '+QIND']);

class Channel {
  open = -1; // the head of the command that runs
  last = -1; // the one that ended last, until something else begins
  prompted = false;
  heard = []; // bytes that no command has yet
  said = []; // bytes that no result, URC or prompt has yet
  waiting = []; // commands that are done and whose outcome may come
}

export class Folder {
  constructor(store) {
    this.store = store;
    this.blocks = new Map(); // by head; both and what is in them counted with the events that are gone
    this.channels = new Map();
    this.moved = []; // events that got a head after they were seen; whoever shows them empties it
  }

  channel(name) {
    let channel = this.channels.get(name);
    if (!channel) this.channels.set(name, (channel = new Channel()));
    return channel;
  }

  /// A new event. The store has it already.
  see(i, event) {
    if (event.channel === undefined || event.kind === 'lint') return;
    const channel = this.channel(event.channel);
    switch (event.kind) {
      case 'rx':
        return this.heard(channel, i);
      case 'tx':
        return this.said(channel, i, event);
      case 'command':
        return this.begun(channel, i, event);
      case 'prompt':
        channel.prompted = true;
        return this.part(channel, i);
      case 'data':
        if (channel.open >= 0) this.give(i, channel.open);
        channel.prompted = false;
        return undefined;
      case 'result':
        return this.ended(channel, i, event);
      case 'urc':
        return event.inserted ? undefined : this.unsolicited(channel, i, event);
      default:
        return undefined;
    }
  }

  has(i) {
    return this.blocks.has(this.store.dropped + i);
  }
  /// Where the parts of the command at `head` are, or nothing.
  block(head) {
    const { dropped } = this.store;
    const block = this.blocks.get(dropped + head);
    if (!block) return undefined;
    const now = (key) => (key < 0 ? -1 : key - dropped);
    const { first, last, result, urc, prompt, payload } = block;
    return {
      first: Math.max(0, first - dropped),
      last: now(last),
      result: now(result),
      urc: now(urc),
      prompt: now(prompt),
      payload: payload.map(now).filter((i) => i >= 0),
    };
  }

  give(i, head) {
    if (i === head) return;
    this.store.columns.head.data[i] = head;
    this.store.mark(head, this.store.flags(i) & ~FLAG.own);
    this.moved.push(i);
    const block = this.kept(head);
    if (!block) return;
    const key = this.store.dropped + i;
    block.first = Math.min(block.first, key);
    block.last = Math.max(block.last, key);
  }

  kept(head) {
    return this.blocks.get(this.store.dropped + head);
  }
  begin(head) {
    const key = this.store.dropped + head;
    const made = { first: key, last: key, result: -1, urc: -1, prompt: -1, payload: [] };
    this.blocks.set(key, made);
    return made;
  }

  heard(channel, i) {
    if (channel.open >= 0 && channel.prompted) {
      this.kept(channel.open)?.payload.push(this.store.dropped + i);
      return this.give(i, channel.open);
    }
    channel.heard.push(i);
    if (channel.heard.length > MOST_PENDING) channel.heard.shift();
    return undefined;
  }

  said(channel, i, event) {
    if (!event.echo) channel.said.push(i);
    else if (channel.open >= 0) this.give(i, channel.open);
    else channel.heard.push(i);
    if (channel.said.length > MOST_PENDING) channel.said.shift();
  }

  take(list, head) {
    for (const each of list) this.give(each, head);
    list.length = 0;
  }

  begun(channel, i, event) {
    channel.open = i;
    channel.prompted = false;
    this.begin(i);
    this.take(channel.heard, i);
    channel.name = /^[+&^]?[A-Z0-9]+/i.exec(event.line)?.[0]?.toUpperCase() ?? '';
  }

  part(channel, i) {
    if (channel.open < 0) return;
    this.give(i, channel.open);
    const block = this.kept(channel.open);
    if (block) block.prompt = this.store.dropped + i;
    this.take(channel.said, channel.open);
  }

  ended(channel, i, event) {
    const head = channel.open >= 0 ? channel.open : i;
    const block = this.kept(head) ?? this.begin(head);
    if (head === i) this.take(channel.heard, i);
    this.take(channel.said, head);
    block.result = this.store.dropped + i;
    this.give(i, head);
    channel.open = -1;
    channel.prompted = false;
    if (event.line !== 'OK' || NO_OUTCOME.has(channel.name) || !channel.name?.startsWith('+')) return;
    const [, first, second] = /=(-?\d+)(?:,(-?\d+))?/.exec(event.command ?? '') ?? [];
    channel.waiting.push({ head, name: channel.name, first, second });
    if (channel.waiting.length > MOST_WAITING) channel.waiting.shift();
  }

  unsolicited(channel, i, event) {
    const [, name, first, second] = /^(\+\w+): (-?\d+)?(?:,(-?\d+))?/.exec(event.line) ?? [];
    const place = name ? channel.waiting.findIndex((one) => fits(one, name, first, second)) : -1;
    if (place < 0) return this.take(channel.said, i);
    const { head } = channel.waiting[place];
    channel.waiting.splice(place, 1);
    this.take(channel.said, head);
    const block = this.kept(head);
    if (block) block.urc = this.store.dropped + i;
    return this.give(i, head);
  }

  /// The first `count` events are gone, from the store already.
  drop(count) {
    // Heads come in ascending order.
    for (const key of this.blocks.keys()) {
      if (key >= this.store.dropped) break;
      this.blocks.delete(key);
    }
    for (const channel of this.channels.values()) {
      channel.open = channel.open >= count ? channel.open - count : -1;
      const shift = (list) => list.filter((i) => i >= count).map((i) => i - count);
      channel.heard = shift(channel.heard);
      channel.said = shift(channel.said);
      channel.waiting = channel.waiting
        .filter((one) => one.head >= count)
        .map((one) => ({ ...one, head: one.head - count }));
    }
    this.moved = [];
  }

  /// A program that was started anew continues nothing.
  restart() {
    this.channels.clear();
  }

  /// The events of a block, its head among them, in their order.
  members(head) {
    const block = this.block(head);
    const found = [];
    if (!block) {
      for (let i = Math.max(0, head - MOST_PENDING); i < head; i += 1)
        if (this.store.head(i) === head) found.push(i);
      return [...found, head];
    }
    for (let i = block.first; i <= block.last; i += 1)
      if (i === head || this.store.head(i) === head) found.push(i);
    return found;
  }
}

/// Whether a URC is the outcome of a command that waits for one.
function fits(waiting, name, first, second) {
  if (waiting.name !== name) return false;
  if (!name.startsWith('+QMT')) return true;
  if (waiting.first !== first) return false;
  return !/^\+QMT(SUB|UNS|PUB|PUBEX)$/.test(name) || waiting.second === second;
}
