// Why something went wrong: the chain of evidence behind an event, from the journal alone. What an
// event names itself (because, clause, why) comes first; then what came before it on the same client
// or command. Guesses nothing: each step is an event, or a member of the event itself.

import { FLAG } from './store.js';
import { isStat } from './judge.js';
import { packetText, took } from './describe.js';
import { isRefusal, refusalText } from './mqtt_codes.js';

const FAR = 20_000; // events that are looked back
const MOST = 14; // steps

const ANSWER = {
  connect: 'connack',
  subscribe: 'suback',
  unsubscribe: 'unsuback',
  pingreq: 'pingresp',
  pubrel: 'pubcomp',
};
const answersOf = (packet) => {
  if (packet.type === 'publish') return packet.qos === 1 ? ['puback'] : packet.qos === 2 ? ['pubrec'] : [];
  return ANSWER[packet.type] ? [ANSWER[packet.type]] : [];
};

/// Whether there is anything to explain.
export function needsWhy(session, i) {
  const flags = session.store.flags(i);
  return (flags & (FLAG.error | FLAG.lint | FLAG.inserted)) !== 0;
}

/// Steps {text, event, said} from the earliest to the event itself; `event` is where it is, or -1.
export function whyOf(session, i) {
  const { store } = session;
  const chain = new Chain(session, i);
  const event = store.get(i);
  const block = session.folder.block(i);
  if (block && event.kind !== 'urc') ofCommand(chain, i, block);
  else ofEvent(chain, i, event);
  return chain.steps();
}

class Chain {
  constructor(session, about) {
    this.session = session;
    this.about = about;
    this.byEvent = new Map();
    this.words = [];
  }
  get store() {
    return this.session.store;
  }
  say(text) {
    if (text) this.words.push({ text, event: -1 });
  }
  add(i, role) {
    if (i < 0 || i === this.about) return;
    const known = this.byEvent.get(i);
    if (known) {
      if (role && !known.includes(role)) known.push(role);
    } else this.byEvent.set(i, role ? [role] : []);
  }
  /// An event that is named by its number.
  addSeq(seq, role) {
    const i = this.store.find(seq, this.store.runOf(this.about));
    if (i >= 0) this.add(i, role);
    else this.say(`Event ${seq}, which is ${role}, is not kept any more`);
  }
  steps() {
    const events = [...this.byEvent]
      .sort(([a], [b]) => a - b)
      .slice(-MOST)
      .map(([event, roles]) => ({ event, text: roles.join('; ') }));
    return [...events, ...this.words];
  }
}

function ofEvent(chain, i, event) {
  for (const seq of event.because ?? []) chain.addSeq(seq, 'named by the event as its cause');
  if (event.kind === 'stat') ofEnd(chain, i, event.client);
  else if (event.kind === 'lint') ofLint(chain, i, event);
  else if (event.kind === 'result') ofResult(chain, i, event, chain.store.head(i));
  else if (event.kind === 'urc' && isStat(event.line)) ofStatLine(chain, i, event);
  else if (event.kind === 'urc' && chain.store.flags(i) & FLAG.error) ofOutcome(chain, i, event);
  else if (event.kind === 'link') ofEnd(chain, i, event.client);
  else if (event.kind === 'packet') ofRefusal(chain, i, event);
  if (event.why) chain.say(`The event says why: ${event.why}`);
  if (event.cause) chain.say(`The event says the cause: ${event.cause}`);
  if (event.clause) chain.say(`The clause that is broken: ${event.clause}`);
  if (event.inserted) chain.say(`It was put in on purpose: ${event.inserted}`);
}

/// The stat event that explains a line +QMTSTAT comes behind it.
function ofStatLine(chain, i, event) {
  const { store } = chain;
  const client = Number(/: (\d)/.exec(event.line)[1]);
  for (let n = i + 1; n < Math.min(store.length, i + 50); n += 1) {
    if (store.kind(n) !== 'stat' || store.client(n) !== client) continue;
    const stat = store.get(n);
    for (const seq of stat.because ?? []) chain.addSeq(seq, 'named by the event as its cause');
    if (stat.why) chain.say(`The module's reason: ${stat.why}`);
    chain.add(n, 'tells its causes');
    break;
  }
  ofEnd(chain, i, client);
}

