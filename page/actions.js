// What can be done to a modem, as a table: fields of the form, the request of the control interface,
// and the same for `eg91xq ctl` and for python/eg91xq. Faults have a form of their own, since what
// they take is told by the program (fault_form.js).

import { base64, ctlLine, pythonCall } from './command_line.js';

const POSITIONS = [
  'now',
  'before-echo',
  'between-echo-and-reply',
  'inside-reply',
  'glued-to-result',
  'in-prompt',
  'after-byte',
];
const number = (name, label, more = {}) => ({ name, label, type: 'number', step: 'any', ...more });
const given = (members) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== ''));

/// `at` has path (of the modem), modem (its name for ctl, unless it is the first).
export function actions(at) {
  const line = (words, parts) => ctlLine(words, { modem: at.modem, ...parts });
  const surroundings = (path, body, keywords, value) => ({
    request: (v) => ['PATCH', `${at.path}/surroundings`, body(v)],
    ctl: (v) => line(['set'], { positionals: [`${path}=${value(v)}`] }),
    py: (v) => pythonCall('set', [], keywords(v)),
  });
  return [
    power(at, line),
    ...surroundingsActions(surroundings),
    bearer(surroundings),
    urc(at, line),
    sms(at, line),
    inject(at, line),
    dtr(at, line),
    ...times(line),
  ];
}

function power(at, line) {
  const held = (v) => (v.action === 'key' ? v.hold_ms : undefined);
  return {
    id: 'power',
    title: 'Power',
    button: 'Switch',
    said: (answer) => `Power is ${answer.power}`,
    fields: [
      { name: 'action', label: 'Action', choices: ['key', 'on', 'off', 'reset', 'brownout'] },
      number('hold_ms', 'Key held, ms', { optional: true, min: 0, max: 60000, step: 1, value: 800 }),
    ],
    request: (v) => ['POST', `${at.path}/power`, given({ action: v.action, hold_ms: held(v) })],
    ctl: (v) =>
      line(['power'], {
        options: held(v) === undefined ? [] : ['--hold-ms', held(v)],
        positionals: [v.action],
      }),
    py: (v) => pythonCall('power', [v.action], { hold_ms: held(v) }),
  };
}

function surroundingsActions(surroundings) {
  return [
    {
      id: 'signal',
      title: 'Signal',
      button: 'Set',
      fields: [{ name: 'rsrp', label: 'RSRP, dBm', type: 'range', min: -140, max: -44, step: 1, value: -85 }],
      ...surroundings(
        'signal.rsrp',
        (v) => ({ signal: { rsrp: v.rsrp } }),
        (v) => ({ signal: { rsrp: v.rsrp } }),
        (v) => v.rsrp,
      ),
    },
    {
      id: 'registration',
      title: 'Registration',
      button: 'Set',
      fields: [
        { name: 'service', label: 'Service of the network', choices: ['home', 'roaming', 'denied', 'none'] },
      ],
      ...surroundings(
        'service',
        (v) => ({ service: v.service }),
        (v) => ({ service: v.service }),
        (v) => v.service,
      ),
    },
    {
      id: 'sim',
      title: 'SIM',
      button: 'Set',
      fields: [{ name: 'card', label: 'Card', choices: ['inserted', 'removed'] }],
      ...surroundings(
        'sim_inserted',
        (v) => ({ sim_inserted: v.card === 'inserted' }),
        (v) => ({ sim_inserted: v.card === 'inserted' }),
        (v) => v.card === 'inserted',
      ),
    },
  ];
}

function bearer(surroundings) {
  return {
    id: 'bearer',
    title: 'Bearer',
    button: 'Take it down',
    about: 'The network takes a context down.',
    fields: [number('cid', 'Context', { min: 1, max: 15, step: 1, value: 1 })],
    ...surroundings(
      'deactivate',
      (v) => ({ deactivate: [v.cid] }),
      (v) => ({ deactivate: [v.cid] }),
      (v) => `[${v.cid}]`,
    ),
  };
}

function urc(at, line) {
  const counted = (v) => (['inside-reply', 'after-byte'].includes(v.when) ? v.n : undefined);
  return {
    id: 'urc',
    title: 'URC at a position',
    button: 'Say it',
    fields: [
      { name: 'line', label: 'Line, without CR LF', value: '+QIND: "X"' },
      { name: 'when', label: 'Position', choices: POSITIONS },
      number('n', 'Line or byte', {
        optional: true,
        min: 0,
        max: 65536,
        step: 1,
        hint: 'of inside-reply, after-byte',
      }),
      { name: 'channel', label: 'Channel', choices: ['uart1'] },
    ],
    request: (v) => [
      'POST',
      `${at.path}/urc`,
      given({ line: v.line, when: v.when, n: counted(v), channel: v.channel }),
    ],
    ctl: (v) =>
      line(['urc'], {
        options: [
          '--when',
          v.when,
          ...(counted(v) === undefined ? [] : ['--n', counted(v)]),
          ...(v.channel ? ['--channel', v.channel] : []),
        ],
        positionals: [v.line],
      }),
    py: (v) => pythonCall('urc', [v.line], given({ when: v.when, channel: v.channel, n: counted(v) })),
  };
}

