// What was changed around the module by request, as the scenario of a transcript: signal, service, SIM,
// and contexts that the network took down. Read from what the device made of each request at the same
// time; times are those since the session begins.

const SIGNAL = ['rsrp', 'rsrq', 'rssi', 'sinr'];
const USUAL = { rsrp: -85, rsrq: -10, rssi: -65, sinr: 17 };
const SERVICES = ['home', 'roaming', 'denied'];

const isChange = ({ kind, method, path = '' }) =>
  kind === 'control' && method === 'PATCH' && path.endsWith('/surroundings');

/// Puts what a device event tells into a change.
function tell(change, { what, value }) {
  if (SIGNAL.includes(what)) change.signal = { ...change.signal, [what]: value };
  else if (what === 'registration') change.service = SERVICES.includes(value) ? value : 'none';
  else if (what === 'sim') change.sim_inserted = value !== 'absent' && value !== 'removed';
  else if (what === 'context down') change.deactivate = [...(change.deactivate ?? []), value];
}

function changeAt(events, n, begin) {
  const { t } = events[n];
  const change = {};
  for (let i = n + 1; i < events.length && events[i].t === t; i += 1)
    if (events[i].kind === 'device') tell(change, events[i]);
  // Where the network is gone, so are its contexts.
  if (change.service !== undefined || change.sim_inserted === false) delete change.deactivate;
  return Object.keys(change).length > 0 ? { at: Number((t - begin).toFixed(6)), ...change } : null;
}

/// The signal when the session begins, where it is not as usual.
function signalBefore(events, start) {
  const signal = {};
  for (const { kind, what, value } of events.slice(0, start))
    if (kind === 'device' && SIGNAL.includes(what)) signal[what] = value;
  return Object.fromEntries(Object.entries(signal).filter(([name, value]) => value !== USUAL[name]));
}

/// {line, told}: the setting, or '', and the numbers of the requests that it tells of.
export function scenarioOf(events, start) {
  const told = new Set();
  const changes = [];
  const begin = events[start]?.t ?? 0;
  for (let n = start; n < events.length; n += 1) {
    const change = isChange(events[n]) ? changeAt(events, n, begin) : null;
    if (!change) continue;
    told.add(n);
    changes.push(change);
  }
  const signal = signalBefore(events, start);
  const scenario = {
    ...(Object.keys(signal).length > 0 && { signal }),
    ...(changes.length > 0 && { events: changes }),
  };
  return { line: Object.keys(scenario).length > 0 ? `scenario ${JSON.stringify(scenario)}` : '', told };
}
