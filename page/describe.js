// An event in the figure of four lanes: between which lanes it goes, what it says, and what it is
// marked as. Lanes are 0 host, 1 modem, 2 link, 3 broker; what goes from a lane to the same one is a
// note there. Texts only; who draws them is lane_row.js.

import { FLAG } from './store.js';
import { codesText } from './mqtt_codes.js';

const HOST = 0;
const MODEM = 1;
const LINK = 2;
const BROKER = 3;

/// A length of time, short: 0.257 s, 12 ms, 0 s.
export function took(seconds) {
  if (seconds === 0) return '0 s';
  if (seconds < 0.001) return `${Math.round(seconds * 1e6)} µs`;
  if (seconds < 0.1) return `${(seconds * 1000).toFixed(1)} ms`;
  return `${seconds.toFixed(seconds < 10 ? 3 : 1)} s`;
}

export const readableText = (text) => text.replaceAll('\\x0D', '\\r').replaceAll('\\x0A', '\\n');

const about = (event) => (Number.isInteger(event.client) ? `client ${event.client} ` : '');

/// a/# qos 1, b qos 0
const filtersText = ({ topics, qoss }) =>
  topics.map((topic, n) => (qoss?.[n] === undefined ? topic : `${topic} qos ${qoss[n]}`)).join(', ');

/// CONNECT, PUBLISH id 2 qos 1 dup topic/a.
export function packetText(event) {
  const parts = [event.type.toUpperCase()];
  if (event.id !== undefined) parts.push(`id ${event.id}`);
  if (event.qos !== undefined) parts.push(`qos ${event.qos}`);
  if (event.dup) parts.push('dup');
  if (event.retain) parts.push('retain');
  if (event.topic !== undefined) parts.push(event.topic);
  if (Array.isArray(event.topics)) parts.push(filtersText(event));
  if (event.client_id !== undefined) parts.push(`as ${event.client_id}`);
  if (event.keepalive !== undefined) parts.push(`keep-alive ${event.keepalive} s`);
  const codes = codesText(event);
  if (codes) parts.push(codes);
  else if (event.code !== undefined) parts.push(`code ${event.code}`);
  parts.push(`${event.length} B`);
  return parts.join(' ');
}

function linkText(event) {
  const where = event.host ? ` ${event.host}:${event.port}${event.tls ? ' TLS' : ''}` : '';
  const tls = event.tls_version ? ` ${event.tls_version} ${event.tls_suite ?? ''}`.trimEnd() : '';
  return `${about(event)}${event.event}${where}${tls}${event.why ? `: ${event.why}` : ''}`;
}

function linkLanes(event) {
  if (event.event === 'opening') return [MODEM, BROKER];
  if (event.event === 'lost' || event.event === 'established') return [BROKER, MODEM];
  return [LINK, LINK];
}

function timerText(event) {
  const id = event.id ? ` id ${event.id}` : '';
  const delay = event.delay !== undefined ? ` ${took(event.delay)}` : '';
  const whose = event.channel ? `${event.channel} ` : about(event);
  return `${whose}timer ${event.name}${id} ${event.what}${delay}`;
}

function controlText(event) {
  const { method = '', path = '' } = event;
  const place = path.replace(/^\/v1\/modems\/[^/]+/, '');
  const more = event.line ?? event.text ?? event.name ?? event.action ?? '';
  return `${method} ${place || '/'} ${readableText(String(more))}`.trim();
}

const bytesText = (event) =>
  event.text !== undefined ? readableText(event.text) : `${event.file_bytes ?? 0} bytes of a file`;

const DRAWN = {
  rx: (e) => [HOST, MODEM, bytesText(e), e.lost ? `lost: ${e.lost}` : ''],
  tx: (e) => [MODEM, HOST, bytesText(e), e.echo ? 'echo' : ''],
  wire: (e) => [MODEM, HOST, e.lost === true ? 'nothing came of it' : bytesText(e), 'on the wire'],
  command: (e) => [HOST, MODEM, `AT${e.line}`],
  result: (e) => [MODEM, HOST, e.line, e.why ?? ''],
  urc: (e) => [MODEM, HOST, e.line, e.inserted ? `put in by request: ${e.inserted}` : ''],
  prompt: (e) => [MODEM, HOST, '> ', e.wanted > 0 ? `wants ${e.wanted} B` : ''],
  data: (e) => [HOST, MODEM, `${e.bytes} B of data are complete`],
  link: (e) => [...linkLanes(e), linkText(e)],
  packet: (e) => (e.dir === 'out' ? [MODEM, BROKER] : [BROKER, MODEM]).concat(`${about(e)}${packetText(e)}`),
  client: (e) => [MODEM, MODEM, `${about(e)}${e.from} → ${e.to}`, e.why],
  stat: (e) => [MODEM, MODEM, `${about(e)}is down, code ${e.code}`, e.why],
  device: (e) => [MODEM, MODEM, `${e.what}: ${e.value}`],
  fault: (e) => [MODEM, MODEM, `fault ${e.name} (${e.type}) acts`, about(e)],
  lint: (e) => [HOST, HOST, `lint ${e.rule}: ${e.text}`, e.clause],
  control: (e) => [HOST, HOST, controlText(e), 'control'],
  time: (e) => [MODEM, MODEM, `time: ${e.what}`],
  timer: (e) => [MODEM, MODEM, timerText(e)],
  page: (e) => [HOST, HOST, e.text],
};

/// {from, to, text, more, mark}
export function drawn(event) {
  const draw = DRAWN[event.kind];
  const [from, to, text, more = ''] = draw
    ? draw(event)
    : [MODEM, MODEM, `${event.kind}: ${event.text ?? event.what ?? ''}`];
  return { from, to, text: String(text), more: String(more ?? '') };
}

/// What a command came to: result, how long it took, its limit, and the URC with the outcome.
export function outcome(session, head) {
  const { store, folder } = session;
  const block = folder.block(head);
  if (!block) return '';
  const parts = [];
  const bytes = payloadSize(session, block);
  if (bytes > 0) parts.push(`${bytes} B`);
  if (block.result >= 0) {
    const { line, took: time, limit, why } = store.get(block.result);
    const most = limit > 0 ? ` of ${took(limit)}` : '';
    parts.push(`${line} (${took(time)}${most}${why ? `, ${why}` : ''})`);
  } else parts.push('…');
  if (block.urc >= 0) {
    const after = store.t(block.urc) - store.t(head);
    parts.push(`${store.get(block.urc).line} (${took(after)})`);
  }
  return parts.join(' → ');
}

function payloadSize(session, block) {
  let size = 0;
  for (const i of block.payload) {
    const event = session.store.get(i);
    const padding = /=*$/.exec(event.bytes ?? '')[0].length;
    size += event.bytes !== undefined ? (event.bytes.length / 4) * 3 - padding : (event.file_bytes ?? 0);
  }
  return size;
}

const MARKS = [
  [FLAG.error, 'error'],
  [FLAG.lint, 'lint'],
  [FLAG.fault, 'fault'],
  [FLAG.inserted, 'inserted'],
  [FLAG.loss, 'lost'],
];
/// Names of what an event is marked as.
export const marksOf = (flags) => MARKS.filter(([flag]) => flags & flag).map(([, name]) => name);
