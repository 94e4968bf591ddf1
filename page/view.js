// The rows that are shown: numbers of events in their order, chosen by a Filter, commands folded
// into one row unless they are unfolded. Goes with the session as events come; a change of filter
// that has to look into events works in portions, so that the page stays usable meanwhile.

import { Column } from './column.js';
import { Filter } from './filter.js';
import { textTest } from './text_test.js';

const PORTION_MS = 10;

export class View {
  constructor(session) {
    this.session = session;
    this.rows = new Column(Int32Array);
    this.filter = new Filter();
    this.unfolded = new Set(); // heads, counted with the events that are gone
    this.paused = false;
    this.seen = 0; // events that are in, or not wanted
    this.listeners = [];
    this.work = 0; // which rebuild is the last that was begun
    this.busy = false;
    session.on('events', (from, moved) => this.more(moved));
    session.on('dropped', (count) => this.drop(count));
    this.prepare();
  }

  get length() {
    return this.rows.length;
  }
  at(row) {
    return this.rows.data[row];
  }
  get waiting() {
    return this.session.store.length - this.seen;
  }
  tell(what) {
    for (const listener of this.listeners) listener(what);
  }

  prepare() {
    this.test = this.filter.text ? textTest(this.filter.text) : null;
  }

  isUnfolded(head) {
    return this.unfolded.has(this.session.store.dropped + head);
  }
  /// Whether the event is shown within the row of another one.
  isFolded(i) {
    const head = this.session.store.head(i);
    return head >= 0 && this.filter.fold && !this.isUnfolded(head);
  }

  /// Which row event i has, if it has one.
  rowOf(i) {
    const place = this.rows.lowerBound(i);
    return place < this.length && this.at(place) === i ? place : -1;
  }

  /// The event whose row shows event i.
  shownBy(i) {
    return this.isFolded(i) ? this.session.store.head(i) : i;
  }

  wants(i) {
    const { store } = this.session;
    const shown = this.shownBy(i);
    const numbers = this.filter.byNumbers(this.session);
    return numbers(shown) && this.filter.hasTopic(this.session, shown) && (!this.test || this.test(store, i));
  }

  insert(i) {
    const last = this.length > 0 ? this.at(this.length - 1) : -1;
    if (i > last) return this.rows.push(i);
    const place = this.rows.lowerBound(i);
    if (this.at(place) !== i) this.rows.insert(place, i);
    return undefined;
  }

  more(moved) {
    if (this.paused || this.busy) return;
    for (const i of moved) this.refold(i);
    this.catchUp();
    this.tell('more');
  }

  refold(i) {
    if (i >= this.seen || !this.isFolded(i)) return;
    const row = this.rowOf(i);
    if (row >= 0) this.rows.remove(row);
    if (this.test && this.wants(i)) this.insert(this.shownBy(i));
  }

  catchUp() {
    const { store } = this.session;
    const numbers = this.filter.byNumbers(this.session);
    for (let i = this.seen; i < store.length; i += 1) {
      if (this.filter.looksInside) {
        if (this.wants(i)) this.insert(this.shownBy(i));
      } else if (!this.isFolded(i) && numbers(i)) this.insert(i);
    }
    this.seen = store.length;
  }

  pause(paused) {
    this.paused = paused;
    if (!paused) this.rebuild();
    this.tell('paused');
  }

  /// Another filter, or the same with changes.
  async use(filter) {
    this.filter = filter;
    this.prepare();
    await this.rebuild();
  }

  /// Of a command that is unfolded all parts are shown, whatever the filter is.
  unfold(head, open) {
    const key = this.session.store.dropped + head;
    if (open) this.unfolded.add(key);
    else this.unfolded.delete(key);
    const members = this.session.folder.members(head);
    for (const i of members) {
      if (i === head) continue;
      const row = this.rowOf(i);
      if (!open && row >= 0) this.rows.remove(row);
      if (open && row < 0 && i < this.seen) this.insert(i);
    }
    this.tell('rebuilt');
  }

  /// All rows anew.
  async rebuild() {
    const work = (this.work += 1);
    const { store } = this.session;
    this.busy = true;
    const hits = new Uint8Array(store.length);
    const complete = this.filter.looksInside ? await this.search(hits, work) : this.scan(hits);
    if (!complete) return;
    this.rows.clear();
    for (let i = 0; i < hits.length; i += 1) if (hits[i] === 1) this.rows.push(i);
    this.seen = hits.length;
    this.busy = false;
    this.catchUp();
    this.tell('rebuilt');
  }

  scan(hits) {
    const numbers = this.filter.byNumbers(this.session);
    for (let i = 0; i < hits.length; i += 1) if (!this.isFolded(i) && numbers(i)) hits[i] = 1;
    return true;
  }

  async search(hits, work) {
    const { store } = this.session;
    const numbers = this.filter.byNumbers(this.session);
    const { dropped } = store;
    let until = performance.now() + PORTION_MS;
    for (let i = 0; i < hits.length; i += 1) {
      const shown = this.shownBy(i);
      if (
        hits[shown] === 0 &&
        numbers(shown) &&
        (!this.test || this.test(store, i)) &&
        this.filter.hasTopic(this.session, shown)
      )
        hits[shown] = 1;
      if ((i & 127) !== 0 || performance.now() < until) continue;
      this.tell('searching');
      await new Promise((done) => setTimeout(done));
      if (work !== this.work) return false;
      if (store.dropped !== dropped) {
        this.rebuild();
        return false;
      }
      until = performance.now() + PORTION_MS;
    }
    return true;
  }

  drop(count) {
    const gone = this.rows.lowerBound(count);
    this.rows.drop(gone);
    for (let row = 0; row < this.length; row += 1) this.rows.data[row] -= count;
    this.seen = Math.max(0, this.seen - count);
    this.tell('dropped');
    if (this.busy) this.rebuild();
  }

  /// The next row behind `row` (before it, with step -1) that is like that, or -1; from the other
  /// end, if there is none. Works in portions.
  async find(row, step, isLike) {
    const work = (this.finding = (this.finding ?? 0) + 1);
    let until = performance.now() + PORTION_MS;
    const { length } = this;
    for (let n = 1; n <= length; n += 1) {
      const place = (((row + n * step) % length) + length) % length;
      if (isLike(this.at(place))) return place;
      if ((n & 127) !== 0 || performance.now() < until) continue;
      await new Promise((done) => setTimeout(done));
      if (work !== this.finding) return -1;
      until = performance.now() + PORTION_MS;
    }
    return -1;
  }
}
