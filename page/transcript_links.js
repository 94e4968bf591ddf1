// What the links of the MQTT clients were asked and told, as steps of a transcript: `link open …`,
// `link says opened`. Told from the events of link, packet, client and timer. A request stands where
// the journal shows that it was made; the player looks at requests in their order, whenever they come.
// Only clients that the host opened on the channel of the transcript are told of.

import { bytesOf } from './payload.js';
import { escaped, escapedText, quoted } from './escapes.js';
import { ClientConfigs, connectRequest, parametersOf } from './transcript_config.js';
import { StepQueue } from './transcript_queue.js';

const FAILED = {
  'the name has no address': 'unresolved',
  refused: 'refused',
  'no answer, or no route': 'unreachable',
  'the TLS handshake failed': 'tls_failed',
};
const DOWN = {
  'closed by the broker': 'peer_closed',
  'the broker cannot be reached any more': 'unreachable',
  'CONNECT could not be sent': 'connect_unsent',
  'PINGREQ could not be sent': 'ping_unsent',
  'the broker broke the protocol': 'protocol_error',
  internal: 'internal',
};
const CLOSED_WHILE_OPENING = /^(no answer within|no TLS within|bearer lost|the module stops)/;

class Link {
  constructor(client, to, paired) {
    this.name = client === 0 ? 'link' : `link${client}`;
    this.queue = new StepQueue(to, paired);
  }
  asked(step) {
    this.queue.asked(`${this.name} ${step}`);
  }
  says(step, n) {
    this.queue.told(`${this.name} says ${step}`, n);
  }

  isUp = false; // as whoever stands for it sees it
  commands = {}; // the last of each name
  exchanges = new Set(); // msgIDs that are sent again when their timer runs out
  held = new Map(); // messages of qos 2 that were not released
  fired = -1; // msgID whose timer ran out last
}

export class TranscriptLinks {
  /// `to` has deed(...), stimulus(...) and remark(text); `pairs` says which events URCs tell of.
  constructor(to, pairs) {
    this.to = to;
    this.pairs = pairs;
    this.paired = new Set(pairs.values());
    this.links = new Map(); // of clients that are told of
    this.configs = new ClientConfigs();
    this.left = new Set();
  }

  /// The module is about to say what event n has.
  beforeSaid(n) {
    const told = this.pairs.get(n);
    if (told !== undefined) for (const { queue } of this.links.values()) queue.release(told);
  }
  releaseAll() {
    for (const { queue } of this.links.values()) queue.releaseAll();
  }

  see(event, n) {
    const { kind } = event;
    if (kind === 'command') return this.command(event);
    if (kind === 'result') return this.configs.result(event);
    if (kind === 'device') return this.device(event);
    if (!['link', 'packet', 'client', 'timer'].includes(kind) || !Number.isInteger(event.client))
      return undefined;
    const link = this.links.get(event.client);
    return link ? this[kind](event, link, n) : this.leftOut(event);
  }

  command({ line }) {
    const [, name, digit] = /^(\+QMT\w+)=(\d)/.exec(line) ?? [];
    const client = Number(digit);
    if (name === '+QMTOPEN' && !this.links.has(client))
      this.links.set(client, new Link(client, this.to, this.paired));
    const link = this.links.get(client);
    if (link) link.commands[name] = line;
  }

  leftOut({ client }) {
    if (this.left.has(client)) return;
    this.left.add(client);
    this.to.remark(`Client ${client} was not opened by the host of this channel, and is left out.`);
  }

  /// A module that stops closes all its links.
  device({ what, value }) {
    if (what === 'power' && value !== 'on') for (const link of this.links.values()) this.close(link);
  }

  close(link) {
    if (!link.isUp) return;
    link.isUp = false;
    link.asked('close');
  }

  link(event, link, n) {
    const { host, port, why } = event;
    switch (event.event) {
      case 'opening': {
        link.isUp = true;
        return link.asked(
          `open ${host} ${port}${event.tls ? ` tls=${this.configs.of(event.client).tls}` : ''}`,
        );
      }
      case 'negotiating':
        return link.says('negotiating', n);
      case 'established':
        return link.says('opened', n);
      case 'failed':
        return link.says(`opened ${FAILED[why] ?? 'unreachable'}`, n);
      case 'ended':
        link.hasEnded = true;
        return link.says(`disconnected${why ? ' failed' : ''}`, n);
      case 'lost':
        return this.lost(why ?? '', link, n);
      default:
        return this.to.remark(`The link of client ${event.client}: ${event.event}. ${why ?? ''}`.trim());
    }
  }

  lost(why, link, n) {
    if (/^context \d+ is gone/.test(why)) return; // the device did that
    const known = Object.keys(DOWN).find((text) => why.startsWith(text));
    link.says(`down ${DOWN[known] ?? 'internal'}`, n);
  }

