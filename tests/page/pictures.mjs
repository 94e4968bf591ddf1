// Pictures of the page, of a session that is always the same: a sensor that reports to the demo broker,
// loses its link, and comes back. The module's clock stands and is moved on, so that the times are the
// same too. They are kept in the directory of the tests; EG91XQ_PICTURES names one for lanes.png and
// state.png besides, which are those of the documentation. Run by page_test.mjs.
import assert from 'node:assert/strict';
import { copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { until, withProgram } from './harness.mjs';

const LARGEST = 200_000;
const HIDDEN = 'hide=timer,control,time,device,client';

/// Moves the module's clock to a time.
async function clockTo(program, wanted) {
  const { now } = await program.api('GET', '/time');
  if (wanted > now) await program.api('POST', '/time/advance', { by: Number((wanted - now).toFixed(6)) });
}

/// Of a PUBLISH to itself, acknowledgement and message come in either order.
async function report(host, program, id, topic, payload) {
  const said = (line) => async () =>
    (await program.events('urc')).some((event) => event.line.startsWith(line));
  await host.command(`AT+QMTPUBEX=0,${id},1,0,"${topic}",${payload.length}`, '> ');
  host.type(payload);
  await until('the result', said(`+QMTPUBEX: 0,${id},0`));
}

async function demo(host, program) {
  await program.api('PATCH', '/time', { paused: true });
  await clockTo(program, 10);
  await host.command('ATE0');
  await host.command('AT+QMTCFG="version",0,4');
  await host.connect();
  await host.command('AT+QMTSUB=0,1,"plant/cmd",1', '+QMTSUB: 0,1,0');
  for (let n = 1; n <= 3; n += 1) {
    await clockTo(program, 10 * (n + 1));
    await program.api('PATCH', '/modems/default/surroundings', {
      signal: { rsrp: -85 - 8 * n, rsrq: -9 - n },
    });
    await report(host, program, n + 1, 'plant/1/t', `{"t":${20 + n}.5}`);
  }
  await report(host, program, 5, 'plant/cmd', '{"led":1}');
  await host.hears('+QMTRECV: 0,');
  await clockTo(program, 50);
  await program.api('POST', '/modems/default/faults', {
    name: 'cut',
    type: 'link',
    params: { mode: 'reset' },
  });
  await host.hears('+QMTSTAT: 0,1');
  await program.api('DELETE', '/modems/default/faults');
  await clockTo(program, 60);
  await host.command('AT+QMTCFG="ssl",0,1,0');
  await host.command('AT+QMTOPEN=0,"broker.demo",8883', '+QMTOPEN: 0,0');
  await host.command('AT+QMTCONN=0,"sensor"', '+QMTCONN: 0,0,0');
  await report(host, program, 6, 'plant/1/t', '{"t":24.5}');
}

async function shoot(page, world, name) {
  // Outlines and the caret of what has the focus differ from run to run.
  await page.evaluate(() => document.activeElement?.blur());
  const path = join(world.directory, `${name}.png`);
  await page.screenshot({ path });
  console.log(`        ${path}`);
  assert.ok(statSync(path).size < LARGEST, `${name}.png has ${statSync(path).size} bytes`);
  if (process.env.EG91XQ_PICTURES && ['lanes', 'state'].includes(name))
    copyFileSync(path, join(process.env.EG91XQ_PICTURES, `${name}.png`));
}

async function pictures(world, { show, saysText, caughtUp, pick }) {
  await withProgram(world, ['--knob', 'uns-value=none'], async ({ program, host, page, url }) => {
    await demo(host, program);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
    await page.setViewport({ width: 1440, height: 780 });
    await page.goto(`${url}/#${HIDDEN}`);
    await saysText(page, '#status', 'Connected');
    await caughtUp(page, program);
    const stat = (await program.events('urc')).find(({ line }) => line.startsWith('+QMTSTAT'));
    await pick(page, stat.seq);
    await saysText(page, '#why', 'fault cut (link) acts');
    await shoot(page, world, 'lanes');
    await page.setViewport({ width: 390, height: 844 });
    await show(page, 'lanes');
    await page.waitForFunction(() => globalThis.eg91xq.figure.lanes.rowHeight > 40);
    // While the page takes its new form, the row may be moved out of sight again.
    await until('the row is in sight', async () => {
      await pick(page, stat.seq);
      return page.$('.row[aria-selected="true"]');
    });
    await shoot(page, world, 'lanes-390');
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    await page.setViewport({ width: 1440, height: 780 });
    await show(page, 'state');
    await saysText(page, '[aria-label="Client 0"]', 'TLSv1.2');
    await page.$eval('[aria-label="Client 0"] details', (e) => (e.open = true));
    await shoot(page, world, 'state');
  });
}

export function pictureTests(help) {
  help.test('pictures of a session', (world) => pictures(world, help));
}
