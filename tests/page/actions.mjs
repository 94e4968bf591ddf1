// Tests of what the page does to a modem: each action is done with its form, and once more by the line
// for the shell that it shows; both have to leave the same requests in the journal and the same state.
// Run by page_test.mjs.
import assert from 'node:assert/strict';
import { until } from './harness.mjs';

/// Members of requests that are the same for the same request.
const comparable = ({ seq, t, ...event }) => ({
  ...event,
  path: event.path?.replace(/^\/v1\/modems\/[^/]+/, ''),
});

async function fill(page, id, values) {
  for (const [name, value] of Object.entries(values))
    await page.$eval(
      `#do-${id} [name="${name}"]`,
      (element, wanted) => {
        if (element.type === 'checkbox') element.checked = wanted;
        else element.value = wanted;
        element.dispatchEvent(new Event('input', { bubbles: true }));
        element.dispatchEvent(new Event('change', { bubbles: true }));
      },
      value,
    );
}

async function submit(page, id) {
  await page.$eval(`#do-${id} button[type="submit"]`, (button) => button.click());
  const outcome = await until(`the outcome of ${id}`, () =>
    page.$eval(`#do-${id} .outcome`, (e) =>
      e.textContent && e.textContent !== '…'
        ? { text: e.textContent, good: e.classList.contains('good') }
        : null,
    ),
  );
  assert.ok(outcome.good, `${id}: ${outcome.text}`);
}

const line = (page, id, name) => page.$eval(`#do-${id} .${name}`, (e) => e.textContent);

const SURROUNDINGS = (program) => program.api('GET', '/modems/default/surroundings');
const FAULTS = async (program) =>
  (await program.api('GET', '/modems/default/faults')).faults.map(({ applied, ...fault }) => fault);
const CLOCK = async (program) => {
  const { now, ...clock } = await program.api('GET', '/time');
  return clock;
};

/// id, what is filled in, what is shown for pytest, and what is compared and how it is undone.
const ACTIONS = [
  {
    id: 'signal',
    values: { rsrp: '-118' },
    py: 'modem.set(signal={"rsrp": -118})',
    state: SURROUNDINGS,
    undo: ['PATCH', '/modems/default/surroundings', { signal: { rsrp: -85 } }],
  },
  {
    id: 'registration',
    values: { service: 'roaming' },
    py: 'modem.set(service="roaming")',
    state: SURROUNDINGS,
    undo: ['PATCH', '/modems/default/surroundings', { service: 'home' }],
  },
  {
    id: 'sim',
    values: { card: 'inserted' },
    py: 'modem.set(sim_inserted=True)',
    state: SURROUNDINGS,
    undo: ['PATCH', '/modems/default/surroundings', { sim_inserted: true }],
  },
  {
    id: 'fault',
    values: {
      type: 'reply-delay',
      name: 'slow',
      'param-ms': '700',
      command: "^\\+QMTPUBEX=0,'x'",
      count: '2',
    },
    py: 'fault = modem.fault("reply-delay", name="slow", command="^\\\\+QMTPUBEX=0,\'x\'", count=2, ms=700)',
    state: FAULTS,
    undo: ['DELETE', '/modems/default/faults'],
  },
  {
    id: 'urc',
    values: { line: '+QIND: "X"', when: 'now' },
    py: 'modem.urc("+QIND: \\"X\\"", when="now", channel="uart1")',
  },
  { id: 'sms', values: { from: '+123', text: "it's -1" }, py: 'modem.sms("+123", "it\'s -1")' },
  {
    id: 'inject',
    values: { topic: 'plant/cmd', payload: '-{"led":1}', qos: '1' },
    py: 'modem.inject("plant/cmd", "-{\\"led\\":1}", client=0, qos=1)',
  },
  {
    id: 'scale',
    values: { scale: '2' },
    py: 'modem.time(scale=2)',
    state: CLOCK,
    undo: ['PATCH', '/time', { scale: 1 }],
  },
  { id: 'time', values: { how: 'pause' }, py: 'modem.pause()', state: CLOCK },
  {
    id: 'advance',
    values: { by: '1.5' },
    py: 'modem.advance(by=1.5)',
    state: CLOCK,
    after: ['PATCH', '/time', { paused: false }],
  },
  {
    id: 'terminal',
    values: { line: 'AT+CSQ', channel: 'page' },
    py: 'modem.open_channel("page"); modem.send("AT+CSQ", "page")',
    undo: ['DELETE', '/modems/default/channels/page'],
  },
  {
    id: 'terminal',
    called: 'terminal, bytes',
    values: { line: 'AT+CSQ\\x0d', as: 'bytes', channel: 'page' },
    ctl: "eg91xq ctl channel add page; eg91xq ctl send --channel page --bytes 'AT+CSQ\\r'",
    py: 'modem.open_channel("page"); modem.send(b"AT+CSQ\\x0d", "page")',
    needs: '--bytes',
    undo: ['DELETE', '/modems/default/channels/page'],
  },
  { id: 'dtr', values: { channel: 'uart1', dtr: 'on' }, py: 'modem.set_dtr(True, channel="uart1")' },
  { id: 'bearer', values: { cid: '1' }, py: 'modem.set(deactivate=[1])', state: SURROUNDINGS },
  { id: 'power', values: { action: 'reset' }, py: 'modem.power("reset")' },
];

