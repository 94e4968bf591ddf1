// The links of each MQTT client and how they ended, told from the events of link, client and stat: the
// last five of each, with where in the session they were opened. What the journal does not say of a
// link (an end that was lost) stays open until the next one begins.

const KEPT = 5;

export class LinkHistory {
  constructor() {
    this.clients = new Map(); // client_idx -> links, the latest last
  }

  of(client) {
    return this.clients.get(client) ?? [];
  }

  /// `key` is the number of the event, counted with those that are gone.
  see(key, event) {
    if (!Number.isInteger(event.client)) return;
    if (event.kind === 'link') this.link(key, event);
    else if (event.kind === 'stat') this.stat(event);
    else if (event.kind === 'client' && event.to === 'idle') this.end(event, event.why);
  }

  link(key, event) {
    if (event.event === 'opening') return this.begin(key, event);
    const link = this.of(event.client).at(-1);
    if (!link) return undefined;
    if (event.event === 'established') {
      const { tls_version: version = '', tls_suite: suite = '' } = event;
      Object.assign(link, { established: event.t, version, suite });
    } else if (event.event === 'failed') this.end(event, event.why);
    else if (event.event === 'lost') this.end(event, event.why);
    else if (event.event === 'ended') this.end(event, event.why ?? 'ended by DISCONNECT');
    return undefined;
  }

  begin(key, { client, t, host, port, tls }) {
    const links = this.of(client);
    links.push({ key, opened: t, host, port, tls });
    if (links.length > KEPT) links.shift();
    this.clients.set(client, links);
  }

  /// The first that is told of an end is what ended it.
  end({ client, t }, why) {
    const link = this.of(client).at(-1);
    if (link && link.ended === undefined) Object.assign(link, { ended: t, why: why ?? '' });
  }

  stat({ client, t, code, why }) {
    const link = this.of(client).at(-1);
    if (!link || link.code !== undefined) return;
    this.end({ client, t }, why);
    link.code = code;
  }

  /// The program is another one: what was open is so no more.
  restart() {
    for (const links of this.clients.values()) {
      const link = links.at(-1);
      if (link && link.ended === undefined) Object.assign(link, { ended: null, why: 'the program ended' });
    }
  }
}

/// host:port, TLSv1.3, 12.3 s: closed by the broker, +QMTSTAT code 1
export function linkText(link) {
  const where = `${link.host}:${link.port}${link.tls ? `, ${link.version || 'TLS'}` : ''}`;
  if (link.ended === undefined) return `${where}, ${link.established === undefined ? 'opening' : 'up'}`;
  const lasted =
    link.ended === null || link.established === undefined
      ? ''
      : `, up for ${(link.ended - link.established).toFixed(1)} s`;
  const code = link.code === undefined ? '' : `, +QMTSTAT code ${link.code}`;
  return `${where}${lasted}: ${link.why}${code}`;
}
