// The figure itself: a list of any length of which only the rows in sight exist. Keeps its own
// place in pixels, since elements cannot be as high as a million rows everywhere; follows the end
// until the person scrolls up; is moved through with the keyboard as a list box is.

import { el, put } from './dom.js';
import { LaneRow } from './lane_row.js';

const HIGHEST = 8_000_000; // what all browsers can lay out
const NEAR = 2; // px from the end that count as the end
const CALM = 200; // ms between two drawings that nobody asked for: the host has the machine too

export class Lanes {
  /// `on` has pick(event), fold(event), follow(boolean), and what a row asks of the manual.
  constructor(scroller, view, on) {
    this.scroller = scroller;
    this.view = view;
    this.on = on;
    this.rows = [];
    this.position = 0;
    this.written = 0;
    this.following = true;
    this.anchor = null; // the event that stays where it is seen while rows above it come and go
    this.selected = -1; // an event, counted with those that are gone
    this.space = el('div', { class: 'space', 'aria-hidden': 'true' });
    this.port = el('div', { class: 'port', role: 'presentation' });
    this.build();
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(scroller);
    view.listeners.push((what) => this.changed(what));
    this.resize();
  }

  build() {
    this.scroller.replaceChildren(this.port, this.space);
    const listen = (name, listener, options) =>
      this.scroller.addEventListener(name, listener, { signal: this.gone.signal, ...options });
    this.gone = new AbortController();
    listen('scroll', () => this.scrolled(), { passive: true });
    listen('wheel', (event) => this.wheel(event), { passive: false });
    listen('keydown', (event) => this.key(event));
  }

  close() {
    this.gone.abort();
    clearTimeout(this.later);
    this.observer.disconnect();
  }

  get store() {
    return this.view.session.store;
  }
  get total() {
    return this.view.length * this.rowHeight;
  }
  get end() {
    return Math.max(0, this.total - this.height);
  }
  /// Of a pixel of the scroll bar, pixels of the list.
  get scale() {
    const room = this.spaceHeight - this.height;
    return this.total > HIGHEST && room > 0 ? this.end / room : 1;
  }

  resize() {
    const height = parseFloat(getComputedStyle(this.scroller).getPropertyValue('--row-height'));
    this.rowHeight = height || 28;
    this.height = this.scroller.clientHeight;
    const bar = this.scroller.offsetWidth - this.scroller.clientWidth;
    this.scroller.parentElement.style.setProperty('--bar', `${bar}px`);
    const wanted = Math.ceil(this.height / this.rowHeight) + 2;
    while (this.rows.length < wanted) {
      const row = new LaneRow({
        pick: (i) => this.pick(i),
        fold: (i) => this.on.fold(i),
        entry: (event) => this.on.entry?.(event) ?? null,
        showEntry: (i) => this.on.showEntry?.(i),
      });
      this.rows.push(row);
      this.port.append(row.element);
    }
    for (const row of this.rows.splice(wanted)) row.element.remove();
    this.port.style.height = `${this.height}px`;
    this.changed('rebuilt');
  }

  changed(what) {
    if (what === 'searching') return;
    if (what !== 'more') for (const row of this.rows) row.row = -1;
    this.stale = true;
    if (what === 'more') this.scheduleCalmly();
    else this.schedule();
  }

  scheduleCalmly() {
    const left = (this.drawnAt ?? -CALM) + CALM - performance.now();
    if (left <= 0) return this.schedule();
    this.later ??= setTimeout(() => {
      this.later = null;
      this.schedule();
    }, left);
    return undefined;
  }