function sms(at, line) {
  return {
    id: 'sms',
    title: 'Short message',
    button: 'Let it arrive',
    fields: [
      { name: 'from', label: 'From', value: '+491701234567', maxlength: 21 },
      { name: 'text', label: 'Text', value: 'hello', maxlength: 640 },
    ],
    request: (v) => ['POST', `${at.path}/sms`, { from: v.from, text: v.text }],
    ctl: (v) => line(['sms'], { positionals: [v.from, v.text] }),
    py: (v) => pythonCall('sms', [v.from, v.text]),
  };
}

function inject(at, line) {
  return {
    id: 'inject',
    title: 'Publish from the broker side',
    button: 'Publish',
    about: 'Comes as though the broker of the client had sent it.',
    fields: [
      { name: 'client', label: 'client_idx', choices: ['0', '1', '2', '3', '4', '5'], number: true },
      { name: 'topic', label: 'Topic', value: 'plant/cmd' },
      { name: 'payload', label: 'Payload', value: '{"led":1}', optional: true },
      { name: 'qos', label: 'QoS', choices: ['0', '1', '2'], number: true },
      { name: 'retain', label: 'Retain', type: 'check' },
      { name: 'dup', label: 'Dup', type: 'check' },
    ],
    request: (v) => [
      'POST',
      `${at.path}/clients/${v.client}/inject`,
      {
        type: 'publish',
        topic: v.topic,
        payload_base64: base64(v.payload ?? ''),
        qos: v.qos,
        retain: v.retain,
        dup: v.dup,
      },
    ],
    ctl: (v) =>
      line(['inject'], {
        options: [
          '--client',
          v.client,
          '--qos',
          v.qos,
          ...(v.retain ? ['--retain'] : []),
          ...(v.dup ? ['--dup'] : []),
        ],
        positionals: [v.topic, ...(v.payload ? [v.payload] : [])],
      }),
    py: (v) =>
      pythonCall('inject', [v.topic, v.payload ?? ''], {
        client: v.client,
        qos: v.qos,
        retain: v.retain || undefined,
        dup: v.dup || undefined,
      }),
  };
}

function dtr(at, line) {
  return {
    id: 'dtr',
    title: 'DTR of the host',
    button: 'Set',
    fields: [
      { name: 'channel', label: 'Channel', choices: ['uart1'] },
      { name: 'dtr', label: 'DTR', choices: ['off', 'on'] },
    ],
    request: (v) => [
      'POST',
      `${at.path}/channels/${encodeURIComponent(v.channel)}/lines`,
      { dtr: v.dtr === 'on' },
    ],
    ctl: (v) => line(['lines'], { options: ['--channel', v.channel, '--dtr', v.dtr] }),
    py: (v) => pythonCall('set_dtr', [v.dtr === 'on'], { channel: v.channel }),
  };
}

const SWITCHES = {
  pause: [{ paused: true }, ['pause'], 'pause', []],
  go: [{ paused: false }, ['go'], 'pause', [false]],
  skip: [{ skip: true }, ['skip'], 'skip', []],
  'no-skip': [{ skip: false }, ['no-skip'], 'skip', [false]],
};

function times(line) {
  const clock = (time) =>
    `${time.now.toFixed(3)} s, scale ${time.scale}${time.paused ? ', paused' : ''}${time.skip ? ', skipping' : ''}`;
  return [
    {
      id: 'time',
      title: 'Time: pause, go on, skip',
      button: 'Set',
      said: clock,
      fields: [{ name: 'how', label: 'Clock', choices: Object.keys(SWITCHES) }],
      request: (v) => ['PATCH', '/time', SWITCHES[v.how][0]],
      ctl: (v) => line(['time', ...SWITCHES[v.how][1]]),
      py: (v) => pythonCall(SWITCHES[v.how][2], SWITCHES[v.how][3]),
    },
    {
      id: 'scale',
      title: 'Time: scale',
      button: 'Set',
      said: clock,
      fields: [number('scale', 'Virtual seconds in a real one', { min: 0.1, max: 1000, value: 1 })],
      request: (v) => ['PATCH', '/time', { scale: v.scale }],
      ctl: (v) => line(['time', 'scale'], { positionals: [v.scale] }),
      py: (v) => pythonCall('time', [], { scale: v.scale }),
    },
    {
      id: 'advance',
      title: 'Time: advance',
      button: 'Advance',
      about: 'While it is paused. Empty: until nothing is left to come.',
      said: clock,
      fields: [number('by', 'Virtual seconds', { optional: true, min: 0.000001, max: 31622400, value: 60 })],
      request: (v) => ['POST', '/time/advance', v.by === undefined ? { until: 'idle' } : { by: v.by }],
      ctl: (v) => line(['time', 'advance'], { positionals: [v.by ?? 'idle'] }),
      py: (v) => pythonCall('advance', [], v.by === undefined ? { until: 'idle' } : { by: v.by }),
    },
  ];
}
