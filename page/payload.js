// The bytes that an event is about, and three ways to show them: as text, hex, and JSON. Of a command
// with a prompt they are what was typed for it; of a PUBLISH what it carries, of +QMTRECV what stands
// behind the topic. Shown as text nodes, whatever is in them.

import { el, put } from './dom.js';

export function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function joined(parts) {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let place = 0;
  for (const part of parts) {
    all.set(part, place);
    place += part.length;
  }
  return all;
}

/// +QMTRECV: client,id,"topic"[,length],"payload"
function received(line) {
  const found = /^\+QMTRECV: \d,\d+,"[^"]*",(?:\d+,)?"?([\s\S]*?)"?$/.exec(line);
  return found ? new TextEncoder().encode(found[1]) : null;
}

/// What event i carries, or null.
export function payloadOf(session, i) {
  const { store, folder } = session;
  const block = folder.block(i);
  if (block?.payload.length > 0)
    return joined(
      block.payload
        .map((n) => store.get(n))
        .filter((event) => event.bytes !== undefined)
        .map((event) => bytesOf(event.bytes)),
    );
  const event = store.get(i);
  for (const name of ['payload_base64', 'payload'])
    if (typeof event[name] === 'string') return bytesOf(event[name]);
  if (typeof event.bytes === 'string') return bytesOf(event.bytes);
  if (event.kind === 'urc') return received(event.line);
  return null;
}

export function asText(bytes) {
  return new TextDecoder().decode(bytes);
}

export function asHex(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const hex = row
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join(' ')
      .padEnd(47);
    const text = row.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(4, '0')}  ${hex}  ${text}`);
  }
  return lines.join('\n');
}

/// Indented, each value as it was written; null when it is no JSON.
export function asJson(bytes) {
  const text = asText(bytes);
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  let shown = '';
  let depth = 0;
  const tokens = text.match(/"(?:\\.|[^"\\])*"|[[\]{}:,]|[^\s[\]{}:,"]+/g);
  tokens.forEach((token, n) => {
    const opens = token === '{' || token === '[';
    const closes = token === '}' || token === ']';
    const isEmpty = closes && /[[{]/.test(tokens[n - 1]) && tokens[n - 1].length === 1;
    if (closes) depth -= 1;
    const fresh = n > 0 && (closes ? !isEmpty : /^[[{,]$/.test(tokens[n - 1]));
    shown += `${fresh ? `\n${'  '.repeat(depth)}` : ''}${token}${token === ':' ? ' ' : ''}`;
    if (opens) depth += 1;
  });
  return shown;
}

const SHOWN = 16 * 1024;
let last = 'text';

/// The payload with a choice of how it is shown. `whole` is how long it is, if that is more than is
/// kept of it.
export function payloadView(bytes, whole = bytes.length) {
  const shown = el('pre', { class: 'payload', tabindex: '0', 'aria-label': 'Payload' });
  const part = bytes.subarray(0, SHOWN);
  const json = asJson(bytes);
  const ways = { text: () => asText(part), hex: () => asHex(part) };
  if (json !== null) ways.JSON = () => json;
  const buttons = Object.keys(ways).map((way) =>
    el('button', { type: 'button', 'data-way': way, onclick: () => show(way) }, way),
  );
  const show = (way) => {
    last = way;
    put(shown, ways[way]());
    for (const each of buttons) each.setAttribute('aria-pressed', String(each.dataset.way === way));
  };
  show(ways[last] ? last : 'text');
  const kept = whole > bytes.length ? `, of which the journal has the first ${bytes.length}` : '';
  const cut = bytes.length > SHOWN ? `, the first ${SHOWN} shown` : '';
  return el(
    'section',
    { class: 'payload-view' },
    el('h3', {}, `Payload, ${whole} B${kept}${cut}`),
    el('div', { class: 'group', role: 'group', 'aria-label': 'Payload as' }, buttons),
    shown,
  );
}
