// The form of a fault, made from what the program says of its types (GET /v1/faults): the parameters
// of the chosen type with their ranges, the conditions, and the faults that are set now. A type that
// a later program has needs nothing here.

import { Action } from './action.js';
import { ctlLine, pythonCall } from './command_line.js';
import { copyButton, el, refill } from './dom.js';

const STATES = ['idle', 'opening', 'open', 'connecting', 'connected', 'disconnecting', 'closing'];
const count = (name, label, more = {}) => ({
  name,
  label,
  type: 'number',
  step: 1,
  min: 1,
  optional: true,
  ...more,
});
const CONDITIONS = [
  { name: 'command', label: 'Command (expression, without AT)', optional: true },
  count('client', 'client_idx', { min: 0, max: 5 }),
  { name: 'topic', label: 'Topic filter', optional: true },
  { name: 'state', label: 'State of the client', choices: STATES, optional: true },
  count('nth', 'The n-th time'),
  count('every', 'Every n-th time'),
  count('probability', 'Probability', { min: 0, max: 1, step: 'any' }),
  count('from', 'From, s', { min: 0, step: 'any' }),
  count('to', 'To, s', { min: 0, step: 'any' }),
];
const FURTHER = [count('count', 'At most so often'), count('seed', 'Seed', { min: 0 })];

/// A parameter of a type as a field. Words that are allowed are told as `enum`, or in `allowed`.
function field(parameter) {
  const { name, about, minimum, maximum, allowed = '', required } = parameter;
  const hint = `${about}; ${allowed}${parameter.default === undefined ? '' : `, ${parameter.default} unless told`}`;
  const base = { name: `param-${name}`, label: name, optional: !required, hint };
  if (minimum !== undefined || maximum !== undefined)
    return { ...base, type: 'number', min: minimum, max: maximum, step: 'any' };
  if (parameter.enum) return { ...base, choices: parameter.enum };
  const words = /^a /.test(allowed) ? [] : allowed.split(' or ');
  return words.length > 1 ? { ...base, choices: words } : base;
}

const present = (names, values) =>
  Object.fromEntries(
    names
      .filter((name) => values[name] !== undefined && values[name] !== '')
      .map((name) => [name, values[name]]),
  );

/// Of Python's fault() no parameters of a type: they are handed over as `params`.
const TAKEN = new Set(['type', 'name', 'command', 'count', 'client', 'topic', 'nth', 'every', 'probability', 'from', 'to', 'state', 'seed', 'params']);

export class FaultForm {
  constructor(types, at, to) {
    this.types = types;
    this.at = at;
    this.to = to;
    this.type = types[0];
    this.action = new Action(
      {
        id: 'fault',
        title: 'Fault',
        button: 'Set it',
        fields: this.fields(),
        said: (fault) => `${fault.name} is set`,
        request: (v) => ['POST', `${at.path}/faults`, this.body(v)],
        ctl: (v) => this.ctl(v),
        py: (v) => this.py(v),
      },
      to,
    );
    this.action.form.addEventListener('change', (event) => {
      if (event.target.name === 'type') this.choose(event.target.value);
    });
    this.list = el('div', {
      class: 'set-faults scrolls',
      tabindex: '0',
      role: 'group',
      'aria-label': 'Faults that are set',
    });
    this.element = el('div', {}, this.action.element, this.list);
  }

  choose(name) {
    this.type = this.types.find((type) => type.name === name);
    const called = this.action.values.name;
    this.action.fields(this.fields(called));
    this.action.controls.get('type').element.focus();
  }

  fields(called = 'fault-a') {
    return [
      {
        name: 'type',
        label: 'Type',
        choices: this.types.map(({ name }) => name),
        value: this.type.name,
        hint: this.type.about,
      },
      { name: 'name', label: 'Called', value: called },
      ...this.type.params.map(field),
      ...CONDITIONS,
      ...FURTHER,
    ];
  }

  parts(values) {
    const params = {};
    for (const { name } of this.type.params) {
      const value = values[`param-${name}`];
      if (value !== undefined && value !== '') params[name] = value;
    }
    return {
      params,
      when: present(
        CONDITIONS.map(({ name }) => name),
        values,
      ),
      further: present(['count', 'seed'], values),
    };
  }

  body(values) {
    const { params, when, further } = this.parts(values);
    return { name: values.name, type: this.type.name, params, when, ...further };
  }

  ctl(values) {
    const { params, when, further } = this.parts(values);
    const options = Object.entries({ ...when, ...further }).flatMap(([name, value]) => [`--${name}`, value]);
    return ctlLine(['fault', 'add'], {
      modem: this.at.modem,
      options,
      positionals: [
        values.name,
        this.type.name,
        ...Object.entries(params).map(([name, value]) => `${name}=${value}`),
      ],
    });
  }

  py(values) {
    const { params, when, further } = this.parts(values);
    const isTaken = ([name]) => TAKEN.has(name);
    const all = Object.entries(params);
    const call = pythonCall('fault', [this.type.name], {
      name: values.name,
      ...when,
      ...further,
      ...Object.fromEntries(all.filter((param) => !isTaken(param))),
      params: all.some(isTaken) ? Object.fromEntries(all.filter(isTaken)) : undefined,
    });
    return `fault = ${call}`;
  }

  /// Those that are set now.
  show(faults) {
    refill(this.list, faults, () =>
      faults.length === 0
        ? el('p', { class: 'hint' }, 'No fault is set.')
        : el(
            'table',
            {},
            el(
              'thead',
              {},
              el(
                'tr',
                {},
                ['fault', 'type', 'acted', 'remove', 'shell', 'pytest'].map((name) =>
                  el('th', { scope: 'col' }, name),
                ),
              ),
            ),
            el(
              'tbody',
              {},
              faults.map((fault) => this.row(fault)),
            ),
          ),
    );
  }

  row(fault) {
    const remove = () =>
      this.to
        .run(['DELETE', `${this.at.path}/faults/${encodeURIComponent(fault.name)}`])
        .finally(this.to.changed);
    const line = ctlLine(['fault', 'rm'], { modem: this.at.modem, positionals: [fault.name] });
    return el(
      'tr',
      {},
      el('th', { scope: 'row' }, fault.name),
      el('td', {}, fault.type),
      el('td', {}, String(fault.applied ?? 0)),
      el(
        'td',
        {},
        el('button', { type: 'button', onclick: remove, 'aria-label': `Remove ${fault.name}` }, 'Remove'),
      ),
      el(
        'td',
        {},
        el('code', { class: 'rm' }, line),
        ' ',
        copyButton(() => line, `the shell line that removes ${fault.name}`),
      ),
      // Of what modem.fault() gave.
      el('td', {}, el('code', {}, 'fault.remove()')),
    );
  }
}
