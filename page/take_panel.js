// The panel that gives the session away: the journal as it was read, as NDJSON, the page with the
// journal in it as one HTML file, the packets as pcapng if the program keeps them, and the session of
// one channel as a transcript. What the page itself has said (losses, new runs) is in none, and of
// several runs of the program the last one is taken, whose numbers are its own.

import { Capture } from './capture.js';
import { download } from './download.js';
import { el, labelled, put, refill } from './dom.js';
import { FLAG } from './store.js';
import { wholePage } from './take_page.js';
import { transcriptOf } from './transcript.js';

const NEWLINE = 10;
const PART = 1024 * 1024;

/// The lines of the journal from an event on as parts of a Blob, few and large.
export function journalParts(store, from = 0) {
  const parts = [];
  let part = new Uint8Array(PART);
  let used = 0;
  for (let i = from; i < store.length; i += 1) {
    if (store.flags(i) & FLAG.own) continue;
    const bytes = store.bytes(i);
    if (used + bytes.length + 1 > part.length) {
      parts.push(part.subarray(0, used));
      part = new Uint8Array(Math.max(PART, bytes.length + 1));
      used = 0;
    }
    part.set(bytes, used);
    part[used + bytes.length] = NEWLINE;
    used += bytes.length + 1;
  }
  return [...parts, part.subarray(0, used)];
}

const button = (id, text, onclick, more = {}) => el('button', { type: 'button', id, onclick, ...more }, text);

export class TakePanel {
  constructor(panel, page) {
    this.page = page;
    this.capture = new Capture(page.api);
    this.said = el('p', { role: 'status' });
    this.html = button('take-html', 'One HTML file', () => this.takeHtml());
    this.pcapng = button('take-pcapng', 'pcapng', () => this.takeCapture(), { disabled: true });
    this.how = el('p', { class: 'hint', id: 'take-how' });
    this.packets = el('section', {}, el('h3', {}, 'Packets'), this.pcapng, this.how);
    this.channel = el('select', { id: 'take-channel' });
    panel.replaceChildren(
      el('h2', {}, 'Take away'),
      this.journal(),
      this.packets,
      this.transcript(),
      this.said,
    );
  }

  journal() {
    return el(
      'section',
      {},
      el('h3', {}, 'Journal'),
      el(
        'p',
        {},
        'The events that this page has of the last run of the program. Passwords that a host typed are in them as they were typed.',
      ),
      el(
        'div',
        { class: 'group' },
        button('take-ndjson', 'NDJSON', () => this.takeLines()),
        this.html,
      ),
      el(
        'p',
        { class: 'hint' },
        'The HTML file is this page with the journal in it; it needs no program and no network.',
      ),
    );
  }

  transcript() {
    return el(
      'section',
      {},
      el('h3', {}, 'Transcript'),
      el(
        'p',
        {},
        'The session of one channel as a test that can be played: what the host sent, what the module said, what the links were asked and told.',
      ),
      el(
        'div',
        { class: 'group' },
        labelled('Channel', this.channel),
        button('take-transcript', 'Transcript', () => this.takeTranscript()),
      ),
      el('p', { class: 'hint' }, 'What a transcript has no words for is a comment in it.'),
    );
  }

  offline() {
    this.html.remove();
    this.packets.remove();
  }

  /// It is looked at: what can be had is asked for.
  async shown() {
    const { session } = this.page;
    if (!session) return;
    const channels = session.store.channels.filter(Boolean);
    refill(this.channel, channels, () => channels.map((name) => el('option', { value: name }, name)));
    if (!this.packets.isConnected) return;
    const why = await this.capture.lacks();
    this.pcapng.disabled = why !== '';
    put(this.how, why || 'What the program has captured so far: AT channels and packets.');
  }

  get firstOfRun() {
    const { store } = this.page.session;
    return Math.max(0, store.runs.at(-1) - store.dropped);
  }
  get lines() {
    return journalParts(this.page.session.store, this.firstOfRun);
  }
  get name() {
    return `eg91xq-${this.page.session.modem}`;
  }

  takeLines() {
    download(this.lines, `${this.name}.ndjson`, 'application/x-ndjson');
    put(this.said, 'The NDJSON file is given to the browser.');
  }

  async takeHtml() {
    await this.make('The HTML file', async () => {
      const { session, state, manual } = this.page;
      const about = { modem: session.modem, state, manual: manual.data };
      download(await wholePage(this.lines, about), `${this.name}.html`, 'text/html');
    });
  }

  async takeCapture() {
    await this.make('The pcapng file', async () => {
      const blob = await this.capture.take();
      download([blob], `${this.name}.pcapng`, 'application/x-pcapng');
    });
  }

  async takeTranscript() {
    const channel = this.channel.value;
    await this.make('The transcript', async () => {
      const { store } = this.page.session;
      const events = [];
      for (let i = this.firstOfRun; i < store.length; i += 1)
        if (!(store.flags(i) & FLAG.own)) events.push(JSON.parse(store.raw(i)));
      download([transcriptOf(events, channel, this.page.state)], `${this.name}-${channel}.at`, 'text/plain');
    });
  }

  async make(what, work) {
    put(this.said, `Making ${what.toLowerCase()} …`);
    try {
      await work();
      put(this.said, `${what} is given to the browser.`);
    } catch (error) {
      put(this.said, `Not made: ${error.message}`);
    }
  }
}
