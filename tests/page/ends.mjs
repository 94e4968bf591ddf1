// Tests of the page at its ends: narrow, by keyboard alone, taken away as a file, with a token, with
// events lost, and with the program gone and started anew. These come last, as they change the world.
// Run by page_test.mjs.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { axe, axeSource, downloadsTo, freePort, Host, pageOf, Program, until } from './harness.mjs';
import { serve } from './serve.mjs';

const focused = (page) =>
  page.evaluate(() => document.activeElement.id || document.activeElement.textContent.slice(0, 20));

async function tabTo(page, id) {
  for (let presses = 0; presses < 120; presses += 1) {
    if ((await focused(page)) === id) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not come to #${id}`);
}

async function keyboardWalk({ page, url, program }, { saysText, rows }) {
  await page.goto('about:blank');
  await page.goto(url);
  await saysText(page, '#status', 'Connected');
  await until('rows', async () => (await rows(page)).length > 3);
  const tab = await page.evaluate(
    () => document.querySelector('.tabs [tabindex="0"], .tabs [role="tab"]:not([tabindex])').id,
  );
  await tabTo(page, tab);
  await page.keyboard.press('Home');
  assert.equal(await focused(page), 'tab-event');
  await tabTo(page, 'lanes');
  await page.keyboard.press('Home');
  await saysText(page, '#event-title', 'Event 1:');
  await page.keyboard.press('ArrowDown');
  await saysText(page, '#event-title', 'Event 2:');
  assert.ok(
    await page.$eval(
      '#lanes',
      (e) => document.getElementById(e.getAttribute('aria-activedescendant')) !== null,
    ),
  );
  await page.keyboard.press('Enter');
  assert.equal(await focused(page), 'panel-event');
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, 'solid');
  await page.focus('#tab-event');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert.equal(await focused(page), 'tab-do');
  const field = await page.$eval('#do-sms [name="text"]', (e) => e.id);
  await tabTo(page, field);
  const since = (await program.events()).at(-1).seq;
  await page.keyboard.type('typed');
  await page.keyboard.press('Enter');
  await saysText(page, '#do-sms .outcome', 'Done');
  assert.ok((await program.events('control', since)).some(({ path }) => path.endsWith('/sms')));
}

async function narrow({ page }, { show, rows }) {
  await page.setViewport({ width: 390, height: 844, hasTouch: true });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(ground, 'rgb(20, 23, 27)');
  for (const view of ['lanes', 'event', 'state', 'do', 'manual', 'take']) {
    await show(page, view);
    const wide = await page.evaluate(() =>
      [
        document.documentElement.scrollWidth,
        ...[...document.querySelectorAll('.panel')].map((panel) => panel.scrollWidth),
      ].filter((width) => width > 390),
    );
    assert.deepEqual(wide, [], `${view} is wider than the screen`);
    assert.deepEqual(await axe(page, axeSource()), [], view);
  }
  await show(page, 'lanes');
  assert.ok(
    (await until('rows', async () => ((await rows(page)).length > 3 ? rows(page) : null))).length > 3,
  );
  const height = await page.$eval('#lanes', (e) => e.clientHeight);
  assert.ok(height > 300, `lanes are ${height} px high`);
  await page.emulateMediaFeatures([]);
  await page.setViewport({ width: 1440, height: 900 });
}

