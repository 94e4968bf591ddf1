// Tests of how a transcript is made, and of the small things that go with it, without a browser.
// node transcript_test.mjs. Events are made up here; whether a transcript can be played is tested by
// take.mjs, with a session that was had.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PAGE = process.env.EG91XQ_PAGE ?? join(dirname(fileURLToPath(import.meta.url)), '../../page');
const load = (name) => import(pathToFileURL(join(PAGE, name)));
const { transcriptOf } = await load('transcript.js');
const { saidSteps, typedStep } = await load('transcript_bytes.js');
const { connectRequest, parametersOf } = await load('transcript_config.js');
const { escaped, unescaped } = await load('escapes.js');
const { LinkHistory, linkText } = await load('link_history.js');
const { Manual, signatureOf } = await load('manual.js');
const { flagsOf, topicsOf } = await load('judge.js');
const { isRefusal } = await load('mqtt_codes.js');
const { shellWord, pythonBytes, python } = await load('command_line.js');

const bytes = (text) => Buffer.from(text, 'latin1');
const base64 = (text) => bytes(text).toString('base64');

/// A journal: (t, kind, members), numbered.
function journal(...events) {
  return events.map(([t, kind, members = {}], n) => ({ seq: n + 1, t, kind, ...members }));
}
const on = (members) => ({ channel: 'uart1', ...members });
const rx = (t, text) => [t, 'rx', on({ bytes: base64(text) })];
const tx = (t, text, more = {}) => [t, 'tx', on({ bytes: base64(text), ...more })];
const command = (t, line) => [t, 'command', on({ line })];
const ok = (t, line) => [
  [t, 'tx', on({ bytes: base64('\r\nOK\r\n') })],
  [t, 'result', on({ line: 'OK', command: line })],
];
const urc = (t, line) => [
  [t, 'tx', on({ bytes: base64(`\r\n${line}\r\n`) })],
  [t, 'urc', on({ line })],
];
const typed = (t, line) => [rx(t, `AT${line}\r`), command(t, line), ...ok(t, line)];
const opened = (t) => [
  rx(t, 'AT+QMTOPEN=0,"b",1883\r'),
  command(t, '+QMTOPEN=0,"b",1883'),
  [t, 'client', { client: 0, from: 'idle', to: 'opening', why: 'AT+QMTOPEN' }],
  [t, 'link', { client: 0, event: 'opening', host: 'b', port: 1883, tls: false }],
  ...ok(t, '+QMTOPEN=0,"b",1883'),
  [t, 'link', { client: 0, event: 'established' }],
  [t, 'client', { client: 0, from: 'opening', to: 'open', why: 'link established' }],
  ...urc(t, '+QMTOPEN: 0,0'),
];
const steps = (events, state) =>
  transcriptOf(journal(...events), 'uart1', state)
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('# The session') && line !== 'latency instant');

