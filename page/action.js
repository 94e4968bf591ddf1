// One thing that can be done to the modem: a form, a button, what came of it, and the two lines that
// do the same from a shell and from a test. The lines go with what is in the form.
// What there is to do is told by whoever makes one: actions.js, fault_form.js, terminal.js.

import { copyButton, el, freshId, labelled, put } from './dom.js';

/// A control for a field {name, label, type, choices, value, min, max, step, list, hint, optional}.
function control(field) {
  if (field.choices)
    return el(
      'select',
      { name: field.name },
      field.optional ? el('option', { value: '' }, '–') : null,
      field.choices.map((choice) =>
        el('option', { value: choice, selected: choice === String(field.value) }, choice),
      ),
    );
  const bounds = { min: field.min, max: field.max, step: field.step, maxlength: field.maxlength };
  if (field.type === 'check')
    return el('input', { type: 'checkbox', name: field.name, checked: Boolean(field.value) });
  return el('input', {
    type: field.type ?? 'text',
    name: field.name,
    ...bounds,
    autocomplete: 'off',
    value: field.value ?? '',
    placeholder: field.placeholder,
    list: field.list,
    required: !field.optional,
  });
}

function read(field, element) {
  if (field.type === 'check') return element.checked;
  const text = element.value;
  if (text === '') return field.optional ? undefined : text;
  const isNumber = field.type === 'number' || field.type === 'range' || field.number;
  return isNumber ? Number(text) : text;
}

export class Action {
  /// `what` has id, title, fields, button, request(values), ctl(values), py(values), about. `to` has
  /// run(request) and changed().
  constructor(what, to) {
    this.what = what;
    this.to = to;
    this.controls = new Map();
    this.form = el('form', { novalidate: true });
    this.outcome = el('span', { class: 'outcome', role: 'status' });
    this.ctl = el('code', { class: 'ctl' });
    this.py = el('code', { class: 'py' });
    this.form.addEventListener('input', () => {
      this.say('', '');
      this.lines();
    });
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.run();
    });
    const title = freshId('action');
    this.element = el(
      'section',
      { class: 'action', id: `do-${what.id}`, 'aria-labelledby': title },
      el('h3', { id: title }, what.title),
      what.about ? el('p', { class: 'hint' }, what.about) : null,
      this.form,
      el(
        'div',
        { class: 'lines' },
        el('span', { class: 'name' }, 'shell'),
        this.ctl,
        copyButton(() => this.ctl.textContent, `the shell line of ${what.title}`),
        el('span', { class: 'name' }, 'pytest'),
        this.py,
        copyButton(() => this.py.textContent, `the pytest line of ${what.title}`),
      ),
    );
    this.fields(what.fields);
  }

  fields(fields) {
    this.controls.clear();
    const made = fields.map((field) => {
      const element = control(field);
      this.controls.set(field.name, { field, element });
      if (field.type !== 'range') return labelled(field.label, element, field.hint);
      const shown = el('output', {}, element.value);
      element.addEventListener('input', () => put(shown, element.value));
      return el('div', { class: 'field' }, labelled(field.label, element, field.hint), shown);
    });
    const button = el('button', { type: 'submit', class: 'main' }, this.what.button ?? 'Do it');
    this.form.replaceChildren(...made, el('div', { class: 'does' }, button, this.outcome));
    this.lines();
  }

  get values() {
    return Object.fromEntries(
      [...this.controls].map(([name, { field, element }]) => [name, read(field, element)]),
    );
  }

  /// Another choice for a field, as the modem has others.
  choices(name, choices) {
    const known = this.controls.get(name);
    if (!known || JSON.stringify(known.field.choices) === JSON.stringify(choices)) return;
    const before = known.element.value;
    known.field.choices = choices;
    known.element.replaceChildren(...choices.map((choice) => el('option', { value: choice }, choice)));
    if (choices.includes(before)) known.element.value = before;
    this.lines();
  }

  lines() {
    const { values } = this;
    put(this.ctl, this.what.ctl(values));
    put(this.py, this.what.py(values));
  }

  async run() {
    if (!this.form.reportValidity()) return;
    this.say('…', '');
    try {
      const said = await this.to.run(this.what.request(this.values));
      this.say(this.what.said?.(said) ?? 'Done', 'good');
    } catch (error) {
      this.say(`Refused: ${error.message}`, 'bad');
    }
    this.to.changed();
  }

  say(text, how) {
    put(this.outcome, text);
    this.outcome.className = `outcome ${how}`;
  }
}
