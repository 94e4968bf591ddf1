// What the numbers at the end of a URC of the MQTT commands mean, and what the note advises, from the
// manual's table of codes (GET /v1/commands). Pure; why.js and the event panel say it.

/// Which number of a URC is which, behind client_idx.
const MEMBERS = {
  '+QMTOPEN': ['result'],
  '+QMTCLOSE': ['result'],
  '+QMTDISC': ['result'],
  '+QMTSTAT': ['err_code'],
  '+QMTPING': ['result'],
  '+QMTCONN': ['result', 'ret_code'],
  '+QMTSUB': ['msgID', 'result', 'value'],
  '+QMTUNS': ['msgID', 'result', 'value'],
  '+QMTPUBEX': ['msgID', 'result', 'value'],
};

/// The rows {member, code, section, meaning, advice} that a line is about.
export function codesOf(codes, line) {
  const [, urc, rest] = /^(\+QMT\w+): \d,(-?\d+(?:,-?\d+)*)/.exec(line) ?? [];
  if (!urc || !MEMBERS[urc]) return [];
  const numbers = rest.split(',').map(Number);
  return MEMBERS[urc].flatMap((member, n) => {
    // What stands behind a result is something else for each of them.
    if (member === 'value' && numbers[n - 1] !== 0) return [];
    return codes.filter((row) => row.urc === urc && row.member === member && row.code === numbers[n]);
  });
}

/// One sentence of a row: what it means, what is to be done, and where that stands.
export function codeText({ member, code, section, meaning, advice }) {
  const todo = advice ? ` ${advice}.` : '';
  return `<${member}> ${code}: ${meaning}.${todo} (${section})`;
}
