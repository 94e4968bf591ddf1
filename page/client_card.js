// One MQTT client of the module as a card: state and endpoint with its TLS, the window of five
// publishes under way, the five slots for messages that were not read, timers that count down, the
// last +QMTSTAT, and its last links. Shows what GET /v1/modems/NAME says of it, and counts down in
// between; the links are told by the session.

import { el, put, refill } from './dom.js';
import { took } from './describe.js';
import { linkText } from './link_history.js';

const WINDOW = 5;
const SLOTS = 5;

const gauge = (name, most) => {
  const boxes = Array.from({ length: most }, () => el('span', { class: 'box' }));
  return { element: el('span', { class: 'gauge', role: 'img', 'aria-label': name }, boxes), boxes, name };
};

function fill({ element, boxes, name }, count) {
  boxes.forEach((box, n) => box.classList.toggle('full', n < count));
  element.setAttribute('aria-label', `${name}: ${count} of ${boxes.length}`);
}

export class ClientCard {
  /// `to` has link(key) -> address and go(key) of an event, counted with those that are gone.
  constructor(index, to) {
    this.index = index;
    this.to = to;
    this.state = el('span', { class: 'state' });
    this.endpoint = el('p', { class: 'mono' });
    this.window = gauge('Window', WINDOW);
    this.slots = gauge('Slots', SLOTS);
    this.timers = el('ul', { class: 'timers' });
    this.down = el('p', { class: 'down' });
    this.links = el('div', {});
    this.settings = el('dl', { class: 'facts small' });
    this.element = el(
      'article',
      { class: `card client-${index}`, 'aria-label': `Client ${index}` },
      el('h3', {}, `client_idx ${index} `, this.state),
      this.endpoint,
      el('p', { class: 'gauges' }, 'window ', this.window.element, ' slots ', this.slots.element),
      this.timers,
      this.down,
      this.links,
      el('details', {}, el('summary', {}, 'Settings'), this.settings),
    );
  }

  show(client) {
    if (!client) return;
    this.client = client;
    put(this.state, client.state_name);
    this.element.classList.toggle('idle', client.state_name === 'idle');
    const where = client.host ? `${client.host}:${client.port}` : 'no connection';
    const suite = client.tls_suite ? `, ${client.tls_suite}` : '';
    put(this.endpoint, `${where}${client.tls ? `, ${client.tls_version ?? 'TLS'}${suite}` : ''}`);
    fill(this.window, client.window);
    fill(this.slots, client.slots);
    refill(
      this.timers,
      client.timers.map((timer) => [timer.name, timer.msg_id]),
      () =>
        client.timers.map((timer) =>
          el(
            'li',
            {},
            `${timer.name}${timer.msg_id ? ` of packet id ${timer.msg_id}` : ''}: `,
            el('span', {}),
          ),
        ),
    );
    const down = client.last_down;
    put(
      this.down,
      down ? `Last down at ${down.at.toFixed(3)} s: +QMTSTAT code ${down.stat}, ${down.why}` : '',
    );
    refill(this.settings, client.settings, () =>
      Object.entries(client.settings).flatMap(([name, value]) => [
        el('dt', {}, name),
        el('dd', {}, String(value)),
      ]),
    );
    this.tick(0);
  }

  /// The last ones, the latest first; `dropped` events are gone.
  showLinks(links, dropped) {
    refill(this.links, [links, links.filter(({ key }) => key < dropped).length], () =>
      links.length === 0
        ? []
        : el(
            'details',
            {},
            el('summary', {}, links.length === 1 ? 'The last link' : `The last ${links.length} links`),
            el(
              'ol',
              { class: 'links-of' },
              [...links].reverse().map((link) => el('li', {}, this.linkPart(link, dropped))),
            ),
          ),
    );
  }

  linkPart(link, dropped) {
    const at = `${link.opened.toFixed(3)} s`;
    if (link.key < dropped) return `${at} ${linkText(link)}`;
    const go = (clicked) => {
      clicked.preventDefault();
      this.to.go(link.key);
    };
    return [el('a', { href: this.to.link(link.key), onclick: go }, at), ` ${linkText(link)}`];
  }

  /// `since` virtual seconds after it was told.
  tick(since) {
    const shown = this.timers.querySelectorAll('li > span');
    this.client?.timers.forEach((timer, n) => {
      if (shown[n]) put(shown[n], took(Math.max(0.1, timer.left - since)).replace(/(\.\d)\d*/, '$1'));
    });
  }
}