/// Whether the program has what the line needs.
const has = (program, option) => !option || program.shell('eg91xq ctl send --help').includes(option);

async function twice({ page, program }, { id, values, py, ctl, needs, state, undo, after }) {
  const requests = async (since) => (await program.events('control', since)).map(comparable);
  const last = async () => (await program.events()).at(-1)?.seq ?? 0;
  await fill(page, id, values);
  assert.equal(await line(page, id, 'py'), py);
  const shown = await line(page, id, 'ctl');
  if (ctl) assert.equal(shown, ctl);
  let since = await last();
  await submit(page, id);
  const byPage = { requests: await requests(since), state: await state?.(program) };
  if (undo) await program.api(...undo);
  if (!has(program, needs)) return console.log(`        the program has no ${needs}`);
  since = await last();
  program.shell(shown);
  const byShell = { requests: await requests(since), state: await state?.(program) };
  assert.deepEqual(byShell, byPage, shown);
  if (undo ?? after) await program.api(...(after ?? undo));
  return undefined;
}

export function actionTests({ test, show, saysText }) {
  for (const action of ACTIONS)
    test(`do: ${action.called ?? action.id}, and the line that is shown for it`, async (world) => {
      await show(world.page, 'do');
      await world.page.waitForSelector('#do-fault');
      await world.page.waitForFunction(
        () => document.querySelector('#do-dtr [name="channel"]').value === 'uart1',
      );
      await twice(world, action);
    });

  test('do: a fault is removed, by the page and by the line for it', async ({ page, program }) => {
    const set = () =>
      program.api('POST', '/modems/default/faults', {
        name: 'gone',
        type: 'reply-drop',
        when: { every: 1000 },
      });
    const left = async () => (await program.api('GET', '/modems/default/faults')).faults.length;
    await set();
    await page.waitForSelector('.set-faults .rm');
    const shown = await page.$eval('.set-faults .rm', (e) => e.textContent);
    await page.click('.set-faults [aria-label="Remove gone"]');
    await until('the fault is gone', async () => (await left()) === 0);
    await set();
    program.shell(shown);
    assert.equal(await left(), 0);
  });

  test('do: a parameter that is one of some words is a choice', async ({ page, program }) => {
    const { types } = await program.api('GET', '/faults');
    const chosen = types.flatMap(({ name, params }) =>
      params.filter((param) => param.enum).map((param) => ({ type: name, ...param })),
    );
    assert.ok(chosen.length > 3, 'the program has some');
    for (const { type, name, enum: words } of chosen) {
      await fill(page, 'fault', { type });
      const offered = await page.$eval(`#do-fault [name="param-${name}"]`, (element) =>
        [...(element.options ?? [])].map(({ value }) => value).filter(Boolean),
      );
      assert.deepEqual(offered, words, `${type} ${name}`);
    }
  });

  test('do: a snapshot is taken down and put back', async ({ page, host }) => {
    await host.command('AT+QMTCFG="keepalive",4,77');
    await submit(page, 'snapshot-save');
    assert.equal(await line(page, 'snapshot-save', 'py'), 'snapshot = modem.snapshot()');
    await host.command('AT+QMTCFG="keepalive",4,88');
    await submit(page, 'snapshot-load');
    assert.equal(
      await line(page, 'snapshot-load', 'ctl'),
      'eg91xq ctl snapshot load modem-snapshot.json',
    );
    await host.command('AT+QMTCFG="keepalive",4', '+QMTCFG: "keepalive",77');
  });

  test('do: the terminal shows the answer', async ({ page }) => {
    await fill(page, 'terminal', { line: 'AT+CGMM', as: 'line', channel: 'page' });
    await submit(page, 'terminal');
    await saysText(page, '.terminal-said', 'EG916Q');
  });

  test('do: a refusal is said in the words of the program', async ({ page }) => {
    await fill(page, 'inject', { client: '5' });
    await page.$eval('#do-inject button[type="submit"]', (button) => button.click());
    await saysText(page, '#do-inject .outcome', 'client 5 is not connected');
  });
}
