// One row of the lanes: elements that are made once and filled again and again as the figure is
// scrolled. A row is an option of the list: time, number, the arrow or note, what it says, marks.
// What an event says is told by describe.js; where it stands, by lanes.css.

import { el, put } from './dom.js';
import { drawn, marksOf, outcome } from './describe.js';

const COLUMNS = ['host', 'modem', 'link', 'broker'];

/// A bare AT is known by its result alone; a note has all that it says in one place.
function inRow(shape, event, isHead) {
  if (isHead && event.kind === 'result') return { from: 0, to: 1, text: `AT${event.command}`, more: '' };
  if (shape.from !== shape.to || shape.from === 0 || !shape.more) return shape;
  return { ...shape, text: `${shape.text}: ${shape.more}`, more: '' };
}

export class LaneRow {
  /// `on` has pick(event), fold(event), entry(event) -> entry of the manual or null, showEntry(event).
  constructor(on) {
    this.on = on;
    this.time = el('span', { class: 'time' });
    this.fold = el('span', { class: 'fold', 'aria-hidden': 'true' });
    this.arrow = el('span', { class: 'arrow', 'aria-hidden': 'true' });
    this.text = el('span', { class: 'text' });
    this.book = el('span', { class: 'book', 'aria-hidden': 'true' }, '?');
    this.more = el('span', { class: 'more' });
    this.marks = el('span', { class: 'marks' });
    this.element = el(
      'div',
      { class: 'row', role: 'option' },
      this.time,
      this.fold,
      this.arrow,
      this.text,
      this.book,
      this.more,
      this.marks,
    );
    this.row = -1;
    this.element.addEventListener('click', (event) => {
      if (event.target === this.fold && this.foldable) on.fold(this.event);
      else if (event.target === this.book) on.showEntry(this.event);
      else on.pick(this.event);
    });
  }

  /// Shows event i of the session.
  fill(session, view, row, i) {
    const { store, folder } = session;
    const event = store.get(i);
    const isHead = folder.has(i) && view.filter.fold;
    const shape = inRow(drawn(event), event, isHead);
    this.row = row;
    this.event = i;
    const block = isHead ? folder.block(i) : null;
    this.foldable = isHead && block.last > block.first;
    put(this.time, store.t(i).toFixed(3));
    this.time.title = `${store.t(i).toFixed(6)} s, event ${store.seq(i)}`;
    put(this.fold, this.foldable ? (view.isUnfolded(i) ? '▾' : '▸') : '');
    put(this.text, shape.text);
    this.fillBook(this.on.entry(event));
    put(this.more, isHead ? outcome(session, i) : shape.more);
    this.fillMarks(store.flags(i));
    this.shape(event, shape, isHead, view.filter.fold && store.head(i) >= 0);
    this.element.id = `event-${store.dropped + i}`;
    this.element.setAttribute('aria-posinset', row + 1);
    this.element.dataset.seq = store.seq(i);
  }

  /// A click on it shows the entry of the manual; with keys, the panel of the event has the link.
  fillBook(entry) {
    this.book.classList.toggle('hidden', !entry);
    this.book.title = entry ? `Manual: ${entry.name}` : '';
  }

  fillMarks(flags) {
    const names = marksOf(flags);
    const wanted = names.join(' ');
    if (this.marks.dataset.names === wanted) return;
    this.marks.dataset.names = wanted;
    this.marks.replaceChildren(...names.map((name) => el('span', { class: `mark ${name}` }, name)));
  }

  shape(event, { from, to }, isBlock, isPart) {
    const classes = ['row', `kind-${event.kind}`, from === to ? 'note' : to > from ? 'right' : 'left'];
    if (isBlock) classes.push('block');
    if (isPart) classes.push('part');
    const flags = this.marks.dataset.names;
    if (flags) classes.push(...flags.split(' ').map((name) => `is-${name}`));
    classes.push(`from-${COLUMNS[from]}`, `to-${COLUMNS[to]}`);
    if (Number.isInteger(event.client)) classes.push(`client-${event.client}`);
    const wanted = classes.join(' ');
    if (this.element.className !== wanted) this.element.className = wanted;
  }

  select(selected) {
    this.element.setAttribute('aria-selected', String(selected));
  }

  place(y) {
    if (this.y === y) return;
    this.y = y;
    this.element.style.transform = `translateY(${y}px)`;
  }

  hide() {
    this.row = -1;
    this.event = -1;
    this.place(-1000);
    this.element.removeAttribute('id');
    this.element.classList.add('hidden');
  }
}
