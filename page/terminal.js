// A terminal on a channel of its own: opens it when something is typed for the first time, types
// lines, and shows what the journal has of the channel. The host's port is left alone.
// What was said before it was opened is not shown.

import { Action } from './action.js';
import { ctlLine, pythonCall } from './command_line.js';
import { el } from './dom.js';
import { FLAG } from './store.js';
import { asText, bytesOf } from './payload.js';

const MOST = 20_000; // characters that are shown

export class Terminal {
  constructor(at, api, session, to) {
    this.at = at;
    this.api = api;
    this.name = 'page';
    this.isOpen = false;
    this.to = to;
    this.said = el('pre', {
      class: 'terminal-said',
      role: 'log',
      tabindex: '0',
      'aria-label': 'What the channel says',
    });
    this.action = new Action(
      {
        id: 'terminal',
        title: 'Terminal',
        button: 'Type',
        about: 'AT commands on a channel without a port, beside the host.',
        fields: [
          { name: 'line', label: 'Line', value: 'AT', maxlength: 65536 },
          { name: 'channel', label: 'Channel', value: 'page', maxlength: 64 },
        ],
        request: (v) => ['send', v],
        said: () => 'Typed',
        ctl: (v) =>
          `${ctlLine(['channel', 'add'], { modem: at.modem, positionals: [v.channel] })}; ${ctlLine(
            ['send'],
            { modem: at.modem, options: ['--channel', v.channel], positionals: [v.line] },
          )}`,
        py: (v) => `${pythonCall('open_channel', [v.channel])}; ${pythonCall('send', [v.line, v.channel])}`,
      },
      { run: ([, values]) => this.send(values), changed: to.changed },
    );
    this.action.element.append(this.said);
    this.element = this.action.element;
    session.on('events', (from) => this.more(session.store, from));
  }

  /// The channels that there are.
  show(channels) {
    this.channels = channels.map(({ name }) => name);
  }

  async send({ line, channel }) {
    this.name = channel;
    if (!this.channels?.includes(channel)) {
      await this.api.request('POST', `${this.at.path}/channels`, { name: channel }).catch((error) => {
        if (error.status !== 409) throw error;
      });
      this.channels = [...(this.channels ?? []), channel];
    }
    return this.api.request('POST', `${this.at.path}/channels/${encodeURIComponent(channel)}/send`, { line });
  }

  more(store, from) {
    let more = '';
    for (let i = from; i < store.length; i += 1) {
      if (store.channel(i) !== this.name || store.kind(i) !== 'tx' || store.flags(i) & FLAG.own) continue;
      const event = store.get(i);
      if (typeof event.bytes === 'string') more += asText(bytesOf(event.bytes));
    }
    if (!more) return;
    const all = this.said.textContent + more.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
    this.said.textContent = all.slice(-MOST);
    this.said.scrollTop = this.said.scrollHeight;
  }
}
