// The session of one AT channel as a transcript (tests/transcripts/README.md) that the transcript tests
// can play: what the host sent, what the module said byte for byte, what was asked of the links and
// what they told, and the time that passed. Made from the events of the journal alone; what they do
// not tell, or what the language has no word for, becomes a comment.
//
// The player is at most as late as the journal: time that passed is owed to it until a step needs it.

import { bytesOf } from './payload.js';
import { saidSteps, typedStep } from './transcript_bytes.js';
import { TranscriptLinks } from './transcript_links.js';
import { remarkOf } from './transcript_remarks.js';
import { pairsOf } from './transcript_pairs.js';
import { scenarioOf } from './transcript_scenario.js';
import { settingLines } from './transcript_settings.js';

const NOTICED = 0.005; // s that a wait is written for
const SLACK = 0.002; // s that the program was late in what it did by itself, which a player is not
const QUICK = 0.05; // s within which an answer comes
const AT_ONCE = 0.002; // s within which it goes on
const SPARE = 1; // s more than it took

/// What a module says while it starts.
const BOOT = ['RDY', '+CFUN: 1', '+CPIN: READY', '+QUSIM: 1', '+QIND: SMS DONE', '+QIND: PB DONE'];
const isBooting = ({ kind, what, value }) => kind === 'device' && what === 'power' && value === 'booting';
const sendsBytes = (event, channel) => event.channel === channel && event.kind === 'rx';

/// Seconds as the language writes them, rounded up to ms.
const duration = (seconds) => `${Number((Math.ceil(seconds * 1000 - 1e-6) / 1000).toFixed(3))}s`;

class Transcript {
  /// `state` is what GET /v1/modems/NAME answers, or nothing.
  constructor(events, channel, state) {
    this.events = events;
    this.channel = channel;
    this.state = state;
    this.lines = [];
    this.owed = 0;
    this.deeds = []; // that wait for the end of a change around the module
    this.stepped = 0; // when the last step was
    this.links = new TranscriptLinks(this, pairsOf(events, channel));
    this.inserted = insertedBytes(events, channel);
  }

  make() {
    const { events } = this;
    const start = this.begin();
    if (start < 0) return ['# The host sent nothing on this channel.'];
    this.scenario = scenarioOf(events, start);
    if (this.scenario.line) this.lines.unshift(this.scenario.line);
    this.stepped = events[start].t;
    let last = this.stepped;
    for (let n = start; n < events.length; n += 1) {
      this.owed += events[n].t - last;
      last = events[n].t;
      this.t = last;
      this.see(events[n], n);
    }
    this.links.releaseAll();
    if (this.hasScene && this.owed + SLACK > 0) this.wait(SLACK);
    this.endScene();
    return this.lines;
  }

  /// Where the session begins: with the first byte of the host, or with the start of a module that he
  /// did not wait for.
  begin() {
    const { events } = this;
    const first = events.findIndex((event) => sendsBytes(event, this.channel));
    const boot = events.findLastIndex((event, n) => n < first && isBooting(event));
    const next = events.findIndex((event, n) => n > first && isBooting(event));
    const rest = events.slice(first, next < 0 ? undefined : next);
    if (boot >= 0 && rest.some(({ kind, line }) => kind === 'urc' && BOOT.includes(line))) {
      this.lines.push('boot', 'start typical', 'power');
      return boot;
    }
    if (first >= 0 && this.events[0].seq > 1) this.remark('The journal does not begin with the program.');
    return first;
  }

  see(event, n) {
    if (event.channel !== undefined && event.channel !== this.channel) return this.elsewhere(event);
    if (event.kind === 'rx') return this.heard(event);
    if (event.kind === 'tx') return this.said(event, n);
    if (this.scenario.told.has(n)) this.surroundings();
    else this.tell(remarkOf(event));
    return this.links.see(event, n);
  }

  surroundings() {
    this.remark('What is around the module changes, see the scenario.');
    this.hasScene = true;
  }

  /// What the module did because of its surroundings stands behind what shows that they changed.
  endScene() {
    if (!this.hasScene) return;
    this.hasScene = false;
    this.step(...this.deeds.splice(0));
  }

