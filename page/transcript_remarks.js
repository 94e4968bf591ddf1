// What a transcript has no steps for, said in a comment where it happened: requests of the control
// interface, faults, and commands whose work is done by something else than a link of MQTT.

const ELSEWHERE =
  /^\+(QI(OPEN|SEND|CLOSE|RD)|QSSL(OPEN|SEND|CLOSE|RECV)|QHTTP\w+|QFTP\w+|QPING|QNTP|QIDNSGIP)\b[^?]*$/i;

function ofControl({ method = '', path = '', line, action }) {
  const place = path.replace(/^\/v1\/modems\/[^/]+/, '').replace(/^\/v1/, '');
  if (/\/channels\/[^/]+\/send$/.test(place) || (method === 'POST' && place === '/channels')) return '';
  const more = line ?? action;
  return `By request, which a transcript cannot tell: ${method} ${place}${more === undefined ? '' : ` ${more}`}`;
}

/// A text, or '' for what needs none.
export function remarkOf(event) {
  switch (event.kind) {
    case 'control':
      return ofControl(event);
    case 'fault':
      return `The fault ${event.name} (${event.type}) acted; a transcript has no faults.`;
    case 'urc':
      return event.inserted ? `Put in by request, and left out: ${event.line}` : '';
    case 'wire':
      return 'What came on the wire was not what the module said.';
    case 'command':
      return ELSEWHERE.test(event.line)
        ? `What AT${event.line.split('=')[0]} got from the network is not in the journal.`
        : '';
    default:
      return '';
  }
}
