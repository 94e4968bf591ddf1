// A terminal on a channel of its own: opens it when something is typed for the first time, types lines
// or bytes, and shows what the journal has of the channel. The host's port is left alone. What may be
// typed is offered as the manual has it. What was said before it was opened is not shown.

import { Action } from './action.js';
import { base64, ctlLine, pythonBytes, pythonCall } from './command_line.js';
import { el, freshId, put } from './dom.js';
import { escaped, unescaped } from './escapes.js';
import { signatureOf } from './manual.js';
import { FLAG } from './store.js';
import { asText, bytesOf } from './payload.js';

const MOST = 20_000; // characters that are shown

/// What makes a line of what was typed; why there is none while an escape is not complete.
function lineOf({ line, as }, make) {
  try {
    return make(as === 'bytes' ? unescaped(line) : null);
  } catch (error) {
    return `# ${error.message}`;
  }
}

export class Terminal {
  constructor(at, api, session, to) {
    this.at = at;
    this.api = api;
    this.name = 'page';
    this.to = to;
    this.offered = el('datalist', { id: freshId('offered') });
    this.about = el('p', { class: 'hint mono', id: 'terminal-about' });
    this.said = el('pre', {
      class: 'terminal-said',
      role: 'log',
      tabindex: '0',
      'aria-label': 'What the channel says',
    });
    this.action = new Action(this.what(), { run: ([, values]) => this.send(values), changed: to.changed });
    this.action.form.addEventListener('input', () => this.tell());
    this.action.element.append(this.offered, this.about, this.said);
    this.element = this.action.element;
    session.on('events', (from) => this.more(session.store, from));
  }

  what() {
    const { modem } = this.at;
    const opening = (v, open) => (this.channels?.includes(v.channel) ? '' : `${open}; `);
    return {
      id: 'terminal',
      title: 'Terminal',
      button: 'Type',
      about: 'AT commands on a channel without a port, beside the host. Bytes are written as in transcripts.',
      fields: [
        { name: 'line', label: 'Line or bytes', value: 'AT', maxlength: 65536, list: this.offered.id },
        { name: 'as', label: 'As', choices: ['line', 'bytes'] },
        { name: 'channel', label: 'Channel', value: 'page', maxlength: 64 },
      ],
      request: (v) => ['send', v],
      said: () => 'Typed',
      ctl: (v) =>
        lineOf(v, (bytes) => {
          const options = ['--channel', v.channel, ...(bytes ? ['--bytes', escaped(bytes)] : [])];
          const send = ctlLine(['send'], { modem, options, positionals: bytes ? [] : [v.line] });
          return `${opening(v, ctlLine(['channel', 'add'], { modem, positionals: [v.channel] }))}${send}`;
        }),
      py: (v) =>
        lineOf(v, (bytes) => {
          const send = pythonCall('send', [bytes ? pythonBytes(bytes) : v.line, v.channel]);
          return `${opening(v, pythonCall('open_channel', [v.channel]))}${send}`;
        }),
    };
  }

  /// The channels that there are.
  show(channels) {
    const names = channels.map(({ name }) => name);
    if (String(names) === String(this.channels)) return;
    this.channels = names;
    this.action.lines();
  }

  /// What the manual has is offered.
  complete(manual) {
    this.manual = manual;
    this.offered.replaceChildren(...manual.completions().map((value) => el('option', { value })));
    this.tell();
  }

  /// How the command that is being typed goes on.
  tell() {
    const { line = '', as } = this.action.values;
    const entry = as === 'line' && /^AT./i.test(line) ? this.manual?.ofCommand(line.slice(2)) : null;
    put(this.about, entry ? `${signatureOf(entry)} ${entry.summary ?? ''}` : '');
  }

  async send({ line, as, channel }) {
    const body = as === 'bytes' ? { bytes_base64: base64(unescaped(line)) } : { line };
    this.name = channel;
    if (!this.channels?.includes(channel)) {
      await this.api.request('POST', `${this.at.path}/channels`, { name: channel }).catch((error) => {
        if (error.status !== 409) throw error;
      });
      this.channels = [...(this.channels ?? []), channel];
      this.action.lines();
    }
    return this.api.request('POST', `${this.at.path}/channels/${encodeURIComponent(channel)}/send`, body);
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
