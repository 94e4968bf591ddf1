// The panel of the modem's state: one section for each part of what GET /v1/modems/NAME answers.
// Asked for once a second while it is looked at; in between only the timers count down.
// What is as it was is not written again, so that the focus and what is open stay.

import { el, put, refill } from './dom.js';
import { drawSignal } from './signal_plot.js';
import { MEASURES } from './signal_history.js';
import { ClientCard } from './client_card.js';

export class StatePanel {
  /// `to` has link(key) -> address and go(key) of an event, counted with those that are gone.
  constructor(panel, to) {
    this.panel = panel;
    this.values = new Map();
    this.cards = [0, 1, 2, 3, 4, 5].map((index) => new ClientCard(index, to));
    this.canvas = el('canvas', { class: 'signal', role: 'img', 'aria-label': 'RSRP over time' });
    this.measure = 'rsrp';
    this.lists = Object.fromEntries(
      ['contexts', 'channels', 'files', 'sockets', 'knobs', 'planned', 'counters'].map((name) => [
        name,
        el('div', { class: 'list' }),
      ]),
    );
    this.facts = el('dl', { class: 'facts' });
    this.services = el('dl', { class: 'facts' });
    this.panel.replaceChildren(...this.sections());
  }

  sections() {
    const section = (title, ...children) => el('section', {}, el('h2', {}, title), ...children);
    const { lists } = this;
    return [
      section('Module', this.facts),
      section('Signal', this.measures(), this.canvas),
      section('Contexts', lists.contexts),
      section(
        'MQTT clients',
        el(
          'div',
          { class: 'cards' },
          this.cards.map((card) => card.element),
        ),
      ),
      section('Terminals', lists.channels),
      section('Services', this.services),
      section('Sockets', lists.sockets),
      section('Files', lists.files),
      section('Knobs', lists.knobs),
      section('Planned', lists.planned),
      section('Events by kind', lists.counters),
    ];
  }

  measures() {
    const buttons = Object.entries(MEASURES).map(([name, { title }]) =>
      el(
        'button',
        {
          type: 'button',
          'data-measure': name,
          'aria-pressed': String(name === this.measure),
          onclick: () => {
            this.measure = name;
            for (const each of buttons)
              each.setAttribute('aria-pressed', String(each.dataset.measure === name));
            if (this.state) this.plot();
          },
        },
        title,
      ),
    );
    return el('div', { class: 'group', role: 'group', 'aria-label': 'Measure that is drawn' }, buttons);
  }

  fact(list, name, value) {
    const key = `${list === this.facts} ${name}`;
    let shown = this.values.get(key);
    if (!shown) {
      shown = el('dd', {});
      this.values.set(key, shown);
      list.append(el('dt', {}, name), shown);
    }
    put(shown, value);
  }

  show(state, session) {
    this.state = state;
    this.session = session;
    this.got = performance.now();
    const { facts, services } = this;
    const power = `${state.power}, boot step ${state.boot_step}, function level ${state.function_level}`;
    this.fact(facts, 'Power', power);
    this.fact(facts, 'SIM', state.sim);
    this.fact(facts, 'Registration', state.registration);
    const { rsrp, rsrq, rssi, sinr } = state.signal;
    this.fact(facts, 'Signal', `RSRP ${rsrp} dBm, RSRQ ${rsrq} dB, RSSI ${rssi} dBm, SINR ${sinr} dB`);
    const { scale, paused, skip } = state.time;
    this.fact(facts, 'Time', `scale ${scale}${paused ? ', paused' : ''}${skip ? ', skipping' : ''}`);
    this.fact(
      facts,
      'Model',
      `${state.model}, ${state.firmware?.revision ?? ''}, update ${state.firmware?.update ?? ''}`,
    );
    this.fact(facts, 'IMEI', state.imei);
    this.fact(services, 'Data call', briefly(state.data_call));
    this.fact(services, 'Multiplexer', briefly(state.multiplexer));
    this.fact(services, 'HTTP', briefly(state.http));
    this.fact(services, 'FTP', briefly(state.ftp));
    for (const card of this.cards) {
      card.show(state.clients[card.index]);
      if (session) card.showLinks(session.links.of(card.index), session.store.dropped);
    }
    this.fillLists(state);
    this.plot();
  }