  schedule() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.draw();
    });
  }

  draw() {
    this.drawnAt = performance.now();
    const wanted = Math.min(HIGHEST, this.total);
    if (this.spaceHeight !== wanted) {
      this.spaceHeight = wanted;
      this.space.style.height = `${Math.max(0, wanted - this.height)}px`;
    }
    this.position = this.within(this.following ? this.end : this.anchored());
    this.writeScroll();
    const first = Math.floor(this.position / this.rowHeight);
    const { chosen } = this;
    for (let n = 0; n < this.rows.length; n += 1) this.drawRow(first + n, chosen);
    this.stale = false;
    this.active(chosen);
    this.on.drawn?.();
  }

  drawRow(index, chosen) {
    const { length } = this.view;
    const row = this.rows[index % this.rows.length];
    if (index >= length) return row.hide();
    const i = this.view.at(index);
    if (row.row !== index || this.stale || row.event !== i) row.fill(this.view.session, this.view, index, i);
    row.select(i === chosen);
    row.element.setAttribute('aria-setsize', length);
    return row.place(index * this.rowHeight - this.position);
  }

  active(chosen) {
    const id = `event-${this.store.dropped + chosen}`;
    const shown = this.rows.some((row) => row.element.id === id);
    if (shown) this.scroller.setAttribute('aria-activedescendant', id);
    else this.scroller.removeAttribute('aria-activedescendant');
  }

  writeScroll() {
    const top = Math.round(this.position / this.scale);
    if (Math.abs(this.scroller.scrollTop - top) >= 1) this.scroller.scrollTop = top;
    this.written = this.scroller.scrollTop;
  }

  scrolled() {
    const top = this.scroller.scrollTop;
    if (Math.abs(top - this.written) < 1) return;
    const up = top < this.written;
    this.written = top;
    this.moveTo(top * this.scale, up);
  }

  within(position) {
    return Math.max(0, Math.min(this.end, position));
  }

  /// From now on the row of `row` stays where it is seen when the list is at `position`.
  hold(row, position) {
    const { length } = this.view;
    if (length === 0) return;
    const held = Math.min(row, length - 1);
    this.anchor = { event: this.store.dropped + this.view.at(held), below: held * this.rowHeight - position };
  }

  /// Where the list has to be for what is held.
  anchored() {
    const i = this.anchor ? this.anchor.event - this.store.dropped : -1;
    const row = i < 0 ? -1 : this.view.rowOf(this.view.shownBy(i));
    return row < 0 ? this.position : row * this.rowHeight - this.anchor.below;
  }

  moveTo(position, up) {
    this.position = this.within(position);
    this.hold(Math.floor(this.position / this.rowHeight), this.position);
    if (up && this.position < this.end - NEAR) this.follow(false);
    else if (!up && this.position >= this.end - NEAR) this.follow(true);
    this.schedule();
  }

  wheel(event) {
    if (event.ctrlKey || event.deltaY === 0) return;
    event.preventDefault();
    const unit = event.deltaMode === 1 ? this.rowHeight : event.deltaMode === 2 ? this.height : 1;
    this.moveTo(this.position + event.deltaY * unit, event.deltaY < 0);
  }

  follow(following) {
    if (this.following === following) return;
    this.following = following;
    if (!following) this.hold(Math.floor(this.position / this.rowHeight), this.position);
    this.on.follow(following);
    this.schedule();
  }

  /// What shows the selected event by now, or -1.
  get chosen() {
    const i = this.selected - this.store.dropped;
    return this.selected < 0 || i < 0 ? -1 : this.view.shownBy(i);
  }
  /// The selected event's row, or -1.
  get row() {
    return this.chosen < 0 ? -1 : this.view.rowOf(this.chosen);
  }

  pick(i) {
    this.select(i);
    this.on.pick(i);
  }

  /// Selects event i, or what shows it, and brings it into sight.
  select(i, middle = false) {
    const shown = i < 0 ? -1 : this.view.shownBy(i);
    this.selected = shown < 0 ? -1 : this.store.dropped + shown;
    const { row } = this;
    if (row >= 0) this.reveal(row, middle);
    this.schedule();
    return row >= 0;
  }

  reveal(row, middle) {
    const top = row * this.rowHeight;
    let position = this.following ? this.position : this.within(this.anchored());
    if (middle) position = top - (this.height - this.rowHeight) / 2;
    else if (top < position) position = top;
    else if (top + this.rowHeight > position + this.height) position = top + this.rowHeight - this.height;
    if (row < this.view.length - 1) this.follow(false);
    this.position = this.within(position);
    this.hold(row, position);
    this.schedule();
  }

  key(event) {
    const page = Math.max(1, Math.floor(this.height / this.rowHeight) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    const last = this.view.length - 1;
    if (last < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const now = this.row >= 0 ? this.row : Math.floor(this.position / this.rowHeight);
    if (event.key in steps) this.step(this.row < 0 ? now : now + steps[event.key]);
    else if (event.key === 'Home') this.step(0);
    else if (event.key === 'End') this.step(last);
    else if (event.key === 'Enter' && this.row >= 0) this.on.open?.(this.view.at(this.row));
    else if ((event.key === 'ArrowRight' || event.key === 'ArrowLeft') && this.row >= 0)
      this.on.fold(this.view.at(this.row), event.key === 'ArrowRight');
    else return;
    event.preventDefault();
  }

  step(row) {
    const last = this.view.length - 1;
    const wanted = Math.max(0, Math.min(last, row));
    this.pick(this.view.at(wanted));
    if (wanted === last) this.follow(true);
  }

  /// How many rows there are, and which is the first in sight: for whoever says so.
  get sight() {
    return { first: Math.floor(this.position / this.rowHeight), length: this.view.length };
  }
}

/// The names above the lanes.
export function laneNames(header) {
  header.replaceChildren(
    el('span', { class: 'time' }, 'time'),
    ...['host', 'modem', 'link', 'broker'].map((name) => {
      const label = el('span', { class: `lane lane-${name}` });
      put(label, name);
      return label;
    }),
  );
}