/// What a client came to before event i: since its last opening (or the command `since`), and what
/// was left without answer.
function ofEnd(chain, i, client, since = -1) {
  const opening = openingOf(chain, i, client);
  if (opening >= Math.max(0, since)) chain.add(opening, 'the connection was opened');
  const begin = Math.max(opening, since);
  for (const n of unanswered(chain, begin, i, client)) chain.add(n, 'has no answer');
  for (const n of refusals(chain, begin, i, client)) chain.add(n, refusalText(chain.store.get(n)));
  let links = 0;
  for (let n = i - 1; n > begin && links < 3; n -= 1) {
    if (chain.store.client(n) !== client) continue;
    if (chain.store.kind(n) === 'link') {
      chain.add(n, 'the link');
      links += 1;
    }
  }
  faultsBefore(chain, begin, i, client);
  deviceBefore(chain, i);
  timersBefore(chain, i, client);
  stateBefore(chain, begin, i, client);
}

/// The last change of the client's state, which says why.
function stateBefore(chain, begin, end, client) {
  const { store } = chain;
  for (let n = end - 1; n >= Math.max(begin, end - FAR, 0); n -= 1)
    if (store.kind(n) === 'client' && store.client(n) === client)
      return chain.add(n, 'the state of the client, and its reason');
  return undefined;
}

function openingOf(chain, i, client) {
  const { store } = chain;
  for (let n = i - 1; n >= Math.max(0, i - FAR); n -= 1)
    if (store.kind(n) === 'link' && store.client(n) === client && store.get(n).event === 'opening') return n;
  return -1;
}

/// Packets out that no packet in has answered.
function unanswered(chain, begin, end, client) {
  const { store } = chain;
  const open = new Map();
  for (let n = Math.max(begin, end - FAR, 0); n < end; n += 1) {
    if (store.kind(n) !== 'packet' || store.client(n) !== client) continue;
    const packet = store.get(n);
    if (packet.dir === 'out')
      for (const answer of answersOf(packet)) open.set(`${answer} ${packet.id ?? ''}`, n);
    else open.delete(`${packet.type} ${packet.id ?? ''}`);
  }
  return [...open.values()].slice(-4);
}

/// CONNACK and SUBACK that say no.
function refusals(chain, begin, end, client) {
  const { store } = chain;
  const found = [];
  for (let n = Math.max(begin, end - FAR, 0); n < end; n += 1)
    if (store.kind(n) === 'packet' && store.client(n) === client && store.flags(n) & FLAG.error)
      found.push(n);
  return found.filter((n) => isRefusal(store.get(n))).slice(-3);
}

const ASKED = { connack: 'connect', suback: 'subscribe' };
/// What was asked for, and what the broker said to it.
function ofRefusal(chain, i, event) {
  const { store } = chain;
  for (let n = i - 1; n >= Math.max(0, i - FAR); n -= 1) {
    if (store.kind(n) !== 'packet' || store.client(n) !== event.client) continue;
    const packet = store.get(n);
    if (packet.dir !== 'out' || packet.type !== ASKED[event.type] || packet.id !== event.id) continue;
    chain.add(n, 'what was asked for');
    break;
  }
  const opening = openingOf(chain, i, event.client);
  if (opening >= 0) chain.add(opening, 'the connection was opened');
  faultsBefore(chain, Math.max(0, opening), i, event.client);
  chain.say(`What it means: ${refusalText(event)}`);
}

function faultsBefore(chain, begin, end, client) {
  const { store } = chain;
  let found = 0;
  for (let n = end - 1; n >= Math.max(begin, end - FAR, 0) && found < 4; n -= 1) {
    const whose = store.client(n);
    if (store.kind(n) !== 'fault' || (whose >= 0 && client >= 0 && whose !== client)) continue;
    chain.add(n, 'a fault acted');
    found += 1;
  }
}

