// A broker that refuses: CONNECT of the client `stranger` with code 5, and topics that begin with
// `secret` with 0x80. Speaks as much of MQTT 3.1.1 as that takes. Not for anything else.
import net from 'node:net';

const text = (bytes, at) => {
  const length = bytes.readUInt16BE(at);
  return { value: bytes.toString('utf8', at + 2, at + 2 + length), next: at + 2 + length };
};

/// The packets that are whole: {first, body}, and what is left.
function cut(bytes) {
  const packets = [];
  for (;;) {
    let length = 0;
    let at = 1;
    let more = bytes.length > 1;
    for (let shift = 0; more && at < bytes.length; shift += 7) {
      length |= (bytes[at] & 127) << shift;
      more = bytes[at] > 127;
      at += 1;
    }
    if (more || bytes.length < 2 || bytes.length < at + length) return { packets, rest: bytes };
    packets.push({ first: bytes[0], body: bytes.subarray(at, at + length) });
    bytes = bytes.subarray(at + length);
  }
}

function connack(body) {
  const name = text(body, 0);
  const { value } = text(body, name.next + 4);
  return Buffer.from([0x20, 2, 0, value === 'stranger' ? 5 : 0]);
}

function suback(body) {
  const codes = [];
  for (let at = 2; at < body.length;) {
    const { value, next } = text(body, at);
    codes.push(value.startsWith('secret') ? 0x80 : body[next]);
    at = next + 1;
  }
  return Buffer.from([0x90, 2 + codes.length, body[0], body[1], ...codes]);
}

/// {port, close}
export async function refusingBroker() {
  const sockets = new Set();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    let rest = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => {
      const found = cut(Buffer.concat([rest, bytes]));
      rest = found.rest;
      for (const { first, body } of found.packets) {
        if (first >> 4 === 1) socket.write(connack(body));
        if (first >> 4 === 8) socket.write(suback(body));
        if (first >> 4 === 12) socket.write(Buffer.from([0xd0, 0]));
      }
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: server.address().port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((done) => server.close(done));
    },
  };
}
