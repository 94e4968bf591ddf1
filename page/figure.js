// The lanes of one session with all that goes with them: tools, rows, the panel of the chosen event,
// and the address of the page. Made anew when another modem is chosen.
// Where these parts have to know of one another, they do it through this one.

import { byId, put } from './dom.js';
import { FLAG } from './store.js';
import { Filter } from './filter.js';
import { complaintAboutText, textTest } from './text_test.js';
import { isTopicFilter } from './judge.js';
import { View } from './view.js';
import { Lanes } from './lanes.js';
import { Tools } from './tools.js';
import { placeOf, writePlace } from './place.js';

const PROBLEM = FLAG.error | FLAG.lint | FLAG.loss;

export class Figure {
  /// `to` is the event panel and has shown(event); `showView` brings a panel to the front.
  constructor(session, place, eventPanel, showView) {
    this.session = session;
    this.modem = place.modem;
    this.eventPanel = eventPanel;
    this.showView = showView;
    this.wanted = place.seq ? place : null; // an event of the address that has not come yet
    this.view = new View(session);
    this.view.filter = place.filter;
    this.view.prepare();
    this.view.rebuild();
    this.lanes = new Lanes(byId('lanes'), this.view, {
      pick: (i) => this.pick(i),
      open: (i) => this.open(i),
      fold: (i, open) => this.fold(i, open),
      follow: () => this.shown(),
      drawn: () => this.shown(),
      entry: eventPanel.on.entry,
      showEntry: (i) => {
        this.lanes.pick(i);
        eventPanel.on.showEntry(eventPanel.on.entry(session.store.get(i)).id);
      },
    });
    this.tools = new Tools(byId('tools'), this.view.filter, {
      changed: () => this.filterChanged(),
      search: (step, text) => this.search(step, text),
      error: (step) => this.nextError(step),
      follow: () => this.follow(),
      pause: () => this.pause(),
    });
    this.view.listeners.push((what) => this.changed(what));
    if (this.wanted) this.lanes.follow(false);
    if (place.missing) this.note = `There is no modem ${place.missing}; this is ${session.modem}`;
    this.goWanted();
  }

  close() {
    this.lanes.close();
  }

  get store() {
    return this.session.store;
  }
  get selected() {
    return this.lanes.selected < 0 ? -1 : this.lanes.selected - this.store.dropped;
  }

  placeOfEvent(i) {
    const run = this.store.runOf(i);
    const isLast = run === this.store.runs.length - 1;
    return {
      modem: this.modem,
      seq: this.store.seq(i),
      run: isLast ? undefined : run,
      of: isLast ? this.session.runName : undefined,
      filter: this.view.filter,
    };
  }
  link(i) {
    return placeOf(this.placeOfEvent(i));
  }
  writePlace() {
    const i = this.chosen ?? -1;
    const bare = { modem: this.modem, seq: 0, filter: this.view.filter };
    writePlace(i >= 0 ? this.placeOfEvent(i) : bare);
  }

  pick(i) {
    this.chosen = i;
    this.eventPanel.show(this.session, this.view, i);
    this.writePlace();
  }
  open(i) {
    this.pick(i);
    this.showView('event', true);
  }

  /// Goes to event i, even if the filter does not show it.
  async go(i) {
    if (this.view.rowOf(this.view.shownBy(i)) < 0) {
      if (this.view.isFolded(i)) this.view.unfold(this.store.head(i), true);
      if (this.view.rowOf(i) < 0) await this.useFilter(new Filter());
    }
    this.lanes.select(i, true);
    this.pick(i);
  }

  fold(i, open) {
    const head = this.session.folder.has(i) ? i : this.store.head(i);
    if (head < 0) return;
    this.view.unfold(head, open ?? !this.view.isUnfolded(head));
    this.lanes.select(this.view.shownBy(i));
    this.pick(this.view.shownBy(i));
  }

  async useFilter(filter) {
    this.tools.use(filter);
    await this.view.use(filter);
    this.writePlace();
  }
  async filterChanged() {
    const { text, topic } = this.view.filter;
    this.note = complaintAboutText(text) || (isTopicFilter(topic) ? '' : `${topic} is no topic filter`);
    await this.view.use(this.view.filter);
    if (this.selected >= 0) this.lanes.select(this.selected);
    this.writePlace();
  }

  async goTo(row) {
    if (row < 0) return false;
    const i = this.view.at(row);
    this.lanes.select(i, true);
    this.pick(i);
    return true;
  }
  startRow(step) {
    if (this.lanes.row >= 0) return this.lanes.row;
    const { first, length } = this.lanes.sight;
    return step > 0 ? first - 1 : Math.min(length, first + 1);
  }
  async search(step, text) {
    if (!text) return;
    this.note = complaintAboutText(text);
    if (this.note) return this.shown();
    const test = textTest(text);
    const isLike = (i) => this.partsOf(i).some((part) => test(this.store, part));
    this.note = (await this.goTo(await this.view.find(this.startRow(step), step, isLike)))
      ? ''
      : `Nothing has “${text}”`;
    this.shown();
  }
  partsOf(i) {
    return this.view.filter.fold && !this.view.isUnfolded(i) && this.session.folder.has(i)
      ? this.session.folder.members(i)
      : [i];
  }
  async nextError(step) {
    const isLike = (i) => (this.store.flags(i) & PROBLEM) !== 0;
    this.note = (await this.goTo(await this.view.find(this.startRow(step), step, isLike)))
      ? ''
      : 'There is no error in these rows';
    this.shown();
  }

  follow() {
    this.lanes.follow(!this.lanes.following);
    this.shown();
  }
  pause() {
    this.view.pause(!this.view.paused);
    this.shown();
  }

  changed(what) {
    if (what === 'dropped' && this.chosen !== undefined) this.chosen = undefined;
    this.goWanted();
    this.tools.channels(this.store.channels);
    // What only comes on top is told when it is drawn.
    if (what !== 'more') this.shown();
  }

  goWanted() {
    if (!this.wanted || this.view.busy) return;
    if (this.wanted.of && !this.session.runName) return; // not known yet
    if (this.wanted.of && this.wanted.of !== this.session.runName) {
      this.note = `Event ${this.wanted.seq} of the link is of another run of the program`;
      this.wanted = null;
      this.shown();
      return;
    }
    const i = this.store.find(this.wanted.seq, this.wanted.run);
    if (i < 0) {
      if (this.store.lastSeq > this.wanted.seq)
        this.note = `Event ${this.wanted.seq} of the link is not here any more`;
      return;
    }
    this.note = '';
    this.wanted = null;
    this.go(i);
  }

  say(note) {
    this.note = note;
    this.shown();
  }

  shown() {
    const { view, store } = this;
    this.tools?.state(this.lanes.following, view.paused);
    const parts = [`${view.length.toLocaleString('en')} rows of ${store.length.toLocaleString('en')} events`];
    if (store.dropped > 0) parts.push(`${store.dropped.toLocaleString('en')} older ones let go by this page`);
    if (store.lost > 0)
      parts.push(`${store.lost.toLocaleString('en')} lost before this page could read them`);
    if (view.paused) parts.push(`paused, ${view.waiting.toLocaleString('en')} new`);
    if (view.busy) parts.push('looking through the events …');
    if (this.note) parts.push(this.note);
    put(byId('count'), parts.join(' · '));
  }
}
