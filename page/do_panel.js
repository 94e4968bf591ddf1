// The panel of what can be done: the table of actions, faults, and a terminal, for the modem that is
// chosen. Asks the program for the types of faults, and for those that are set while it is in sight.
// What the actions are is in actions.js; what one looks like, in action.js.

import { Action } from './action.js';
import { actions } from './actions.js';
import { FaultForm } from './fault_form.js';
import { Snapshot } from './snapshot.js';
import { Terminal } from './terminal.js';
import { el } from './dom.js';

export class DoPanel {
  constructor(panel, api, changed) {
    this.panel = panel;
    this.api = api;
    this.changed = () => {
      changed();
      this.listFaults();
    };
  }

  use(modem, session, isFirst) {
    this.at = { path: `/modems/${encodeURIComponent(modem)}`, modem: isFirst ? undefined : modem };
    const to = { run: ([method, path, body]) => this.api.request(method, path, body), changed: this.changed };
    this.actions = new Map(actions(this.at).map((what) => [what.id, new Action(what, to)]));
    this.terminal = new Terminal(this.at, this.api, session, to);
    const snapshot = new Snapshot(this.at, this.api, to);
    this.faultPlace = el('div', {});
    this.faultForm = null;
    this.panel.replaceChildren(
      el('h2', {}, 'Do'),
      ...this.elements('power', 'signal', 'registration', 'sim', 'bearer'),
      this.faultPlace,
      ...this.elements('urc', 'sms', 'inject', 'time', 'scale', 'advance', 'dtr'),
      ...snapshot.elements,
      this.terminal.element,
    );
    this.to = to;
    this.faultTypes();
  }

  /// What the terminal offers while something is typed.
  complete(manual) {
    this.terminal?.complete(manual);
  }

  elements(...ids) {
    return ids.map((id) => this.actions.get(id).element);
  }

  async faultTypes() {
    const { at } = this;
    const { types } = await this.api.get('/faults').catch(() => ({ types: [] }));
    if (at !== this.at || types.length === 0 || this.faultForm) return;
    this.faultForm = new FaultForm(types, at, this.to);
    this.faultPlace.replaceChildren(this.faultForm.element);
    this.listFaults();
  }

  async listFaults() {
    const { at } = this;
    const answer = await this.api.get(`${at.path}/faults`).catch(() => null);
    if (answer && at === this.at) this.faultForm?.show(answer.faults);
  }

  /// The program is another one: what it has told may be otherwise.
  restarted() {
    if (!this.faultForm) this.faultTypes();
  }

  show(state) {
    if (!this.actions) return;
    const names = state.channels.map(({ name }) => name);
    this.actions.get('urc').choices('channel', names);
    this.actions.get('dtr').choices('channel', names);
    this.terminal.show(state.channels);
    if (document.body.dataset.view !== 'do') return;
    if (!this.faultForm) this.faultTypes();
    this.listFaults();
  }
}