  client({ client, from, to, why = '' }, link) {
    if (to === 'connecting') this.connect(client, link);
    else if (to === 'disconnecting') {
      link.hasEnded = false;
      link.asked('disconnect');
    } else if (to === 'closing') this.close(link);
    else if (to === 'idle') {
      link.exchanges.clear();
      const stays =
        from === 'closing' ||
        (from === 'opening' && !CLOSED_WHILE_OPENING.test(why)) ||
        (from === 'disconnecting' && (link.hasEnded || why === 'link ended'));
      if (!stays) this.close(link);
    }
  }

  connect(client, link) {
    const { request, remark } = connectRequest(link.commands['+QMTCONN'] ?? '', this.configs.of(client));
    if (remark) this.to.remark(remark);
    link.asked(request);
  }

  /// A timer that runs out and is set again goes with a packet that is sent again.
  timer({ name, what, id }, link) {
    if (name !== 'T1' || !id) return;
    const again = what === 'set' && link.fired === id && link.exchanges.has(id);
    link.fired = what === 'fired' ? id : -1;
    if (again) link.asked(`resend id=${id}`);
  }

  packet(event, link, n) {
    this[`${event.dir === 'out' ? 'sent' : 'got'}_${event.type}`]?.(event, link, n);
  }

  sent_subscribe({ id, topics, qoss }, link) {
    if (link.exchanges.has(id)) return;
    link.exchanges.add(id);
    const typed = parametersOf(link.commands['+QMTSUB'] ?? '').slice(2);
    const filters = topics ?? typed.filter((_, place) => place % 2 === 0);
    const qos = (place) => qoss?.[place] ?? typed[2 * place + 1];
    link.asked(
      `subscribe id=${id}${filters.map((one, place) => ` "${escapedText(one)}",${qos(place)}`).join('')}`,
    );
  }

  sent_unsubscribe({ id, topics }, link) {
    if (link.exchanges.has(id)) return;
    link.exchanges.add(id);
    const filters = topics ?? parametersOf(link.commands['+QMTUNS'] ?? '').slice(2);
    link.asked(`unsubscribe id=${id}${filters.map((one) => ` "${escapedText(one)}"`).join('')}`);
  }

  sent_publish(event, link, n) {
    const { qos, dup, retain, topic } = event;
    if (dup) return;
    const id = qos > 0 ? event.id : unnumberedId(link);
    if (qos > 0) link.exchanges.add(id);
    const payload = escaped(this.payload(event));
    link.asked(`publish id=${id} qos=${qos} retain=${Number(retain)} "${escapedText(topic)}" "${payload}"`);
    if (qos === 0) link.says(`written ${id}`, n);
  }

  payload({ payload, payload_length: whole, type, id }) {
    const bytes = typeof payload === 'string' ? bytesOf(payload) : new Uint8Array(0);
    if (payload === undefined || bytes.length < (whole ?? 0))
      this.to.remark(
        `Of the payload of ${type} ${id ?? ''} the journal has ${bytes.length} of ${whole ?? '?'} bytes.`,
      );
    return bytes;
  }

  sent_pingreq(event, link) {
    link.asked('ping');
  }

  got_connack({ code = 0, session }, link, n) {
    link.says(`connack ${code}${session ? ' session' : ''}`, n);
  }
  got_suback({ id, codes }, link, n) {
    link.exchanges.delete(id);
    if (!codes) this.to.remark('The journal does not tell the codes of this SUBACK.');
    link.says(`suback ${[id, ...(codes ?? [])].join(' ')}`, n);
  }
  got_unsuback(event, link, n) {
    answered('unsuback', event, link, n);
  }
  got_puback(event, link, n) {
    answered('puback', event, link, n);
  }
  got_pubcomp(event, link, n) {
    answered('pubcomp', event, link, n);
  }
  got_pubrec({ id }, link, n) {
    if (link.exchanges.has(id)) link.says(`pubrec ${id}`, n);
  }
  got_pingresp(event, link, n) {
    link.says('pong', n);
  }

  /// Of qos 2 the module is told with PUBREL, and once.
  got_publish(event, link, n) {
    const { id = 0, qos, topic } = event;
    const where = quoted(new TextEncoder().encode(topic));
    const told = `message ${id} ${qos} ${where} ${quoted(this.payload(event))}`;
    if (qos < 2) link.says(told, n);
    else if (!link.held.has(id)) link.held.set(id, told);
  }
  got_pubrel({ id }, link, n) {
    const told = link.held.get(id);
    link.held.delete(id);
    if (told) link.says(told, n);
  }
}

function answered(what, { id }, link, n) {
  if (link.exchanges.delete(id)) link.says(`${what} ${id}`, n);
}

/// The packet of a publish of qos 0 has no id; its command had one.
function unnumberedId(link) {
  const line = link.commands['+QMTPUBEX'] ?? link.commands['+QMTPUB'] ?? '';
  return Number(parametersOf(line)[1] ?? 0);
}
