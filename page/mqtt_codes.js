// What the codes of MQTT 3.1.1 say: the return codes of CONNACK (3.2.2.3) and of SUBACK (3.9.3), and
// whether one is a refusal. A packet is an event of the journal, with `code` or `codes`.
// Texts only; where they are shown is told by describe.js and why.js.

const CONNACK = [
  'accepted',
  'unacceptable protocol version',
  'identifier rejected',
  'server unavailable',
  'bad user name or password',
  'not authorized',
];
const SUBACK_FAILURE = 0x80;

export const connackMeaning = (code) => CONNACK[code] ?? 'reserved';

export const subackMeaning = (code) =>
  code === SUBACK_FAILURE ? 'refused' : code >= 0 && code <= 2 ? `granted qos ${code}` : 'reserved';

export const isRefusedCode = (code) => code >= SUBACK_FAILURE;

const hex = (code) => `0x${code.toString(16).padStart(2, '0')}`;

/// The codes of a packet with their meaning, or ''.
export function codesText({ type, code, codes, session }) {
  if (type === 'connack' && Number.isInteger(code))
    return `code ${code} (${connackMeaning(code)})${session ? ', session present' : ''}`;
  if (type === 'suback' && Array.isArray(codes))
    return codes.map((each) => `${hex(each)} (${subackMeaning(each)})`).join(', ');
  return '';
}

/// Whether a packet says that the broker does not want what it was asked for.
export function isRefusal({ type, code, codes }) {
  if (type === 'connack') return Number.isInteger(code) && code !== 0;
  return type === 'suback' && Array.isArray(codes) && codes.some(isRefusedCode);
}

/// What a refusal is evidence of, with where the standard says so.
export function refusalText(packet) {
  const clause = packet.type === 'connack' ? '3.2.2.3' : '3.9.3';
  return `the broker refused: ${codesText(packet)}, MQTT 3.1.1, ${clause}`;
}
