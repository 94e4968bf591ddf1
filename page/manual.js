// The manual of the commands and URCs of the module, as the program tells it (GET /v1/commands), or
// as a page that was taken away has it: what an event is about, what a text is found in, and what may
// be typed. Knows nothing of elements; manual_panel.js shows it.

import { codesOf, codeText } from './code_meanings.js';

/// ATE0, AT&D2: what is set stands behind the name.
const isBasic = (name) => !/^AT[+^$]/.test(name);
const written = (name, key) => (isBasic(name) ? name : `${name}=${key ? `"${key}",` : ''}`);

const FORMS = {
  test: (name) => `${name}=?`,
  read: (name) => `${name}?`,
  write: written,
  set: written,
  execution: (name) => name,
};

/// The name that a command line or URC begins with, and its first argument if that is quoted.
function nameIn(line) {
  const [, name = ''] = /^((?:[+&^$]?[A-Z]+[A-Z0-9]*)|\\[A-Z]+)/i.exec(line) ?? [];
  const [, key = ''] = /^[^=]*=\s*"([^"]*)"/.exec(line) ?? [];
  return { name: name.toUpperCase(), key: key.toLowerCase() };
}

const idOf = ({ name, key = '' }) => (key ? `${name}:${key}` : name);

/// How a URC begins, up to what differs: the literal part of its parameters.
const beginningOf = ({ name, params }) => (params ? `${name}: ${/^[^<[]*/.exec(params)[0]}` : name);
const commasIn = (text) => text.replace(/\[[^\]]*\]/g, '').split(',').length;

/// 0–5, "a" or "b", what is allowed for a parameter, as a text.
export function allowedText({ kind, low, high, choices = [], words = [] }) {
  if (words.length > 0) return words.map((word) => `"${word}"`).join(' or ');
  if (choices.length > 0) return choices.join(' or ');
  if (kind === 'text') return low === undefined ? 'text' : `text of ${low} to ${high} characters`;
  return low === undefined ? 'number' : low === high ? String(low) : `${low} to ${high}`;
}

/// AT+QMTSUB=<client_idx>,<msgID>,<topic>,<qos>[,…]
export function signatureOf({ name, params = [], key = '', repeats = 0 }) {
  const parts = params.map(({ name: own, optional }, n) => {
    const comma = n > 0 || key ? ',' : '';
    return optional ? `[${comma}<${own}>]` : `${comma}<${own}>`;
  });
  const before = `${name}${isBasic(name) ? '' : '='}${key ? `"${key}"` : ''}`;
  return `${before}${parts.join('')}${repeats > 0 ? '[,…]' : ''}`;
}

export class Manual {
  constructor({ commands = [], urcs = [], codes = [], lint = [] } = {}) {
    this.data = { commands, urcs, codes, lint };
    this.byId = new Map();
    for (const entry of commands) this.add(entry, true);
    for (const entry of urcs) this.add(entry, false);
  }

  /// Of several of one name, such as +QIND, the later ones are numbered.
  add(entry, isCommand) {
    let id = idOf(entry);
    for (let n = 2; this.byId.has(id); n += 1) id = `${idOf(entry)}:${n}`;
    this.byId.set(id, { ...entry, id, isCommand, text: searchText(entry) });
  }

  get length() {
    return this.byId.size;
  }
  get entries() {
    return [...this.byId.values()];
  }
  find(id) {
    return this.byId.get(id) ?? null;
  }

  /// The entry of a command line without its AT; of one with a key that is not known, the bare one.
  ofCommand(line) {
    const { name, key } = nameIn(line);
    if (!name) return this.find('AT');
    const full = `AT${name}`;
    return (key && this.find(`${full}:${key}`)) || this.find(full) || this.withKey(full);
  }

  withKey(name) {
    return this.entries.find((entry) => entry.name === name) ?? null;
  }

  ofUrc(line) {
    const { name } = nameIn(line);
    const fits = (entry) =>
      !entry.isCommand &&
      entry.name === name &&
      line.startsWith(beginningOf(entry)) &&
      commasIn(entry.params ?? '') <= commasIn(line);
    const length = (entry) => beginningOf(entry).length * 100 + commasIn(entry.params ?? '');
    const [best] = this.entries.filter(fits).sort((a, b) => length(b) - length(a));
    return this.find(line) ?? best ?? this.find(name) ?? this.find(`AT${name}`);
  }

  /// The entry that an event is about, or null.
  ofEvent({ kind, line = '', command }) {
    if (kind === 'command') return this.ofCommand(line);
    if (kind === 'result' || kind === 'prompt') return command === undefined ? null : this.ofCommand(command);
    return kind === 'urc' ? this.ofUrc(line) : null;
  }

  /// What the numbers of a URC mean, and what is to be done: a sentence each. Of a bare result of 0
  /// there is nothing to say.
  meaningsOf({ kind, line = '', client, code, rule }) {
    if (kind === 'lint') return (this.data.lint ?? []).filter(({ id }) => id === rule).map(({ help }) => help);
    const urc = kind === 'stat' ? `+QMTSTAT: ${client},${code}` : kind === 'urc' ? line : '';
    return codesOf(this.data.codes, urc).map(codeText);
  }

  /// Those that have all words of a text in their name, summary or parameters.
  search(text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const hits = this.entries.filter((entry) => words.every((word) => entry.text.includes(word)));
    const begins = (entry) => Number(!words.some((word) => entry.name.toLowerCase().includes(word)));
    return words.length === 0 ? hits : hits.sort((a, b) => begins(a) - begins(b));
  }

  /// What may be typed, in all forms.
  completions() {
    return this.entries
      .filter(({ isCommand }) => isCommand)
      .flatMap(({ name, key, forms = [] }) => [
        ...new Set(forms.map((form) => FORMS[form]?.(name, key)).filter(Boolean)),
      ]);
  }
}

function searchText({ name, key = '', summary = '', params = [], section = '', source = '' }) {
  const parameters = Array.isArray(params)
    ? params.map(({ name: own, words = [] }) => `${own} ${words.join(' ')}`).join(' ')
    : params;
  return `${name} "${key}" ${summary} ${parameters} ${source} ${section}`.toLowerCase();
}
