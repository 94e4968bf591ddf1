// The tools above the lanes: search with next and previous, next error, filters, folding, follow and
// pause. Shows what a Filter says, and tells of each change; does not choose rows itself.
// Where the page is narrow, the filters are behind a button.

import { el, labelled, put, refill } from './dom.js';
import { KINDS } from './store.js';

const button = (text, onclick, more = {}) => el('button', { type: 'button', onclick, ...more }, text);

export class Tools {
  /// `on` has changed(), search(step, text), error(step), follow(), pause().
  constructor(form, filter, on) {
    this.form = form;
    this.filter = filter;
    this.on = on;
    this.make();
    form.onsubmit = (event) => event.preventDefault();
    form.replaceChildren(...this.parts());
    this.show();
  }

  make() {
    const changed = (name, read) => (event) => {
      this.filter[name] = read(event.target);
      this.on.changed();
    };
    const text = (element) => element.value.trim();
    this.search = el('input', { type: 'search', id: 'search', placeholder: 'text or /expression/' });
    this.search.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      this.on.search(event.shiftKey ? -1 : 1, text(this.search));
    });
    this.text = el('input', { type: 'search', id: 'filter-text', onchange: changed('text', text) });
    this.topic = el('input', {
      id: 'filter-topic',
      class: 'topic',
      placeholder: 'a/#',
      onchange: changed('topic', text),
    });
    this.client = el(
      'select',
      { id: 'filter-client', onchange: changed('client', (e) => Number(e.value)) },
      el('option', { value: '-1' }, 'all'),
      [0, 1, 2, 3, 4, 5].map((n) => el('option', { value: n }, String(n))),
    );
    this.channel = el(
      'select',
      { id: 'filter-channel', onchange: changed('channel', text) },
      el('option', { value: '' }, 'all'),
    );
    this.fold = el('input', { type: 'checkbox', id: 'fold', onchange: changed('fold', (e) => e.checked) });
    this.follow = button('Follow', () => this.on.follow(), { id: 'follow', 'aria-pressed': 'true' });
    this.pause = button('Pause', () => this.on.pause(), { id: 'pause', 'aria-pressed': 'false' });
    this.kinds = new Map(
      KINDS.map((kind) => [
        kind,
        el('input', {
          type: 'checkbox',
          id: `kind-${kind}`,
          onchange: (event) => this.kind(kind, event.target.checked),
        }),
      ]),
    );
  }

  parts() {
    const group = (...children) => el('div', { class: 'group' }, ...children);
    return [
      group(
        labelled('Search', this.search),
        button('↑', () => this.on.search(-1, this.search.value.trim()), {
          id: 'search-previous',
          'aria-label': 'Previous hit',
        }),
        button('↓', () => this.on.search(1, this.search.value.trim()), {
          id: 'search-next',
          'aria-label': 'Next hit',
        }),
      ),
      group(button('Next error', () => this.on.error(1), { id: 'next-error' })),
      this.filters(),
      group(this.follow, this.pause),
    ];
  }

  /// Always open where there is room for them.
  filters() {
    const made = el(
      'details',
      { class: 'filters' },
      el('summary', {}, 'Filters'),
      el(
        'div',
        {},
        labelled('Only with text', this.text),
        labelled('Client', this.client),
        labelled('Channel', this.channel),
        labelled('Topic', this.topic),
        el(
          'details',
          { id: 'kinds' },
          el('summary', {}, 'Kinds'),
          el(
            'div',
            { class: 'kinds' },
            [...this.kinds].map(([kind, box]) => el('label', { for: box.id }, box, kind)),
          ),
        ),
        el('div', { class: 'field inline' }, this.fold, el('label', { for: 'fold' }, 'Fold commands')),
      ),
    );
    const narrow = matchMedia('(max-width: 900px)');
    made.open = !narrow.matches;
    narrow.onchange = () => (made.open = !narrow.matches);
    this.narrow = narrow; // kept, or nobody is told
    return made;
  }

  kind(kind, wanted) {
    if (wanted) this.filter.kinds.add(kind);
    else this.filter.kinds.delete(kind);
    this.on.changed();
  }

  use(filter) {
    this.filter = filter;
    this.show();
  }

  show() {
    const { filter } = this;
    this.text.value = filter.text;
    this.topic.value = filter.topic;
    this.client.value = String(filter.client);
    this.channel.value = filter.channel;
    this.fold.checked = filter.fold;
    for (const [kind, box] of this.kinds) box.checked = filter.kinds.has(kind);
  }

  channels(names) {
    const all = new Set(names.filter(Boolean));
    if (this.filter.channel) all.add(this.filter.channel);
    refill(this.channel, [...all], () => [
      el('option', { value: '' }, 'all'),
      ...[...all].map((name) => el('option', { value: name }, name)),
    ]);
    this.channel.value = this.filter.channel;
  }

  state(following, paused) {
    this.follow.setAttribute('aria-pressed', String(following));
    this.pause.setAttribute('aria-pressed', String(paused));
    put(this.pause, paused ? 'Go on' : 'Pause');
  }
}