const tests = {
  'what is typed is a line, or bytes': () => {
    assert.equal(typedStep(bytes('AT+CSQ\r')), '> AT+CSQ');
    assert.equal(typedStep(bytes('AT\r\n')), '>> AT\\r\\n');
    assert.equal(typedStep(bytes(' hi\x00\xff ')), '>> \\shi\\x00\\xff\\s');
    assert.equal(typedStep(bytes('AT \r')), '>> AT \\r');
    assert.equal(typedStep(bytes('\r')), '>> \\r');
  },
  'what is said is lines, or bytes': () => {
    assert.deepEqual(saidSteps(bytes('\r\n+CSQ: 1\r\n\r\nOK\r\n')), ['< +CSQ: 1', '< OK']);
    assert.deepEqual(saidSteps(bytes('\r\na\r\nb\r\n\r\nOK\r\n')), ['< a', '<| b', '< OK']);
    assert.deepEqual(saidSteps(bytes('\r\n> ')), ['<< \\r\\n>\\s']);
    assert.deepEqual(saidSteps(bytes('AT\r')), ['<< AT\\r']);
    assert.deepEqual(saidSteps(bytes('\r\n\\\xe4\r\n')), ['< \\\\\\xe4']);
    assert.deepEqual(saidSteps(bytes('\r\n\r\n')), ['<< \\r\\n\\r\\n']);
  },
  'bytes are the same when they are read again': () => {
    const all = Uint8Array.from({ length: 256 }, (_, n) => n);
    assert.deepEqual(unescaped(escaped(all)), all);
    assert.deepEqual(unescaped('a\\s\\"ü'), new Uint8Array([97, 32, 34, 0xc3, 0xbc]));
    assert.throws(() => unescaped('\\q'), /no escape \\q/);
    assert.equal(python([pythonBytes(bytes('a"\\\x1a'))]), '[b"a\\"\\\\\\x1a"]');
    assert.equal(shellWord('a\\x1a'), "'a\\x1a'");
  },
  'parameters are taken apart, and CONNECT is made of them': () => {
    assert.deepEqual(parametersOf('+X=0,"a,b",,5'), ['0', 'a,b', '', '5']);
    const config = { version: 4, clean: 0, keepalive: 60, will: ['1', '0', 't', 'm'] };
    assert.equal(
      connectRequest('+QMTCONN=0,"id","u","p"', config).request,
      'connect version=4 clean=0 keepalive=60 id="id" username="u" password="p" will qos=1 retain=0 "t" "m"',
    );
    assert.equal(
      connectRequest('+QMTCONN=0,"id",""', { version: 3, clean: 1, keepalive: 0 }).request,
      'connect version=3 clean=1 keepalive=0 id="id"',
    );
  },
  'an echo is one, whatever its command begins before it': () => {
    const echo = [1, 'tx', { channel: 'uart1', echo: true, bytes: btoa('AT+QMTOPEN=0,"b",1883\r') }];
    const [typing, ...rest] = opened(1);
    const later = [...rest.slice(0, 3), echo, ...rest.slice(3)];
    assert.ok(steps([typing, ...later]).includes('echo'));
    assert.ok(!steps(opened(1)).includes('echo'));
  },
  'a message that comes at a prompt is told of when the module says it': () => {
    const message = { client: 0, dir: 'in', type: 'publish', qos: 0, topic: 'a', payload: base64('x'), payload_length: 1 };
    const line = '+QMTPUBEX=0,1,1,0,"t",2';
    const told = steps([
      ...opened(1),
      rx(1, `AT${line}\r`),
      command(1, line),
      tx(1, '\r\n> '),
      [1, 'prompt', on({ command: line })],
      [1, 'packet', message],
      rx(1, 'hi'),
      ...ok(1, line),
      ...typed(1, '+CSQ'),
      ...urc(1, '+QMTRECV: 0,0,"a","x"'),
    ]);
    const place = told.findIndex((step) => step.startsWith('link says message'));
    assert.equal(told[place + 1], '< +QMTRECV: 0,0,"a","x"');
    assert.ok(place > told.indexOf('> AT+CSQ'));
  },
  'a transcript ends before the first answer of a server': () => {
    const told = steps([...typed(1, '+A'), ...urc(2, '+QIOPEN: 0,0'), ...typed(3, '+B')]);
    assert.deepEqual(told.slice(0, 2), ['> AT+A', '< OK']);
    assert.equal(told.length, 3);
    assert.match(told[2], /^# It ends here/);
  },
  'time that passes is waited for': () => {
    assert.deepEqual(steps([...typed(10, '+A'), ...typed(15.0305, '+B')]), [
      '> AT+A',
      '< OK',
      'wait 5.031s',
      '> AT+B',
      '< OK',
    ]);
  },
  'what comes in its own time is waited for at most so long': () => {
    assert.deepEqual(steps([...typed(1, '+A'), ...urc(4.5, '+X: 1')]), [
      '> AT+A',
      '< OK',
      'within 4.5s < +X: 1',
    ]);
  },
  'an answer of the broker is told of when the module says what came of it': () => {
    const packet = (t, members) => [t, 'packet', { client: 0, ...members }];
    const told = steps([
      ...opened(1),
      packet(1, {
        dir: 'out',
        type: 'publish',
        id: 1,
        qos: 1,
        dup: false,
        retain: false,
        topic: 'a',
        payload: '',
        payload_length: 0,
      }),
      packet(1, {
        dir: 'in',
        type: 'publish',
        qos: 0,
        topic: 'a "b"',
        payload: base64('hi'),
        payload_length: 2,
      }),
      packet(1, { dir: 'in', type: 'puback', id: 1 }),
      ...urc(1, '+QMTPUBEX: 0,1,0'),
      ...urc(1, '+QMTRECV: 0,0,"a "b"","hi"'),
    ]);
    assert.deepEqual(told.slice(-5), [
      'link publish id=1 qos=1 retain=0 "a" ""',
      'link says puback 1',
      '< +QMTPUBEX: 0,1,0',
      'link says message 0 0 "a \\"b\\"" "hi"',
      '< +QMTRECV: 0,0,"a "b"","hi"',
    ]);
  },
  'a link that is lost, and what is asked because of it': () => {
    const told = steps([
      ...opened(1),
      [1, 'link', { client: 0, event: 'lost', why: 'the broker cannot be reached any more: gone' }],
      [1, 'client', { client: 0, from: 'open', to: 'idle', why: 'gone' }],
      ...urc(1, '+QMTSTAT: 0,2'),
    ]);
    assert.deepEqual(told.slice(-3), ['link says down unreachable', 'link close', '< +QMTSTAT: 0,2']);
  },
  'a packet that is sent again is asked for by its timer': () => {
    const timer = (t, what) => [t, 'timer', { client: 0, name: 'T1', id: 1, what }];
    const told = steps([
      ...opened(1),
      [1, 'packet', { client: 0, dir: 'out', type: 'subscribe', id: 1, topics: ['a'], qoss: [1] }],
      timer(6, 'fired'),
      timer(6, 'set'),
      [6, 'packet', { client: 0, dir: 'out', type: 'subscribe', id: 1, topics: ['a'], qoss: [1] }],
    ]);
    assert.deepEqual(told.slice(-3), ['link subscribe id=1 "a",1', 'wait 5.002s', 'link resend id=1']);
  },
  'what has no words is a comment': () => {
    const told = steps([
      ...typed(1, '+QPING=1,"h"'),
      [1, 'control', { method: 'POST', path: '/v1/modems/modem0/sms' }],
      [1, 'fault', { name: 'f', type: 'reply-drop' }],
      [1, 'rx', { channel: 'usbat', bytes: base64('AT\r') }],
      ...urc(1, '+QIND: "X"').map(([t, kind, members]) => [
        t,
        kind,
        { ...members, ...(kind === 'urc' && { inserted: 1 }) },
      ]),
    ]);
    assert.deepEqual(told, [
      '> AT+QPING=1,"h"',
      '# What AT+QPING got from the network is not in the journal.',
      '< OK',
      '# By request, which a transcript cannot tell: POST /sms',
      '# The fault f (reply-drop) acted; a transcript has no faults.',
      '# A host sent something on usbat too, here and later, which is left out.',
      '# Put in by request, and left out: +QIND: "X"',
    ]);
  },
  'what is changed around the module is the scenario': () => {
    const told = steps([
      ...typed(1, '+A'),
      [3, 'control', { method: 'PATCH', path: '/v1/modems/modem0/surroundings' }],
      [3, 'device', { what: 'rsrp', value: -110 }],
      ...typed(4, '+B'),
    ]);
    assert.deepEqual(told, [
      'scenario {"events":[{"at":2,"signal":{"rsrp":-110}}]}',
      '> AT+A',
      '< OK',
      '# What is around the module changes, see the scenario.',
      'wait 3.002s',
      '> AT+B',
      '< OK',
    ]);
  },
  'settings are those that differ': () => {
    const state = {
      name: 'modem0',
      model: 'EG912Q',
      time: { scale: 2 },
      knobs: { a: 1, b: 2, c: 0 },
      knob_defaults: { a: 0, b: 1, c: 0 },
      knob_words: { a: ['off', 'on'] },
    };
    const told = steps([rx(1, 'AT\r'), tx(1, 'AT\r', { echo: true }), command(1, ''), ...ok(1, '')], state);
    assert.deepEqual(told, [
      'echo',
      'model EG912Q',
      'scale 2',
      'knob a=on',
      'knob b=2',
      '> AT',
      '<< AT\\r',
      '< OK',
    ]);
  },
  'the last five links of a client': () => {
    const history = new LinkHistory();
    for (let n = 1; n <= 7; n += 1) {
      history.see(n, { kind: 'link', client: 1, event: 'opening', t: n, host: 'h', port: n });
      history.see(n, { kind: 'link', client: 1, event: 'established', t: n, tls_version: '' });
      if (n < 7) history.see(n, { kind: 'client', client: 1, to: 'idle', t: n + 0.5, why: 'link closed' });
    }
    assert.deepEqual(
      history.of(1).map(({ port }) => port),
      [3, 4, 5, 6, 7],
    );
    assert.equal(linkText(history.of(1)[0]), 'h:3, up for 0.5 s: link closed');
    assert.equal(linkText(history.of(1)[4]), 'h:7, up');
    history.see(8, { kind: 'link', client: 1, event: 'lost', t: 9, why: 'closed by the broker' });
    history.see(8, { kind: 'stat', client: 1, code: 1, t: 9, why: 'closed by the broker' });
    history.see(8, { kind: 'client', client: 1, to: 'idle', t: 9, why: 'other' });
    assert.equal(linkText(history.of(1)[4]), 'h:7, up for 2.0 s: closed by the broker, +QMTSTAT code 1');
    assert.deepEqual(history.of(2), []);
  },
  'refusals of a broker are errors': () => {
    assert.ok(isRefusal({ type: 'connack', code: 5 }));
    assert.ok(isRefusal({ type: 'suback', codes: [1, 128] }));
    assert.ok(!isRefusal({ type: 'suback', codes: [0, 1, 2] }));
    for (const [line, bad] of [
      ['+QMTCONN: 0,0,0', 0],
      ['+QMTCONN: 0,0,5', 1],
      ['+QMTCONN: 0,2', 1],
      ['+QMTSUB: 0,1,0,1', 0],
      ['+QMTSUB: 0,1,0,1,128', 1],
      ['+QMTUNS: 0,1,0,128', 0],
      ['+QMTPUBEX: 0,1,2', 1],
      ['+QMTSTAT: 0,1', 1],
    ])
      assert.equal(flagsOf({ kind: 'urc', line }), bad, line);
  },
  'topics of events': () => {
    assert.deepEqual(topicsOf({ line: '+QMTSUB=0,1,"a",1,"b/#",0' }), ['a', 'b/#']);
    assert.deepEqual(topicsOf({ line: '+QMTRECV: 0,1,"a","b"' }), ['a']);
    assert.deepEqual(topicsOf({ topics: ['a', 'b'] }), ['a', 'b']);
    assert.deepEqual(topicsOf({ line: '+CSQ' }), []);
  },
  'entries of the manual are found for what is said': () => {
    const manual = new Manual({
      commands: [
        { name: 'AT+QMTCFG', key: 'will', forms: ['write'], summary: 'Last will' },
        { name: 'ATE', forms: ['set', 'execution'] },
      ],
      urcs: [
        { name: '+QIND', params: 'SMS DONE' },
        { name: '+QIND', params: '"csq",<rssi>,<ber>' },
        { name: '+QMTRECV', params: '<client_idx>,<msgID>,<topic>[,<payload_len>],<payload>' },
        { name: '+QMTRECV', params: '<client_idx>,<recv_id>' },
        { name: 'POWERED DOWN', params: '' },
      ],
    });
    const idOf = (kind, line) => manual.ofEvent({ kind, line })?.id;
    assert.equal(idOf('command', '+QMTCFG="will",0,0'), 'AT+QMTCFG:will');
    assert.equal(idOf('command', '+QMTCFG=?'), 'AT+QMTCFG:will');
    assert.equal(idOf('command', 'E=0'), 'ATE');
    assert.equal(idOf('command', '+NOPE'), undefined);
    assert.equal(idOf('urc', '+QIND: SMS DONE'), '+QIND');
    assert.equal(idOf('urc', '+QIND: "csq",31,99'), '+QIND:2');
    assert.equal(idOf('urc', '+QMTRECV: 0,1,"a","b"'), '+QMTRECV');
    assert.equal(idOf('urc', '+QMTRECV: 0,1'), '+QMTRECV:2');
    assert.equal(idOf('urc', 'POWERED DOWN'), 'POWERED DOWN');
    const value = { name: 'value', optional: true };
    assert.equal(signatureOf({ name: 'ATE', params: [value] }), 'ATE[<value>]');
    assert.equal(signatureOf({ name: 'AT+X', key: 'k', params: [value] }), 'AT+X="k"[,<value>]');
    assert.deepEqual(manual.completions(), ['AT+QMTCFG="will",', 'ATE']);
  },
};

let failed = 0;
for (const [name, run] of Object.entries(tests)) {
  try {
    await run();
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}: ${error.stack}`);
  }
}
process.exit(failed === 0 ? 0 : 1);
