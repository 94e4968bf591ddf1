// The panel that gives the session away: the journal as it was read, as NDJSON, and the page with the
// journal in it as one HTML file. What the page itself has said (losses, new runs) is in neither, and
// of several runs of the program the last one is taken, whose numbers are its own.

import { el, put } from './dom.js';
import { FLAG } from './store.js';
import { wholePage } from './take_page.js';

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

function download(parts, name, type) {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  const link = el('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

export class TakePanel {
  constructor(panel, page) {
    this.page = page;
    this.said = el('p', { role: 'status' });
    this.html = el(
      'button',
      { type: 'button', id: 'take-html', onclick: () => this.takeHtml() },
      'One HTML file',
    );
    panel.replaceChildren(
      el('h2', {}, 'Take away'),
      el(
        'p',
        {},
        'The events that this page has of the last run of the program. Passwords that a host typed are in them as they were typed.',
      ),
      el(
        'div',
        { class: 'group' },
        el('button', { type: 'button', id: 'take-ndjson', onclick: () => this.takeLines() }, 'NDJSON'),
        this.html,
      ),
      el(
        'p',
        { class: 'hint' },
        'The HTML file is this page with the journal in it; it needs no program and no network.',
      ),
      this.said,
    );
  }

  offline() {
    this.html.remove();
  }

  get lines() {
    const { store } = this.page.session;
    return journalParts(store, Math.max(0, store.runs.at(-1) - store.dropped));
  }
  get name() {
    return `eg91xq-${this.page.session.modem}`;
  }

  takeLines() {
    download(this.lines, `${this.name}.ndjson`, 'application/x-ndjson');
    put(this.said, 'The NDJSON file is given to the browser.');
  }

  async takeHtml() {
    put(this.said, 'Making the file …');
    try {
      const about = { modem: this.page.session.modem, state: this.page.state };
      download(await wholePage(this.lines, about), `${this.name}.html`, 'text/html');
      put(this.said, 'The HTML file is given to the browser.');
    } catch (error) {
      put(this.said, `Not made: ${error.message}`);
    }
  }
}
