// Tests of what the page remembers and how it folds commands, without a browser: the modules that know
// nothing of a document. node model_test.mjs
// Events are made up here, as small as what is tested wants them.
import assert from 'node:assert/strict';
import { join, dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PAGE = process.env.EG91XQ_PAGE ?? join(dirname(fileURLToPath(import.meta.url)), '../../page');
const load = (name) => import(pathToFileURL(join(PAGE, name)));
const { Session } = await load('session.js');
const { View } = await load('view.js');
const { Filter } = await load('filter.js');
const { Feed } = await load('feed.js');
const { filterTakes, isTopicFilter } = await load('judge.js');
const { asJson } = await load('payload.js');
const { complaintAboutText, textTest } = await load('text_test.js');
const { shellWord, ctlLine, python } = await load('command_line.js');
const { escaped } = await load('take_page.js');
const { whyOf } = await load('why.js');
const { Manual } = await load('manual.js');

const line = (event) => new TextEncoder().encode(JSON.stringify(event));
let seq = 0;
const event = (kind, members = {}) => ({ seq: (seq += 1), t: seq / 10, kind, channel: 'uart1', ...members });
const publish = (id, outcome = 0) => [
  event('rx'),
  event('command', { line: `+QMTPUBEX=0,${id},1,0,"a/${id}",2` }),
  event('tx', { echo: true }),
  event('tx'),
  event('prompt', { command: '' }),
  event('rx', { bytes: 'aGk=' }),
  event('data', { bytes: 2 }),
  event('tx'),
  event('result', { line: 'OK', command: `+QMTPUBEX=0,${id},1,0,"a/${id}",2`, took: 0, limit: 15 }),
  event('packet', {
    channel: undefined,
    client: 0,
    dir: 'out',
    type: 'publish',
    id,
    qos: 1,
    topic: `a/${id}`,
    length: 9,
  }),
  event('tx'),
  event('urc', { line: `+QMTPUBEX: 0,${id},${outcome}` }),
];
const fresh = (kept) => {
  seq = 0;
  return new Session('modem0', kept);
};
const add = (session, events) => session.addLines(events.map(line));
const kinds = (session, view) =>
  Array.from({ length: view.length }, (_, row) => session.store.kind(view.at(row)));

const tests = {
  'a command, its payload, result and URC are one row, however they come in': () => {
    for (const portion of [1, 3, 100]) {
      const session = fresh();
      const view = new View(session);
      const events = publish(7);
      for (let at = 0; at < events.length; at += portion) add(session, events.slice(at, at + portion));
      assert.deepEqual(kinds(session, view), ['command', 'packet'], `${portion} at a time`);
      const block = session.folder.block(1);
      assert.equal(session.store.get(block.urc).line, '+QMTPUBEX: 0,7,0');
      assert.equal(session.folder.members(1).length, 11);
    }
  },
  'the URC of another packet id does not belong to a command': () => {
    const session = fresh();
    const view = new View(session);
    add(
      session,
      publish(7)
        .slice(0, -1)
        .concat(event('urc', { line: '+QMTPUBEX: 0,8,0' })),
    );
    assert.deepEqual(kinds(session, view), ['command', 'packet', 'urc']);
  },
  'a bare AT is one row': () => {
    const session = fresh();
    const view = new View(session);
    add(session, [
      event('rx'),
      event('tx', { echo: true }),
      event('tx'),
      event('result', { line: 'OK', command: '' }),
    ]);
    assert.deepEqual(kinds(session, view), ['result']);
  },
  'a URC that failed marks its command': () => {
    const session = fresh();
    add(session, publish(7, 2));
    assert.equal(session.store.flags(1) & 1, 1);
  },
  'nothing is let go below the limit, and what is behind it stays right': () => {
    const session = fresh(1000);
    const view = new View(session);
    for (let id = 1; id <= 500; id += 1) add(session, publish(id));
    assert.ok(session.store.length >= 1000 && session.store.length <= 1100);
    assert.equal(session.store.lastSeq, 6000);
    for (let row = 0; row < view.length; row += 1)
      assert.ok(['command', 'packet'].includes(session.store.kind(view.at(row))) || row < 12);
    const i = session.store.find(5995);
    assert.equal(session.store.get(i).seq, 5995);
    assert.equal(session.store.get(session.store.head(i)).kind, 'command');
    assert.ok(session.store.size < 3_000_000);
  },
  'filters of text and topic give rows of commands': async () => {
    const session = fresh();
    const view = new View(session);
    for (let id = 1; id <= 300; id += 1) add(session, publish(id));
    const filter = new Filter();
    filter.text = 'A/299';
    await view.use(filter);
    assert.deepEqual(kinds(session, view), ['command', 'packet']);
    add(session, publish(299));
    assert.equal(view.length, 4);
    filter.text = '';
    filter.topic = 'a/+';
    await view.use(filter);
    assert.equal(view.length, 602);
    filter.text = '/a\\/1[89]"/';
    await view.use(filter);
    assert.equal(view.length, 4);
  },
  'a filter is the same behind the address': () => {
    const filter = new Filter();
    Object.assign(filter, { client: 2, channel: 'usbat', topic: 'a/#', text: 'x&y=ü', fold: false });
    filter.kinds.delete('packet');
    const parameters = new URLSearchParams();
    filter.write(parameters);
    assert.deepEqual(Filter.read(new URLSearchParams(parameters.toString())), filter);
  },
  'losses and new runs are rows, and numbers are found in their run': () => {
    const session = fresh();
    add(session, publish(1));
    session.addLines([line({ lost: 3 })]);
    assert.equal(session.store.lost, 3);
    session.newRun();
    assert.equal(session.position(), null);
    seq = 0;
    add(session, publish(2));
    assert.equal(session.store.find(2), 12 + 2 + 1);
    assert.equal(session.store.find(2, 0), 1);
    assert.equal(session.store.find(99), -1);
    assert.equal(session.position().seq, 12);
  },
  'lines are cut wherever the network cuts them': () => {
    const text = new TextEncoder().encode('{"a":"ü"}\n{"b":2}\n{"c"');
    for (let at = 1; at < text.length; at += 1) {
      const got = [];
      const feed = new Feed({}, 'm', {
        onLines: (lines) => got.push(...lines.map((one) => new TextDecoder().decode(one))),
      });
      let rest = feed.cut(text.slice(0, at));
      const joined = new Uint8Array([...rest, ...text.slice(at)]);
      rest = feed.cut(joined);
      assert.deepEqual(got, ['{"a":"ü"}', '{"b":2}']);
      assert.equal(new TextDecoder().decode(rest), '{"c"');
    }
  },
  'while a host is busy the journal comes in pages, as lines like those of the stream': async () => {
    const got = [];
    const asked = [];
    const pages = [
      { events: [{ kind: 'urc', line: 'a', seq: 5, t: 1, zone: 1 }], lost: 2, run: 'x' },
      { events: [{ kind: 'urc', line: 'b', seq: 6, t: 2 }], lost: 0, run: 'x' },
      { events: [], lost: 0, run: 'y' },
    ];
    const api = { get: async (path) => (asked.push(path), pages.shift()) };
    const feed = new Feed(api, 'm', {
      onLines: (lines) => got.push(...lines.map((one) => new TextDecoder().decode(one))),
      position: () => ({ seq: 2 }),
    });
    feed.saw('x');
    await assert.rejects(feed.pages(), /another run/);
    assert.deepEqual(got, [
      '{"lost":2}',
      '{"seq":5,"t":1,"kind":"urc","line":"a","zone":1}',
      '{"seq":6,"t":2,"kind":"urc","line":"b"}',
    ]);
    assert.deepEqual(
      asked.map((path) => /since=(\d+)/.exec(path)[1]),
      ['2', '5', '6'],
    );
    const portions = new Feed({}, 'm', {});
    portions.portions = [];
    const busy = (size) => Array.from({ length: 12 }, () => portions.goesOn(size)).includes(true);
    assert.ok(!busy(100_000), 'what is caught up with does not count');
    assert.ok(busy(100));
  },
  'MQTT filters': () => {
    for (const [filter, topic, takes] of [
      ['#', 'a/b', true],
      ['a/+', 'a/b', true],
      ['a/+', 'a/b/c', false],
      ['a/#', 'a', true],
      ['a', 'a/b', false],
      ['+/b', 'a/b', true],
      ['a/b', 'a/b', true],
    ])
      assert.equal(filterTakes(filter, topic), takes, `${filter} ${topic}`);
  },
  'texts are found in any case and beyond ASCII': () => {
    const session = fresh();
    add(session, [event('urc', { line: 'Grüße "X"' })]);
    for (const [text, found] of [
      ['grüße', true],
      ['"x"', true],
      ['URC', true],
      ['y', false],
      ['/gr.+ "x"/', true],
      ['/(/', false],
    ])
      assert.equal(textTest(text)(session.store, 0), found, text);
  },
  'packets without an answer are evidence': () => {
    const session = fresh();
    add(session, [
      event('link', { channel: undefined, client: 0, event: 'opening' }),
      ...publish(5),
      event('link', { channel: undefined, client: 0, event: 'lost', why: 'gone' }),
      event('stat', { channel: undefined, client: 0, code: 3, because: [14], why: 'gone' }),
    ]);
    const steps = whyOf(session, session.store.length - 1);
    assert.ok(
      steps.some(({ event: i, text }) => i === 10 && text === 'has no answer'),
      JSON.stringify(steps),
    );
    assert.ok(steps.some(({ event: i }) => i === 13));
  },
  'the numbers of a URC are told with what the note advises': () => {
    const codes = [
      {
        urc: '+QMTSTAT',
        member: 'err_code',
        code: 1,
        section: 'note 4.1',
        meaning: 'Closed',
        advice: 'Reopen',
      },
      { urc: '+QMTCONN', member: 'result', code: 0, section: 'note 3.3.4', meaning: 'Answered', advice: '' },
      { urc: '+QMTCONN', member: 'ret_code', code: 5, section: 'note 3.3.4', meaning: 'Refused', advice: '' },
      { urc: '+QMTSUB', member: 'value', code: 128, section: 'note 3.3.6', meaning: 'No', advice: '' },
    ];
    const manual = new Manual({ codes });
    const say = (line) => manual.meaningsOf({ kind: 'urc', line });
    assert.deepEqual(say('+QMTSTAT: 0,1'), ['<err_code> 1: Closed. Reopen. (note 4.1)']);
    assert.deepEqual(manual.meaningsOf({ kind: 'stat', client: 3, code: 1 }), say('+QMTSTAT: 0,1'));
    assert.deepEqual(say('+QMTCONN: 0,0,5'), [
      '<result> 0: Answered. (note 3.3.4)',
      '<ret_code> 5: Refused. (note 3.3.4)',
    ]);
    assert.deepEqual(say('+QMTSUB: 0,1,0,128'), ['<value> 128: No. (note 3.3.6)']);
    assert.deepEqual(say('+QMTSUB: 0,1,1,128'), []); // then it counts how often it was sent again
    assert.deepEqual(say('+QMTRECV: 0,1,"t","1"'), []);
    assert.deepEqual(manual.meaningsOf({ kind: 'command', line: '+QMTSTAT' }), []);
  },
  'JSON is indented, and its values are as they were sent': () => {
    const shown = (text) => asJson(new TextEncoder().encode(text));
    assert.equal(
      shown('{"n":12345678901234567890, "d":1.10,"a":[1, {}, []],"s":"{,:\\"]"}'),
      '{\n  "n": 12345678901234567890,\n  "d": 1.10,\n  "a": [\n    1,\n    {},\n    []\n  ],\n  "s": "{,:\\"]"\n}',
    );
    assert.equal(shown('7'), '7');
    assert.equal(shown('{'), null);
    assert.equal(shown(''), null);
  },
  'what cannot be looked for is told of': () => {
    assert.equal(complaintAboutText('/qmt.*open/i'), '');
    assert.equal(complaintAboutText('/('), '');
    assert.match(complaintAboutText('/(/'), /expression/);
    for (const filter of ['', 'a', '#', 'a/#', '+/b', '/+/']) assert.ok(isTopicFilter(filter), filter);
    for (const filter of ['#/x', 'a/#/b', 'a#', 'a+/b']) assert.ok(!isTopicFilter(filter), filter);
  },
  'a command that came too early is shown with the one that it did not wait for': () => {
    const session = fresh();
    const first = event('command', { line: '+QIRD=0' });
    const second = event('command', { line: '+CSQ' });
    const found = event('lint', { rule: 'command-before-result', clause: 'GRAM-7', text: 'too early' });
    add(session, [first, second, found]);
    const why = whyOf(session, session.store.find(found.seq));
    const linked = why.filter((step) => step.event >= 0).map((step) => session.store.seq(step.event));
    assert.deepEqual(linked, [first.seq, second.seq]);
  },
  'the manual says what to do about a finding': () => {
    const manual = new Manual({ commands: [], urcs: [], codes: [], lint: [{ id: 'r', help: 'Wait.' }] });
    assert.deepEqual(manual.meaningsOf({ kind: 'lint', rule: 'r' }), ['Wait.']);
    assert.deepEqual(manual.meaningsOf({ kind: 'lint', rule: 's' }), []);
  },
  'words are quoted': () => {
    assert.equal(shellWord("it's"), "'it'\\''s'");
    assert.equal(shellWord('signal.rsrp=-118'), 'signal.rsrp=-118');
    assert.equal(
      ctlLine(['inject'], { positionals: ['a', '-b'], modem: 'two' }),
      'eg91xq ctl --modem two inject -- a -b',
    );
    assert.equal(python({ a: [true, null, 'x"'] }), '{"a": [True, None, "x\\""]}');
  },
  'what is embedded cannot end its element': () => {
    const bytes = escaped(line({ a: '</script><b>' }));
    const text = new TextDecoder().decode(bytes);
    assert.ok(!text.includes('<'));
    assert.equal(JSON.parse(text).a, '</script><b>');
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
