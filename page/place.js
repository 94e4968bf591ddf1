// The address of the page behind its #: which modem, which event and of which run of the program, the
// filter, and an entry of the manual, so that a link shows somebody else the same. Written without a new entry in the history for each change.
// What is as usual is left out.

import { Filter } from './filter.js';

export function readPlace() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const seq = Number(parameters.get('event'));
  const run = parameters.get('run');
  return {
    modem: parameters.get('modem') ?? '',
    seq: Number.isInteger(seq) && seq > 0 ? seq : 0,
    run: run === null ? undefined : Number(run),
    of: parameters.get('of') ?? '',
    manual: parameters.get('manual') ?? '',
    filter: Filter.read(parameters),
  };
}

/// The address of an event under a filter.
export function placeOf({ modem, seq, run, of, filter }) {
  const parameters = new URLSearchParams();
  if (seq) parameters.set('event', seq);
  if (seq && run !== undefined) parameters.set('run', run);
  if (seq && of) parameters.set('of', of);
  if (modem) parameters.set('modem', modem);
  filter.write(parameters);
  return `#${parameters}`;
}

/// The address of an entry of the manual, with all else as it is.
export function placeOfManual(id) {
  const parameters = new URLSearchParams(location.hash.slice(1));
  parameters.set('manual', id);
  return `#${parameters}`;
}

let written = location.hash;
export function writePlace(place) {
  const hash = placeOf(place);
  if (hash === written) return;
  written = hash;
  history.replaceState(null, '', hash === '#' ? location.pathname + location.search : hash);
}

/// Tells when the person or a link has changed it.
export function onPlace(listener) {
  addEventListener('hashchange', () => {
    if (location.hash === written) return;
    written = location.hash;
    listener(readPlace());
  });
}
