// The panel about one event: what it is, why it came about, its payload, its parts, and all members
// as the journal has them. Every other event that is named is a link to it.
// Made anew for each event that is chosen.

import { copyButton, el } from './dom.js';
import { drawn, outcome, took } from './describe.js';
import { payloadOf, payloadView } from './payload.js';
import { needsWhy, shortly, whyOf } from './why.js';

const MOST_PARTS = 200;

export class EventPanel {
  /// `on` has go(event), fold(event), link(event) -> address, and of the manual entry(event) -> entry
  /// or null, meanings(event) -> sentences, entryLink(id) -> address and showEntry(id).
  constructor(panel, on) {
    this.panel = panel;
    this.on = on;
    this.clear();
  }

  clear() {
    this.panel.replaceChildren(
      el(
        'p',
        { class: 'hint' },
        'Choose an event of the lanes: what it carried and why it came about is shown here.',
      ),
    );
  }

  show(session, view, i) {
    this.session = session;
    const { store, folder } = session;
    const event = store.get(i);
    const head = folder.has(i) ? i : store.head(i);
    const parts = [this.title(i, event), this.timing(i, event)];
    if (needsWhy(session, i)) parts.push(this.why(i));
    const payload = payloadOf(session, i);
    if (payload?.length > 0) parts.push(payloadView(payload, event.payload_length));
    if (head >= 0) parts.push(this.parts(head, view));
    parts.push(this.members(i, event));
    this.panel.replaceChildren(...parts.filter(Boolean));
    this.panel.scrollTop = 0;
  }

  title(i, event) {
    const shape = drawn(event);
    return el(
      'div',
      {},
      el('h2', { id: 'event-title' }, `Event ${this.session.store.seq(i)}: ${event.kind}`),
      el('p', { class: 'mono said' }, shape.text),
      this.entry(event),
      el(
        'p',
        {},
        el('a', { href: this.on.link(i), class: 'permalink' }, 'Link to this event'),
        ' ',
        copyButton(() => new URL(this.on.link(i), location.href).href, 'the link'),
      ),
    );
  }

  /// What the manual says of the command or URC.
  entry(event) {
    const entry = this.on.entry?.(event);
    if (!entry) return null;
    const id = entry.id;
    const show = (clicked) => {
      clicked.preventDefault();
      this.on.showEntry(id);
    };
    const name = `${entry.name}${entry.key ? `="${entry.key}"` : ''}`;
    return el(
      'p',
      { class: 'entry-link' },
      'Manual: ',
      el('a', { href: this.on.entryLink(id), onclick: show, class: 'mono' }, name),
      entry.summary ? ` ${entry.summary}` : '',
    );
  }

  timing(i, event) {
    const { store, folder } = this.session;
    const said = [`At ${store.t(i).toFixed(6)} s`];
    if (folder.has(i)) said.push(outcome(this.session, i));
    if (event.took !== undefined && event.limit > 0) {
      const share = Math.round((100 * event.took) / event.limit);
      said.push(`${took(event.took)} of at most ${took(event.limit)} (${share} %)`);
    }
    return el('p', { class: 'timing' }, said.filter(Boolean).join(' · '));
  }

  why(i) {
    const steps = whyOf(this.session, i).map((step) => {
      if (step.event < 0) return el('li', {}, step.text);
      return el('li', {}, this.linkTo(step.event), ' ', el('span', { class: 'role' }, step.text));
    });
    const list =
      steps.length > 0
        ? el('ol', { id: 'why', class: 'why' }, steps)
        : el('p', { id: 'why' }, 'The journal has nothing that explains it.');
    return el('section', { 'aria-label': 'Why' }, el('h3', {}, 'Why'), list, this.noteSays(i));
  }

  /// The clause of the note about the outcome, and what it says to do.
  noteSays(i) {
    const { store, folder } = this.session;
    const outcome = folder.block(i)?.urc ?? -1;
    const said = [i, outcome].flatMap((n) => (n < 0 ? [] : (this.on.meanings?.(store.get(n)) ?? [])));
    if (said.length === 0) return null;
    return el(
      'ul',
      { id: 'note-says', 'aria-label': 'What the note says' },
      said.map((text) => el('li', {}, text)),
    );
  }

  linkTo(i) {
    const { store } = this.session;
    const shape = drawn(store.get(i));
    const text = shortly(this.session, i) ?? (shape.more ? `${shape.text}: ${shape.more}` : shape.text);
    const go = (event) => {
      event.preventDefault();
      this.on.go(i);
    };
    return el(
      'a',
      { href: this.on.link(i), onclick: go, class: 'mono', 'data-seq': store.seq(i) },
      `#${store.seq(i)} ${store.t(i).toFixed(3)} ${store.kind(i)}: ${text}`,
    );
  }

  parts(head, view) {
    const members = this.session.folder.members(head);
    if (members.length < 2) return null;
    const open = view.isUnfolded(head);
    const shown = members.slice(0, MOST_PARTS);
    const left = members.length - shown.length;
    return el(
      'section',
      { 'aria-label': 'Parts of the command' },
      el('h3', {}, `${members.length} events belong together`),
      el(
        'button',
        { type: 'button', id: 'unfold', 'aria-pressed': String(open), onclick: () => this.on.fold(head) },
        open ? 'Fold them' : 'Show them in the lanes',
      ),
      el(
        'ul',
        { class: 'parts' },
        shown.map((i) => el('li', {}, this.linkTo(i))),
        left > 0 ? el('li', {}, `and ${left} more`) : null,
      ),
    );
  }

  members(i, event) {
    const rows = Object.entries(event).map(([name, value]) =>
      el(
        'tr',
        {},
        el('th', { scope: 'row' }, name),
        el('td', { class: 'mono' }, typeof value === 'string' ? value : JSON.stringify(value)),
      ),
    );
    return el(
      'section',
      { 'aria-label': 'Members' },
      el('h3', {}, 'As the journal has it'),
      el('table', { class: 'members' }, el('tbody', {}, rows)),
    );
  }
}
