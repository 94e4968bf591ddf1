// The modem at rest, taken down as a file and put back: two actions of the panel "Do". What was taken
// last is put back unless a file is chosen.

import { Action } from './action.js';
import { ctlLine } from './command_line.js';
import { el, labelled, freshId } from './dom.js';
import { download } from './download.js';

export class Snapshot {
  constructor(at, api, to) {
    this.at = at;
    this.api = api;
    this.taken = null;
    this.file = el('input', { type: 'file', id: freshId('snapshot'), accept: '.json,application/json' });
    const save = new Action(this.saving(), { run: () => this.save(), changed: to.changed });
    const load = new Action(this.loading(), { run: () => this.load(), changed: to.changed });
    load.form.prepend(labelled('File', this.file));
    this.file.addEventListener('change', () => load.lines());
    this.elements = [save.element, load.element];
  }

  get name() {
    return `${this.at.modem ?? 'modem'}-snapshot.json`;
  }

  saving() {
    const { modem } = this.at;
    return {
      id: 'snapshot-save',
      title: 'Snapshot: take down',
      button: 'Take it down',
      about: 'The modem at rest, as a file. While an exchange is under way it is refused.',
      fields: [],
      request: () => [],
      said: () => 'Taken down',
      ctl: () => ctlLine(['snapshot', 'save'], { modem, positionals: [this.name] }),
      py: () => 'snapshot = modem.snapshot()',
    };
  }

  loading() {
    const { modem } = this.at;
    return {
      id: 'snapshot-load',
      title: 'Snapshot: put back',
      button: 'Put it back',
      about: 'The one that was taken down here last, unless a file is chosen.',
      fields: [],
      request: () => [],
      said: () => 'As it was',
      ctl: () =>
        ctlLine(['snapshot', 'load'], { modem, positionals: [this.file.files[0]?.name ?? this.name] }),
      py: () => 'modem.restore(snapshot)',
    };
  }

  async save() {
    this.taken = await this.api.get(`${this.at.path}/snapshot`);
    download([JSON.stringify(this.taken, null, 1)], this.name, 'application/json');
  }

  async load() {
    const [file] = this.file.files;
    const snapshot = file ? JSON.parse(await file.text()) : this.taken;
    if (!snapshot) throw new Error('nothing was taken down yet, and no file is chosen');
    await this.api.request('PUT', `${this.at.path}/snapshot`, snapshot);
  }
}
