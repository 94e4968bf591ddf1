// What a host configured for its MQTT clients (AT+QMTCFG), as far as requests of a link show it, and the
// request `connect` made from that and AT+QMTCONN. Parameters of a command are taken apart as the host
// wrote them, quotes taken off.

import { escapedText } from './escapes.js';

const USUAL = { version: 3, clean: 1, keepalive: 120, tls: 0, will: null };

/// What stands behind =, at commas that are in no quotes.
export function parametersOf(line) {
  const [, rest = ''] = /^[^=]*=(.*)$/s.exec(line) ?? [];
  const parts = rest.match(/("[^"]*"|[^,])+|(?<=,)(?=,|$)/g) ?? [];
  return parts.map((part) => part.replace(/^"(.*)"$/s, '$1'));
}

export class ClientConfigs {
  constructor() {
    this.configs = new Map();
  }

  of(client) {
    if (!this.configs.has(client)) this.configs.set(client, { ...USUAL });
    return this.configs.get(client);
  }

  /// A command that was accepted.
  result({ line, command = '' }) {
    if (line !== 'OK' || !/^\+QMTCFG=/i.test(command)) return;
    const [key, client, ...values] = parametersOf(command);
    if (values.length === 0) return;
    const config = this.of(Number(client));
    const [first, second] = values;
    if (key === 'version') config.version = Number(first);
    else if (key === 'session') config.clean = Number(first);
    else if (key === 'keepalive') config.keepalive = Number(first);
    else if (key === 'ssl') config.tls = Number(second ?? 0);
    else if (key === 'will') config.will = first === '1' ? values.slice(1) : null;
    else if (key === 'aliauth' || key === 'onenet') config.derived = key;
  }
}

/// {request, remark}
export function connectRequest(command, { version, clean, keepalive, will, derived }) {
  const [, id = '', user, password = ''] = parametersOf(command);
  let request = `connect version=${version} clean=${clean} keepalive=${keepalive} id="${escapedText(id)}"`;
  const signsIn = password !== '';
  if (user !== undefined && (signsIn || user !== '')) request += ` username="${escapedText(user)}"`;
  if (signsIn) request += ` password="${escapedText(password)}"`;
  if (will) {
    const [qos, retain, topic, message] = will;
    request += ` will qos=${qos} retain=${retain} "${escapedText(topic)}" "${escapedText(message)}"`;
  }
  const remark =
    derived && user === undefined ? `What ${derived} makes of the credentials is not in the journal.` : '';
  return { request, remark };
}
