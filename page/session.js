// What has been seen of one modem: its store, the folding of commands, and the history of its
// signal and of its links; fed by a Feed or by lines that are embedded in the page. Tells listeners of what is new.
// A program that is started anew continues the same session, as another run.

import { FLAG, Store } from './store.js';
import { Folder } from './fold.js';
import { clientOf, flagsOf } from './judge.js';
import { LinkHistory } from './link_history.js';
import { SignalHistory } from './signal_history.js';

export class Session {
  constructor(modem, kept) {
    this.modem = modem;
    this.store = new Store(kept);
    this.folder = new Folder(this.store);
    this.signal = new SignalHistory();
    this.links = new LinkHistory();
    this.listeners = { events: [], dropped: [] };
    this.decoder = new TextDecoder();
  }

  /// `what` is events (from, moved) or dropped (count).
  on(what, listener) {
    this.listeners[what].push(listener);
  }
  tell(what, ...values) {
    for (const listener of this.listeners[what]) listener(...values);
  }

  position() {
    const { store } = this;
    for (let i = store.length - 1; i >= 0; i -= 1)
      if (!(store.flags(i) & FLAG.own))
        return store.runOf(i) === store.runs.length - 1
          ? { seq: store.seq(i), t: store.t(i), kind: store.kind(i) }
          : null;
    return null;
  }

  addLines(lines) {
    const from = this.store.length;
    for (const bytes of lines) this.addLine(bytes);
    this.announce(from);
  }

  addLine(bytes) {
    let event;
    try {
      event = JSON.parse(this.decoder.decode(bytes));
    } catch {
      return this.store.say('A line of the journal is no JSON', FLAG.loss);
    }
    if (event.kind === undefined) return this.addLoss(Number(event.lost) || 0);
    if (!Number.isFinite(event.seq) || !Number.isFinite(event.t)) return undefined;
    const i = this.store.add(bytes, event, flagsOf(event), clientOf(event));
    this.folder.see(i, event);
    this.signal.see(event);
    this.links.see(this.store.dropped + i, event);
    return i;
  }

  addLoss(count) {
    if (count <= 0) return;
    this.store.lost += count;
    const events = count === 1 ? '1 event is' : `${count} events are`;
    this.store.say(`${events} lost: the journal of the program does not have them any more`, FLAG.loss, {
      lost: count,
    });
  }

  /// The program is another one than before: its numbers and its time begin again.
  newRun() {
    const from = this.store.length;
    this.store.say('The program was started anew: numbers and time begin again', FLAG.own);
    this.store.runs.push(this.store.dropped + this.store.length);
    this.folder.restart();
    this.signal.clear();
    this.links.restart();
    this.announce(from);
  }

  announce(from) {
    const moved = this.folder.moved.filter((i) => i < from);
    this.folder.moved = [];
    this.tell('events', from, moved);
    const excess = this.store.excess;
    if (excess === 0) return;
    this.store.drop(excess);
    this.folder.drop(excess);
    this.tell('dropped', excess);
  }
}