  tell(remark) {
    if (remark) this.remark(remark);
  }
  remark(text) {
    this.lines.push(`# ${text.replace(/[^\x20-\x7e]/g, '?')}`);
  }

  /// Something that happens to the module: whatever time passed before has to have passed.
  stimulus(...steps) {
    if (this.hasScene && this.owed + SLACK > 0) this.wait(SLACK);
    else if (this.owed >= NOTICED) this.wait(0);
    this.endScene();
    this.step(...steps);
  }

  /// Something that the module does by itself, and what shows it.
  deed(...steps) {
    if (this.hasScene) return this.deeds.push(...steps);
    if (this.t - this.stepped > QUICK) this.wait(SLACK);
    this.step(...steps);
  }

  step(...steps) {
    this.lines.push(...steps);
    this.stepped = this.t;
    this.carried = this.owed;
    this.isAnswering = true;
  }

  wait(more) {
    const time = this.owed + more;
    const text = duration(time);
    this.lines.push(`wait ${text}`);
    this.owed -= Number.parseFloat(text);
  }

  heard(event) {
    if (event.lost) this.remark(`The module lost what comes now: ${event.lost}.`);
    if (typeof event.bytes !== 'string')
      return this.remark(`${event.file_bytes ?? 0} bytes of a file were sent here, which no journal keeps.`);
    return this.stimulus(typedStep(bytesOf(event.bytes)));
  }

  said(event, n) {
    if (this.inserted.has(n)) return undefined;
    this.links.beforeSaid(n);
    if (event.file_bytes > 0)
      this.remark(`${event.file_bytes} bytes of a file were said here, which no journal keeps.`);
    const [first, ...rest] = saidSteps(bytesOf(event.bytes ?? ''));
    if (first === undefined) return undefined;
    const late = this.t - this.stepped;
    // What comes neither at once nor with something else comes in its own time.
    if (!this.hasScene && late <= (this.isAnswering ? QUICK : AT_ONCE)) this.step(first, ...rest);
    else {
      // What the player was late before, it still is.
      this.owed = this.carried + SLACK;
      this.step(`within ${duration(late + SPARE)} ${first}`, ...rest);
      this.endScene();
    }
    this.isAnswering = false;
    return undefined;
  }

  elsewhere(event) {
    if (event.kind !== 'rx') return;
    this.others ??= new Set();
    if (this.others.has(event.channel)) return;
    this.others.add(event.channel);
    this.remark(`A host sent something on ${event.channel} too, here and later, which is left out.`);
  }
}

/// Which events said what was put in by request.
function insertedBytes(events, channel) {
  const found = new Set();
  events.forEach((event, n) => {
    if (event.kind !== 'urc' || !event.inserted || event.channel !== channel) return;
    for (let before = n - 1; before >= Math.max(0, n - 4); before -= 1)
      if (events[before].kind === 'tx' && events[before].channel === channel) {
        found.add(before);
        break;
      }
  });
  return found;
}

/// Answers of servers, which a transcript cannot give.
const OF_SERVERS = /^\+(QIOPEN|QIURC|QSSLOPEN|QSSLURC|QHTTP\w+|QFTP\w+|QPING|QNTP):/;

/// The events up to the first answer of a server; all of them when there is none.
function beforeServers(events, channel) {
  const first = events.findIndex(
    (event) => event.kind === 'urc' && event.channel === channel && OF_SERVERS.test(event.line),
  );
  if (first < 0) return events;
  const said = events.findLastIndex((event, n) => n < first && event.kind === 'tx' && event.channel === channel);
  return events.slice(0, said);
}

/// The text of a transcript file. `events` are those of one run of the program, in their order.
export function transcriptOf(events, channel, state) {
  const played = beforeServers(events, channel);
  const steps = new Transcript(played, channel, state).make();
  const head = settingLines(events, channel, state);
  if (played.length < events.length)
    steps.push('# It ends here: the next answer is that of a server to a socket, HTTP or FTP, which no transcript gives.');
  return `${[...head, ...steps].join('\n')}\n`;
}
