// The panel of the manual: all commands and URCs of the module, found by a text, each with its forms,
// parameters, limit, and where it is from. An entry is made when it is opened; the list is as long as
// what the program has, and no longer.

import { copyButton, el, labelled, put } from './dom.js';
import { allowedText, signatureOf } from './manual.js';

export class ManualPanel {
  /// `link` gives the address of an entry.
  constructor(panel, link) {
    this.link = link;
    this.items = new Map();
    this.search = el('input', {
      type: 'search',
      id: 'manual-search',
      placeholder: 'name, summary, parameter',
    });
    this.search.addEventListener('input', () => this.filter());
    this.found = el(
      'p',
      { class: 'hint', id: 'manual-found', role: 'status' },
      'The program tells no manual.',
    );
    this.list = el('div', { class: 'manual' });
    panel.replaceChildren(
      el('h2', {}, 'Manual'),
      labelled('Search in commands and URCs', this.search),
      this.found,
      this.list,
    );
  }

  use(manual) {
    this.manual = manual;
    this.items.clear();
    for (const entry of manual.entries) this.items.set(entry.id, this.item(entry));
    this.filter();
  }

  item(entry) {
    const item = el(
      'details',
      { class: 'entry', 'data-id': entry.id },
      el(
        'summary',
        {},
        el('span', { class: 'mono name' }, `${entry.name}${entry.key ? `="${entry.key}"` : ''}`),
        ' ',
        entry.summary ?? '',
        entry.isCommand ? null : el('span', { class: 'hint' }, ' (URC)'),
      ),
    );
    item.addEventListener('toggle', () => {
      if (item.open && item.childElementCount === 1) item.append(this.body(entry));
    });
    return item;
  }

  body(entry) {
    return el(
      'div',
      { class: 'entry-body' },
      entry.isCommand ? commandParts(entry) : urcParts(entry),
      el('p', { class: 'hint' }, whereFrom(entry)),
      el(
        'p',
        {},
        el('a', { href: this.link(entry.id), class: 'permalink' }, `Link to ${entry.name}`),
        ' ',
        copyButton(() => new URL(this.link(entry.id), location.href).href, `the link to ${entry.name}`),
      ),
    );
  }

  filter() {
    if (!this.manual) return;
    const hits = this.manual.search(this.search.value);
    this.list.replaceChildren(...hits.map((entry) => this.items.get(entry.id)));
    const all = this.manual.length;
    put(this.found, hits.length === all ? `${all} entries` : `${hits.length} of ${all} entries`);
  }

  /// Opens one entry and brings it into sight; false when there is none.
  show(id) {
    const item = this.items.get(id);
    if (!item) return false;
    if (!item.isConnected) {
      this.search.value = '';
      this.filter();
    }
    for (const other of this.list.querySelectorAll('details[open]')) other.open = other === item;
    item.open = true;
    item.scrollIntoView({ block: 'start' });
    item.querySelector('summary').focus({ preventScroll: true });
    return true;
  }
}

function commandParts(entry) {
  const { name, key, forms = [], test, limit } = entry;
  const facts = [['Forms', forms.join(', ') || 'none']];
  if (limit > 0) facts.push(['Limit', `${limit} s`]);
  if (test) facts.push(['AT test answers', test]);
  const writes = forms.includes('write') || forms.includes('set');
  return [
    writes ? el('pre', { class: 'signature' }, signatureOf(entry)) : null,
    key ? el('p', { class: 'hint' }, `One of the settings of ${name}.`) : null,
    el(
      'dl',
      { class: 'facts' },
      facts.flatMap(([term, value]) => [el('dt', {}, term), el('dd', {}, value)]),
    ),
    entry.params?.length > 0 ? parameters(entry) : null,
  ];
}

function parameters({ name, params, repeats = 0 }) {
  const row = (param) =>
    el(
      'tr',
      {},
      el('th', { scope: 'row', class: 'mono' }, `<${param.name}>`),
      el('td', {}, allowedText(param)),
      el('td', {}, param.optional ? 'optional' : ''),
    );
  return el(
    'div',
    {},
    el(
      'div',
      { class: 'scrolls', tabindex: '0', role: 'group', 'aria-label': `Parameters of ${name}` },
      el(
        'table',
        {},
        el(
          'thead',
          {},
          el(
            'tr',
            {},
            ['parameter', 'allowed', 'needed'].map((title) => el('th', { scope: 'col' }, title)),
          ),
        ),
        el('tbody', {}, params.map(row)),
      ),
    ),
    repeats > 0 ? el('p', { class: 'hint' }, `The last ${repeats} may be repeated.`) : null,
  );
}

const urcParts = ({ name, params }) =>
  el('pre', { class: 'signature' }, params ? `${name}: ${params}` : name);

function whereFrom({ source, section, confidence }) {
  const where = [source, section].filter(Boolean).join(', ');
  return [where || 'Nobody says where it is from', confidence].filter(Boolean).join('; ');
}
