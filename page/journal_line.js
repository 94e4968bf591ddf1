// An event of a page of the journal as the line that a stream has for it: the same members in the same
// order, so that a text is found in it whichever way it came. Members that are not known here stand
// behind the others.

const ORDER = [
  ...['seq', 't', 'kind', 'channel', 'client', 'bytes', 'text', 'file_bytes', 'lost', 'echo'],
  ...['line', 'command', 'took', 'limit', 'wanted', 'event', 'host', 'port', 'dir', 'type', 'length'],
  ...['id', 'qos', 'dup', 'retain', 'topic', 'payload', 'payload_length', 'from', 'to', 'code', 'why'],
];
const encoder = new TextEncoder();

/// As bytes. A loss is an event that has nothing but `lost`.
export const lineOf = (event) => encoder.encode(JSON.stringify(event, [...ORDER, ...Object.keys(event)]));
