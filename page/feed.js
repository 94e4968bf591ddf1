// The journal of a modem: NDJSON from `since` as it comes, begun again whenever it ends, for as long as
// it takes. While a host is busy it is asked for in pages instead, some times in a second, since a
// browser that wakes with each event takes its time from the host. Finds out whether it is still the
// same run of the program, and tells of lines, losses, new runs and how the connection is.

import { lineOf } from './journal_line.js';

const FIRST_WAIT = 250;
const LONGEST_WAIT = 3000;
const LITTLE = 32 * 1024; // bytes at once that tell that we have caught up
const GATHER = 50; // ms that more may come together
const BUSY = 10; // portions in a second that make it pages
const PAGE_EVERY = 250; // ms
const PAGE = 10_000; // events
const CALM_PAGES = 8; // with nothing in them, until it is a stream again

export class Feed {
  /// `to` has onLines(list of byte arrays), onLost(count), onRun(), onStatus(text, isGood) and
  /// position() -> {seq, t, kind} of the last event, or null.
  constructor(api, modem, to) {
    this.api = api;
    this.path = `/modems/${encodeURIComponent(modem)}`;
    this.to = to;
    this.abort = new AbortController();
    this.wait = FIRST_WAIT;
    this.runId = ''; // which start of the program this is, if it tells
    this.nextRun = ''; // another one that somebody was told
  }

  stop() {
    this.abort.abort();
  }

  /// Somebody was told which run it is; with another one, what is read now is of no use any more.
  saw(runId) {
    if (!runId || this.runId === runId) return;
    if (!this.runId) this.runId = runId;
    else {
      this.nextRun = runId;
      this.reader?.cancel().catch(() => {});
    }
  }

  async run() {
    while (!this.abort.signal.aborted) {
      try {
        await this.once();
        this.to.onStatus('The stream ended; connecting again', false);
      } catch (error) {
        if (this.abort.signal.aborted) return;
        const why = error.status ? `: ${error.message}` : '';
        this.to.onStatus(`Not connected, trying again${why}`, false);
      }
      await new Promise((done) => setTimeout(done, this.wait));
      this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
    }
  }

  /// Whether it is the same start of the program as before; if it does not tell, whether the event
  /// that we had last is what it has under that number.
  async sameRun(last) {
    const query = `since=${last.seq - 1}&limit=1`;
    const page = await this.api.get(`${this.path}/journal?${query}`, this.abort.signal);
    const before = this.runId;
    if (page.run) this.runId = page.run;
    if (page.run && before) return page.run === before;
    const [event] = page.events;
    if (event && event.seq === last.seq) return event.t === last.t && event.kind === last.kind;
    if (page.lost > 0) return true; // it is gone; later ones are there
    return false;
  }

  async once() {
    let last = this.to.position();
    if (last && !(await this.sameRun(last))) {
      this.to.onRun();
      last = null;
    }
    if (!last && this.nextRun) this.runId = this.nextRun;
    this.nextRun = '';
    for (let since = last?.seq ?? 0; !this.abort.signal.aborted; since = await this.pages()) {
      await this.stream(since);
      if (!this.isBusy) return;
    }
  }

  async stream(since) {
    const answer = await this.api.fetch(`${this.path}/journal?since=${since}`, {
      headers: { Accept: 'application/x-ndjson' },
      signal: this.abort.signal,
    });
    if (!answer.ok) {
      const error = new Error(`the journal is answered with ${answer.status}`);
      error.status = answer.status;
      throw error;
    }
    this.to.onStatus('Connected', true);
    this.wait = FIRST_WAIT;
    this.reader = answer.body.getReader();
    this.isBusy = false;
    this.portions = [];
    await this.read(this.reader);
  }

  /// Until nothing comes any more; where a stream has to begin then.
  async pages() {
    let since = this.to.position()?.seq ?? 0;
    for (let calm = 0; calm < CALM_PAGES;) {
      const page = await this.api.get(`${this.path}/journal?since=${since}&limit=${PAGE}`, this.abort.signal);
      if (page.run && this.runId && page.run !== this.runId) throw new Error('another run');
      const { events } = page;
      const told = page.lost > 0 ? [{ lost: page.lost }, ...events] : events;
      if (told.length > 0) this.to.onLines(told.map(lineOf));
      since = events.at(-1)?.seq ?? since;
      calm = events.length === 0 ? calm + 1 : 0;
      if (events.length < PAGE) await new Promise((go) => setTimeout(go, PAGE_EVERY));
    }
    return since;
  }

  /// Whether portions come one after the other, and none is what had to be caught up with.
  goesOn(size) {
    const now = performance.now();
    if (size >= LITTLE) this.portions.length = 0;
    this.portions.push(now);
    if (this.portions.length > BUSY) this.portions.shift();
    return this.portions.length === BUSY && now - this.portions[0] < 1000;
  }

  async read(reader) {
    let rest = new Uint8Array(0);
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      let bytes = value;
      if (rest.length > 0) {
        bytes = new Uint8Array(rest.length + value.length);
        bytes.set(rest);
        bytes.set(value, rest.length);
      }
      rest = this.cut(bytes);
      if (this.goesOn(value.length)) {
        this.isBusy = true;
        return reader.cancel();
      }
      if (value.length < LITTLE) await new Promise((go) => setTimeout(go, GATHER));
    }
  }

  /// Hands on the whole lines; what is left of the last one is returned.
  cut(bytes) {
    const lines = [];
    let begin = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, begin)) {
      if (end > begin) lines.push(bytes.subarray(begin, end));
      begin = end + 1;
    }
    if (lines.length > 0) this.to.onLines(lines);
    return bytes.slice(begin);
  }
}
