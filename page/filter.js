// Which events a person wants to see: kinds, client, channel, topic, text, and whether commands are
// folded. Can be written into the address of the page and read from it. A row is one event, or a
// command with all that belongs to it: the row is wanted when one of them has the text.

import { KINDS } from './store.js';
import { filterTakes, topicsOf } from './judge.js';

/// Not shown unless asked for: they explain, and are many.
export const USUALLY_OFF = ['timer'];
const TOPICAL = new Set(['packet', 'urc', 'command']);

export class Filter {
  constructor() {
    this.kinds = new Set(KINDS.filter((kind) => !USUALLY_OFF.includes(kind)));
    this.client = -1;
    this.channel = '';
    this.topic = '';
    this.text = '';
    this.fold = true;
  }

  /// What differs from the usual, for the address.
  write(parameters) {
    const usual = new Filter();
    const hidden = KINDS.filter((kind) => !this.kinds.has(kind)).join(',');
    const usuallyHidden = KINDS.filter((kind) => !usual.kinds.has(kind)).join(',');
    if (hidden !== usuallyHidden) parameters.set('hide', hidden || 'none');
    if (this.client >= 0) parameters.set('client', this.client);
    for (const name of ['channel', 'topic', 'text']) if (this[name]) parameters.set(name, this[name]);
    if (!this.fold) parameters.set('fold', '0');
  }

  static read(parameters) {
    const filter = new Filter();
    const hide = parameters.get('hide');
    if (hide !== null) filter.kinds = new Set(KINDS.filter((kind) => !hide.split(',').includes(kind)));
    if (/^[0-5]$/.test(parameters.get('client') ?? '')) filter.client = Number(parameters.get('client'));
    for (const name of ['channel', 'topic', 'text']) filter[name] = parameters.get(name) ?? '';
    filter.fold = parameters.get('fold') !== '0';
    return filter;
  }

  /// Whether something can only be told by looking into events.
  get looksInside() {
    return this.topic !== '' || this.text !== '';
  }

  /// A function of a session that says whether it wants the row of event i, by its numbers alone.
  byNumbers(session) {
    const { store } = session;
    const wanted = KINDS.map((kind) => this.kinds.has(kind));
    const { kind, client, channel } = store.columns;
    const named = this.channel ? store.channels.indexOf(this.channel) : -2;
    return (i) =>
      wanted[kind.data[i]] &&
      (this.client < 0 || client.data[i] === this.client) &&
      (named === -2 || channel.data[i] === named);
  }

  /// Whether event i has the topic that is asked for.
  hasTopic(session, i) {
    if (!this.topic) return true;
    if (!TOPICAL.has(session.store.kind(i))) return false;
    return topicsOf(session.store.get(i)).some(
      (topic) => topic !== '' && (topic === this.topic || filterTakes(this.topic, topic)),
    );
  }
}
