// The page: makes its parts, connects them to the program (or to a journal that is embedded in the
// page, when it is a file that somebody took away), and goes on until it is closed.
// What each part does is its own affair; here is who tells whom.

import { Api } from './api.js';
import { byId, el, put, refill } from './dom.js';
import { embedded } from './embedded.js';
import { EventPanel } from './event_panel.js';
import { Feed } from './feed.js';
import { Figure } from './figure.js';
import { laneNames } from './lanes.js';
import { Manual } from './manual.js';
import { ManualPanel } from './manual_panel.js';
import { onPlace, placeOfManual, readPlace } from './place.js';
import { Session } from './session.js';
import { StatePanel } from './state_panel.js';
import { Tabs } from './tabs.js';
import { askForToken } from './token_dialog.js';
import { DoPanel } from './do_panel.js';
import { TakePanel } from './take_panel.js';

const STATE_EVERY = 1000;
const TICK_EVERY = 250;

class Page {
  constructor() {
    this.api = new Api(askForToken);
    this.manual = new Manual();
    this.tabs = new Tabs(document.querySelector('.tabs'), (view) => this.viewed(view));
    this.eventPanel = new EventPanel(byId('panel-event'), {
      go: (i) => this.figure.go(i),
      fold: (i) => this.figure.fold(i),
      link: (i) => this.figure.link(i),
      entry: (event) => this.manual.ofEvent(event),
      meanings: (event) => this.manual.meaningsOf(event),
      entryLink: placeOfManual,
      showEntry: (id) => this.showEntry(id),
    });
    this.statePanel = new StatePanel(byId('panel-state'), {
      link: (key) => this.figure.link(key - this.session.store.dropped),
      go: (key) => this.goToKey(key),
    });
    this.manualPanel = new ManualPanel(byId('panel-manual'), placeOfManual);
    this.takePanel = new TakePanel(byId('panel-take'), this);
    laneNames(byId('lane-names'));
    onPlace((place) => this.placeChanged(place));
  }

  async start() {
    const journal = embedded();
    if (journal) return this.startEmbedded(journal);
    this.doPanel = new DoPanel(byId('panel-do'), this.api, () => this.refresh());
    byId('modem').addEventListener('change', (event) =>
      this.open({ ...readPlace(), seq: 0, modem: event.target.value }),
    );
    setInterval(() => this.refresh(), STATE_EVERY);
    setInterval(() => this.statePanel.tick(), TICK_EVERY);
    const place = await this.firstPlace();
    this.open(place);
    await this.loadManual();
    if (place.manual) this.showEntry(place.manual);
  }

  /// A program that has none, or one that is not there yet, leaves the panel as it is.
  async loadManual() {
    const told = await this.api.get('/commands').catch(() => null);
    if (told?.commands) this.useManual(told);
  }

  useManual(told) {
    this.manual = new Manual(told);
    this.manualPanel.use(this.manual);
    this.doPanel?.complete(this.manual);
    this.figure?.lanes.changed('rebuilt');
  }

  showEntry(id) {
    this.tabs.show('manual');
    this.manualPanel.show(id);
  }

  goToKey(key) {
    const i = key - this.session.store.dropped;
    if (i < 0) return;
    this.tabs.show('event');
    this.figure.go(i);
  }

  viewed(view) {
    this.refresh();
    if (view === 'take') this.takePanel?.shown();
  }

  startEmbedded({ modem, lines, state, manual }) {
    document.body.classList.add('taken');
    byId('tab-do').remove();
    this.tabs.tabs = this.tabs.tabs.filter((tab) => tab.isConnected);
    byId('panel-do').remove();
    byId('modem-field').remove();
    this.showSession(new Session(modem), readPlace());
    this.session.addLines(lines);
    if (manual) this.useManual(manual);
    if (state) this.showState(state);
    const { manual: entry } = readPlace();
    if (entry) this.showEntry(entry);
    this.status(`Taken away: ${lines.length.toLocaleString('en')} events of ${modem}`, true);
    this.takePanel.offline();
  }

  /// Waits until the program says which modems it has.
  async firstPlace() {
    for (;;) {
      try {
        await this.listModems();
        break;
      } catch (error) {
        this.status(`Not connected, trying again: ${error.message}`, false);
        await new Promise((done) => setTimeout(done, 1000));
      }
    }
    const place = readPlace();
    if (!place.modem || this.modems.includes(place.modem)) return place;
    return { ...place, modem: '', seq: 0, missing: place.modem };
  }

  async listModems() {
    const { modems } = await this.api.get('/modems');
    this.modems = modems.map(({ name }) => name);
    refill(byId('modem'), modems, () =>
      modems.map(({ name, model }) => el('option', { value: name }, `${name} (${model})`)),
    );
    byId('modem-field').classList.toggle('hidden', modems.length < 2);
  }

  open(place) {
    this.feed?.stop();
    const modem = place.modem || this.modems[0];
    byId('modem').value = modem;
    this.showSession(new Session(modem), place);
    this.doPanel.use(modem, this.session, modem === this.modems[0]);
    this.doPanel.complete(this.manual);
    this.feed = new Feed(this.api, modem, this.feedTo(this.session));
    this.feed.run();
    this.refresh();
  }

  feedTo(session) {
    return {
      onLines: (lines) => session.addLines(lines),
      onRun: () => {
        session.newRun();
        session.runName = '';
        this.doPanel.restarted();
        this.loadManual();
        this.listModems().catch(() => {});
      },
      onStatus: (text, good) => this.status(text, good),
      position: () => session.position(),
    };
  }

  showSession(session, place) {
    this.session = session;
    this.figure?.close();
    this.eventPanel.clear();
    this.figure = new Figure(session, place, this.eventPanel, (view, focus) => this.tabs.show(view, focus));
  }

  placeChanged(place) {
    if (place.manual) this.showEntry(place.manual);
    if (place.modem && this.modems && !this.modems.includes(place.modem)) {
      this.figure.say(`There is no modem ${place.modem}`);
      return undefined;
    }
    if (place.modem && place.modem !== this.session.modem && this.modems) return this.open(place);
    return this.figure.useFilter(place.filter).then(() => {
      this.figure.wanted = place.seq ? place : null;
      this.figure.goWanted();
    });
  }

  status(text, good) {
    put(byId('status'), text);
    byId('status').classList.toggle('bad', !good);
  }

  async refresh() {
    if (document.hidden || this.asking || !this.session || document.body.classList.contains('taken')) return;
    this.asking = true;
    try {
      this.showState(await this.api.get(`/modems/${encodeURIComponent(this.session.modem)}`));
    } catch {
      // The stream says that there is no connection.
    }
    this.asking = false;
  }

  showState(state) {
    if (state.name !== this.session.modem) return;
    this.state = state;
    this.feed?.saw(state.run);
    if (state.run && !this.session.runName) {
      this.session.runName = state.run.slice(0, 8);
      this.figure.goWanted();
    }
    const { power, registration, signal, time } = state;
    const clock = `${time.now.toFixed(1)} s${time.scale === 1 ? '' : ` × ${time.scale}`}${time.paused ? ', paused' : ''}`;
    put(byId('summary'), `${state.model} · ${power} · ${registration} · ${signal.rsrp} dBm · ${clock}`);
    this.statePanel.show(state, this.session);
    this.doPanel?.show(state);
  }
}

const page = new Page();
page.start();
// For whoever looks into it with the tools of a browser.
globalThis.eg91xq = page;
