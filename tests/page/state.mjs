// Tests of the panel of the state: TLS of a client, its last links, knobs, measures of the signal, and
// traffic of contexts. Run by page_test.mjs.
import assert from 'node:assert/strict';
import { until } from './harness.mjs';

const card = (index) => `[aria-label="Client ${index}"]`;

async function tls({ page, host }, { show, saysText }) {
  await host.command('AT+QMTCFG="ssl",3,1,0');
  await host.command('AT+QMTOPEN=3,"broker.demo",8883', '+QMTOPEN: 3,0');
  await show(page, 'state');
  await saysText(page, card(3), 'broker.demo:8883, TLSv1.2, ');
  assert.match(await page.$eval(`${card(3)} .mono`, (e) => e.textContent), /TLSv1\.2, [A-Z0-9_-]{10,}$/);
  await host.command('AT+QMTCLOSE=3', '+QMTCLOSE: 3,0');
}

async function links({ page, host, program }, { show, saysText, caughtUp }) {
  for (let n = 0; n < 5; n += 1) {
    await host.command('AT+QMTOPEN=4,"broker.demo",1883', '+QMTOPEN: 4,0');
    await host.command('AT+QMTCLOSE=4', '+QMTCLOSE: 4,0');
  }
  await host.command('AT+QMTOPEN=4,"nowhere.invalid",1883', '+QMTOPEN: 4,4');
  await caughtUp(page, program);
  await show(page, 'state');
  await saysText(page, card(4), 'The last 5 links');
  await page.$eval(`${card(4)} details`, (e) => (e.open = true));
  const shown = await page.$$eval(`${card(4)} .links-of li`, (items) => items.map((e) => e.textContent));
  assert.equal(shown.length, 5);
  assert.match(shown[0], /nowhere\.invalid:1883: the name has no address/);
  assert.match(shown[1], /broker\.demo:1883, up for \d+\.\d s: /);
  await saysText(page, card(0), '+QMTSTAT code 1');
  const opening = (await program.events('link')).findLast(
    ({ client, event }) => client === 4 && event === 'opening',
  );
  await page.click(`${card(4)} .links-of a`);
  await saysText(page, '#event-title', `Event ${opening.seq}: link`);
}

async function knobs({ page }, { show, saysText }) {
  await show(page, 'state');
  await saysText(page, '#panel-state', 'knobvaluedefault');
  const rows = await page.$$eval('[aria-label="knob, value, default"] tbody tr', (all) =>
    all.map((row) => [...row.cells].map((cell) => cell.textContent)),
  );
  assert.deepEqual(rows, [['cmux-n1', '200', '127']]);
}

async function signal({ page, program }, { show }) {
  await show(page, 'state');
  const points = (name) => page.evaluate((of) => globalThis.eg91xq.session.signal.points[of].length, name);
  await until('a signal before the change', async () => (await points('rsrq')) > 0);
  await program.api('PATCH', '/modems/default/surroundings', { signal: { rsrq: -14, sinr: 3, rssi: -80 } });
  const label = () => page.$eval('canvas.signal', (e) => e.getAttribute('aria-label'));
  for (const [measure, said] of [
    ['rsrq', 'RSRQ over time, now -14 dB'],
    ['rssi', 'RSSI over time, now -80 dBm'],
    ['sinr', 'SINR over time, now 3 dB'],
  ]) {
    await page.click(`[data-measure="${measure}"]`);
    await until(said, async () => (await label()) === said);
    await until(`${measure} before and after the change`, async () => (await points(measure)) >= 2);
    const coloured = await page.$eval('canvas.signal', (canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value, n) => n % 4 === 3 && value > 0);
    });
    assert.ok(coloured, `${measure} is drawn`);
  }
  await page.click('[data-measure="rsrp"]');
  await program.api('PATCH', '/modems/default/surroundings', { signal: { rsrq: -10, sinr: 17, rssi: -65 } });
}

async function traffic({ page }, { show, saysText }) {
  await show(page, 'state');
  await saysText(page, '[aria-label^="cid, active, address"] thead', 'bytes in');
  const [row] = await page.$$eval('[aria-label^="cid, active, address"] tbody tr', (all) =>
    all.map((each) => [...each.cells].map((cell) => cell.textContent)),
  );
  assert.ok(Number(row[3]) > 100 && Number(row[4]) > 100, JSON.stringify(row));
}

export function stateTests(help) {
  const { test } = help;
  test('state: TLS of a client', (world) => tls(world, help));
  test('state: the last five links of a client and how they ended', (world) => links(world, help));
  test('state: knobs that are not as usual', (world) => knobs(world, help));
  test('state: the signal by four measures', (world) => signal(world, help));
  test('state: traffic of contexts', (world) => traffic(world, help));
}