async function taken({ page, browser, directory, program }, { show, saysText, caughtUp }) {
  await caughtUp(page, program);
  await downloadsTo(page, directory);
  await show(page, 'take');
  await page.click('#take-ndjson');
  const lines = join(directory, 'eg91xq-modem0.ndjson');
  await until('the NDJSON file', () => existsSync(lines));
  const events = readFileSync(lines, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const kept = await program.events();
  assert.deepEqual(
    events.slice(0, kept.length).map(({ seq }) => seq),
    kept.map(({ seq }) => seq).slice(0, events.length),
  );
  await page.click('#take-html');
  const file = join(directory, 'eg91xq-modem0.html');
  await until('the HTML file', () => existsSync(file));
  const other = await browser.newPage();
  const problems = [];
  other.on('pageerror', (error) => problems.push(error.message));
  other.on('request', (request) => /^https?:/.test(request.url()) && problems.push(request.url()));
  await other.goto(`file://${file}`);
  await saysText(other, '#status', `Taken away: ${events.length.toLocaleString('en')} events of modem0`);
  assert.equal(await other.evaluate(() => globalThis.eg91xq.session.store.length), events.length);
  await other.waitForSelector('#lanes .row[id]');
  await other.click('#tab-state');
  await saysText(other, '[aria-label="Client 0"]', 'client_idx 0');
  assert.equal(await other.evaluate(() => globalThis.hit ?? null), null);
  assert.deepEqual(problems, []);
  await other.close();
}

async function token({ path, directory, browser }, { saysText }) {
  const secret = join(directory, 'token');
  writeFileSync(secret, 'open-sesame-0123456789abcdef\n', { mode: 0o600 });
  const program = new Program(path, directory, await freePort());
  await program.start('--control-token', secret, '--demo-broker', 'off');
  const server = await pageOf(program);
  const page = await browser.newPage();
  try {
    await page.goto(server.address);
    await page.waitForSelector('#token-dialog[open]');
    await page.type('#token', 'open-sesame-0123456789abcdef');
    await page.keyboard.press('Enter');
    await saysText(page, '#status', 'Connected');
    await page.reload();
    await saysText(page, '#status', 'Connected');
  } finally {
    await page.close();
    await server.close();
    await program.stop();
  }
}

async function restarted(world, { saysText, caughtUp, rowWith }) {
  const { page, program } = world;
  await page.bringToFront();
  await page.click('#follow').catch(() => {});
  const before = await page.evaluate(() => globalThis.eg91xq.session.store.length);
  world.host.close();
  await program.stop();
  await page.waitForFunction(() => document.querySelector('#status').classList.contains('bad'));
  await program.start();
  await saysText(page, '#status', 'Connected');
  world.host = new Host(program.pty);
  await page.evaluate(() => globalThis.eg91xq.figure.lanes.follow(true));
  await until(
    'the boot is over',
    async () => (await program.api('GET', '/modems/default')).boot_step === 'loaded',
  );
  await world.host.command('ATI');
  await page.waitForFunction(() => globalThis.eg91xq.session.store.runs.length === 2);
  await caughtUp(page, program);
  await rowWith(page, 'The program was started anew');
  await rowWith(page, 'ATI');
  const [all, own, first] = await page.evaluate((old) => {
    const { store } = globalThis.eg91xq.session;
    return [store.length, store.raw(old), store.seq(old + 1)];
  }, before);
  assert.equal(all, before + 1 + (await program.events()).length);
  assert.match(own, /started anew/);
  assert.equal(first, 1);
}

/// A program with two modems, of which only the shape of the answers is real.
async function twoModems({ browser }, { saysText, rowWith }) {
  const state = { name: '', model: 'EG916Q', power: 'on' };
  const fake = http.createServer((request, response) => {
    const name = /modems\/(one|two)/.exec(request.url)?.[1];
    response.writeHead(200, { 'Content-Type': 'application/json' });
    if (request.url === '/v1/modems')
      return response.end(
        JSON.stringify({
          modems: ['one', 'two'].map((each) => ({ name: each, model: 'EG916Q', imei: '1' })),
        }),
      );
    if (request.url === '/v1/faults' || request.url.endsWith('/faults'))
      return response.end('{"types":[],"faults":[]}');
    if (!request.url.includes('/journal')) return response.end(JSON.stringify(state));
    return response.write(
      `${JSON.stringify({ seq: 1, t: 1, kind: 'urc', channel: 'uart1', line: `I am ${name}` })}\n`,
    );
  });
  await new Promise((done) => fake.listen(0, '127.0.0.1', done));
  const server = await serve(0, () => `http://127.0.0.1:${fake.address().port}`);
  const page = await browser.newPage();
  try {
    await page.goto(server.address);
    await rowWith(page, 'I am one');
    await page.select('#modem', 'two');
    await rowWith(page, 'I am two');
    assert.match(await page.$eval('#do-power .ctl', (e) => e.textContent), /^eg91xq ctl --modem two power /);
    await page.goto('about:blank');
    await page.goto(`${server.address}/#modem=two&event=1`);
    await saysText(page, '#event-title', 'Event 1:');
    await rowWith(page, 'I am two');
  } finally {
    await page.close();
    await server.close();
    fake.closeAllConnections();
    fake.close();
  }
}

export function endTests(help) {
  const { test, saysText, rowWith } = help;
  test('events that the journal lost are counted', async ({ page }) => {
    await page.evaluate(() => {
      globalThis.eg91xq.session.addLines([new TextEncoder().encode('{"lost":3}')]);
      globalThis.eg91xq.figure.lanes.follow(true);
    });
    await rowWith(page, '3 events are lost');
    await saysText(page, '#count', '3 lost before this page could read them');
  });
  test('with the keyboard alone', (world) => keyboardWalk(world, help));
  test('390 px wide and dark', (world) => narrow(world, help));
  test('the session is taken away and looked at without the program', (world) => taken(world, help));
  test('several modems: one is chosen', (world) => twoModems(world, help));
  test('a token is asked for', (world) => token(world, help));
  test('goes on when the program is started anew on the same port', (world) => restarted(world, help));
}