const BAD = /^(off|booting|none|searching|denied|lost|unknown|absent|unpowered|starting|pin|puk|failed)/;
/// What the device lacks at that time, which may have been so for long.
function deviceBefore(chain, end) {
  const { store } = chain;
  const known = new Set();
  for (let n = end - 1; n >= Math.max(0, end - FAR); n -= 1) {
    if (store.kind(n) !== 'device') continue;
    const { what, value } = store.get(n);
    const isContext = what.startsWith('context ');
    const key = isContext ? `context ${value}` : what;
    if (known.has(key)) continue;
    known.add(key);
    const bad = isContext ? what === 'context down' : value === false || BAD.test(String(value));
    if (bad) chain.add(n, 'the device');
  }
}

function timersBefore(chain, i, client) {
  const { store } = chain;
  for (let n = i - 1; n >= Math.max(0, i - 200); n -= 1) {
    if (store.kind(n) !== 'timer' || store.client(n) !== client) continue;
    const { what } = store.get(n);
    if (what === 'fired') return chain.add(n, 'a timer ran out');
  }
  return undefined;
}

/// +QMTOPEN: 0,3 and the like.
function ofOutcome(chain, i, event) {
  const client = chain.store.client(i);
  const head = chain.store.head(i);
  if (head >= 0) chain.add(head, 'the command');
  ofEnd(chain, i, client, head);
  const code = event.line.split(',').at(-1);
  chain.say(`The code of the outcome is ${code}`);
}

function ofResult(chain, i, event, head) {
  const { store } = chain;
  if (head >= 0) chain.add(head, 'the command');
  const begin = head >= 0 ? head : Math.max(0, i - 50);
  for (let n = begin; n < i; n += 1)
    if (store.kind(n) === 'lint' && store.get(n).channel === event.channel) chain.add(n, 'the lint found');
  faultsBefore(chain, Math.max(0, begin - 1), i, -1);
  const client = store.client(i);
  if (client < 0) return;
  stateBefore(chain, 0, i, client);
}

/// A command whose result or URC was an error, or that has lint in it.
function ofCommand(chain, head, block) {
  const { store } = chain;
  for (const part of [block.result, block.urc]) {
    if (part < 0 || !(store.flags(part) & FLAG.error)) continue;
    if (part !== head) chain.add(part, 'what it came to');
    ofEvent(chain, part, store.get(part));
  }
}

/// The last two commands of the channel: the one that came too early, and the one it did not wait for.
function ofBothCommands(chain, i, event) {
  const { store } = chain;
  const roles = ['the command that came early', 'the command that had no result yet'];
  for (let n = i - 1; n >= Math.max(0, i - FAR) && roles.length > 0; n -= 1)
    if (store.kind(n) === 'command' && store.channel(n) === event.channel) chain.add(n, roles.shift());
}

function ofLint(chain, i, event) {
  const { store } = chain;
  const command = (event.command ?? '').replace(/^AT/i, '');
  let found = 0;
  for (let n = i - 1; n >= Math.max(0, i - FAR) && found < 3; n -= 1) {
    const kind = store.kind(n);
    if (event.channel !== undefined && store.channel(n) !== event.channel) {
      if (kind === 'stat' && store.client(n) === event.client) chain.add(n, 'the client was down');
      continue;
    }
    if (kind === 'command' && store.get(n).line === command) {
      chain.add(n, found === 0 ? 'the command' : 'the same command before');
      found += 1;
    } else if (kind === 'prompt' && store.get(n).command === command && found === 0)
      chain.add(n, 'its prompt');
  }
  if (event.rule === 'command-before-result') ofBothCommands(chain, i, event);
  if (event.client !== undefined)
    for (const n of unanswered(chain, openingOf(chain, i, event.client), i, event.client))
      chain.add(n, 'under way');
}

/// One line about an event, for a step.
export function shortly(session, i) {
  const event = session.store.get(i);
  if (event.kind === 'packet') return `${event.dir === 'out' ? '→' : '←'} ${packetText(event)}`;
  if (event.kind === 'timer')
    return `timer ${event.name} ${event.what}${event.delay ? ` ${took(event.delay)}` : ''}`;
  return null;
}