  fillLists(state) {
    const { lists } = this;
    const traffic = ['bytes_in', 'bytes_out'].filter((name) => state.contexts.some((one) => name in one));
    table(lists.contexts, ['cid', 'active', 'address', ...traffic], state.contexts, 'No context is defined.');
    table(
      lists.channels,
      ['name', 'mode', 'line', 'waiting_urcs', 'dtr', 'dcd', 'ri', 'echo'],
      state.channels,
      'There is no terminal.',
    );
    table(lists.files, ['name', 'size'], state.files, 'There is no file.');
    anyTable(lists.sockets, state.sockets, 'No socket is open.');
    this.knobs(state);
    anyTable(lists.planned, state.planned, 'Nothing is planned.');
    const counted = Object.entries(state.counters).filter(([, count]) => count > 0);
    table(
      lists.counters,
      ['kind', 'count'],
      counted.map(([kind, count]) => ({ kind, count })),
      'No event yet.',
    );
  }

  /// Those that differ from their default, if the program tells defaults; else all, on demand.
  knobs(state) {
    const { knobs = {}, knob_defaults: usual, knob_words: words = {} } = state;
    const word = (name, value) => words[name]?.[value] ?? value;
    const shown = Object.entries(knobs).filter(([name, value]) => !usual || usual[name] !== value);
    refill(this.lists.knobs, ['knobs', shown, Boolean(usual)], () => {
      const made = el('div', {});
      if (usual)
        table(
          made,
          ['knob', 'value', 'default'],
          shown.map(([knob, value]) => ({
            knob,
            value: word(knob, value),
            default: word(knob, usual[knob]),
          })),
          'All are as usual.',
        );
      else
        table(
          made,
          ['knob', 'value'],
          shown.map(([knob, value]) => ({ knob, value })),
          'There is none.',
        );
      return usual
        ? made
        : el(
            'details',
            {},
            el('summary', {}, `All ${shown.length} (the program does not tell which differ)`),
            made,
          );
    });
  }

  /// Virtual seconds since the state was told.
  get since() {
    if (!this.state || this.state.time.paused) return 0;
    return ((performance.now() - this.got) / 1000) * this.state.time.scale;
  }

  tick() {
    if (!this.state) return;
    for (const card of this.cards) card.tick(this.since);
  }

  plot() {
    const { now } = this.state.time;
    const { measure } = this;
    const value = this.state.signal[measure];
    const { title, unit } = MEASURES[measure];
    this.canvas.setAttribute('aria-label', `${title} over time, now ${value} ${unit}`);
    drawSignal(this.canvas, measure, this.session.signal.of(measure, now, value), now);
  }
}

const cell = (value) =>
  value === null || value === undefined
    ? ''
    : Array.isArray(value)
      ? value.map((one) => (typeof one === 'object' ? `(${briefly(one)})` : cell(one))).join(' ')
      : typeof value === 'object'
      ? briefly(value)
      : value === true
        ? 'yes'
        : value === false
          ? 'no'
          : String(value);
const briefly = (value) =>
  value === null || value === undefined
    ? 'none'
    : Object.entries(value)
        .map(([name, one]) => `${name} ${cell(one) || '–'}`)
        .join(', ');

function table(place, columns, rows, none) {
  refill(place, rows, () =>
    rows.length === 0
      ? el('p', { class: 'hint' }, none)
      : el(
          'div',
          { class: 'scrolls', tabindex: '0', role: 'group', 'aria-label': columns.join(', ') },
          el(
            'table',
            {},
            el(
              'thead',
              {},
              el(
                'tr',
                {},
                columns.map((name) => el('th', { scope: 'col' }, name.replaceAll('_', ' '))),
              ),
            ),
            el(
              'tbody',
              {},
              rows.map((row) =>
                el(
                  'tr',
                  {},
                  columns.map((name) => el('td', {}, cell(row[name]))),
                ),
              ),
            ),
          ),
        ),
  );
}

function anyTable(place, rows = [], none = '') {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  table(place, columns, rows, none);
}
