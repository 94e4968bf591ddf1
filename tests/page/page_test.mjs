// Tests of the page against a real program, one behind the other on the same session of a host.
// node page_test.mjs EG91XQ DIRECTORY
// What is served as the page is the program's own, or else page/ by serve.mjs; with EG91XQ_PAGE_TREE
// page/ in any case, for work on it.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { actionTests } from './actions.mjs';
import { endTests } from './ends.mjs';
import { axe, axeSource, browse, freePort, Host, pageOf, Program, until } from './harness.mjs';
import { manualTests } from './manual.mjs';
import { packetTests } from './packets.mjs';
import { pictureTests } from './pictures.mjs';
import { runTests } from './runs.mjs';
import { soakTests } from './soak.mjs';
import { stateTests } from './state.mjs';
import { takeTests } from './take.mjs';

const [, , path, directory] = process.argv;
rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });

const MARKUP = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>';
const world = { directory, path };
const tests = [];
const test = (name, run) => tests.push({ name, run });

/// What the rows in sight say, from the top.
const rows = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('#lanes .row')]
      .filter((row) => row.id)
      .map((row) => ({
        row: Number(row.getAttribute('aria-posinset')),
        seq: Number(row.dataset.seq),
        text: row.querySelector('.text').textContent,
        more: row.querySelector('.more').textContent,
        marks: row.querySelector('.marks').textContent,
        classes: row.className,
        selected: row.getAttribute('aria-selected') === 'true',
      }))
      .sort((a, b) => a.row - b.row),
  );
const rowWith = (page, text) =>
  until(`a row with ${text}`, async () => (await rows(page)).find((row) => row.text.includes(text)));
const count = (page) => page.evaluate(() => globalThis.eg91xq.figure.view.length);
const pick = (page, seq) =>
  page.evaluate((wanted) => {
    const { figure, session } = globalThis.eg91xq;
    return figure.go(session.store.find(wanted));
  }, seq);
/// What is to be drawn in the next frame is there in the one behind it.
const drawn = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));
const choose = async (page, id, value) => {
  await page.$eval(
    `#${id}`,
    (element, wanted) => {
      if (element.type === 'checkbox') element.checked = wanted;
      else element.value = wanted;
      element.dispatchEvent(new Event('change', { bubbles: true }));
    },
    value,
  );
  await until('the filter has worked', () => page.evaluate(() => !globalThis.eg91xq.figure.view.busy));
  await drawn(page);
};
const show = (page, view) => page.$eval(`#tab-${view}`, (tab) => tab.click());
const saysText = (page, selector, text) =>
  page.waitForFunction(
    (where, what) => document.querySelector(where)?.textContent.includes(what),
    {},
    selector,
    text,
  );
const follow = (page) => page.$eval('#follow', (e) => e.getAttribute('aria-pressed') === 'true' || e.click());
/// All that the page has is what the journal has.
const caughtUp = async (page, program) => {
  const last = (await program.events()).at(-1)?.seq ?? 0;
  await page.waitForFunction((seq) => globalThis.eg91xq.session.store.lastSeq >= seq, {}, last);
};

test('lanes fill as a host talks', async ({ page, host, program }) => {
  await host.connect();
  await host.command('AT+QMTSUB=0,1,"plant/#",1', '+QMTSUB: 0,1,0');
  await host.publish('plant/1', '21.5', 2);
  await caughtUp(page, program);
  // The bytes that were typed are drawn by themselves until the command is known.
  await until('a command in one row', async () =>
    /\bblock\b.*from-host to-modem/.test(
      (await rowWith(page, 'AT+QMTPUBEX=0,2,1,0,"plant/1",4')).classes,
    ),
  );
  await until('the outcome in the same row', async () =>
    /4 B → OK \(.* of .*\) → \+QMTPUBEX: 0,2,0 \(.*\)/.test((await rowWith(page, 'AT+QMTPUBEX')).more),
  );
  const packet = await rowWith(page, 'PUBLISH id 2 qos 1 plant/1');
  assert.match(packet.classes, /\bright\b.*from-modem to-broker/);
  assert.match((await rowWith(page, 'PUBACK id 2')).classes, /from-broker to-modem/);
  assert.ok(!(await rows(page)).some(({ text }) => text === '21.5'), 'bytes of a command are folded into it');
});

test('a command unfolds into its events', async ({ page }) => {
  const { seq } = await rowWith(page, 'AT+QMTPUBEX=0,2');
  const before = await count(page);
  await pick(page, seq);
  await page.click('#unfold');
  await until('more rows', async () => (await count(page)) > before + 5);
  await rowWith(page, '21.5');
  await page.click('#unfold');
  await until('as before', async () => (await count(page)) === before);
});

test('payload is shown as text, hex and JSON; markup stays text', async ({ page, host, program }) => {
  await host.publish('plant/json', '{"led":1}', 3);
  await host.publish('plant/<b>x</b>', MARKUP, 4);
  await caughtUp(page, program);
  const commands = await program.events('command');
  await pick(page, commands.find(({ line }) => line.includes('plant/json')).seq);
  await page.click('[data-way="JSON"]');
  assert.equal(await page.$eval('.payload', (e) => e.textContent), '{\n  "led": 1\n}');
  await page.click('[data-way="hex"]');
  assert.match(await page.$eval('.payload', (e) => e.textContent), /^0000 {2}7b 22 6c 65 64/);
  await page.click('[data-way="text"]');
  await pick(page, commands.find(({ line }) => line.includes('<b>')).seq);
  assert.equal(await page.$eval('.payload', (e) => e.textContent), MARKUP);
  assert.equal(await page.$eval('#panel-event .said', (e) => e.querySelector('b')), null);
  const injected = await page.evaluate(() => [
    globalThis.hit ?? null,
    document.querySelectorAll('main img, main script, main b').length,
  ]);
  assert.deepEqual(injected, [null, 0]);
});

test('filters: kind, client, channel, topic, text', async ({ page }) => {
  const all = await count(page);
  await choose(page, 'filter-topic', 'plant/+');
  const topical = await rows(page);
  assert.ok(
    topical.length > 4 && topical.every(({ text }) => text.includes('plant/')),
    JSON.stringify(topical),
  );
  assert.match(await page.evaluate(() => location.hash), /topic=plant/);
  await choose(page, 'filter-topic', '');
  await choose(page, 'filter-client', '3');
  assert.equal(await count(page), 0);
  await choose(page, 'filter-client', '-1');
  await choose(page, 'kind-packet', false);
  assert.ok(!(await rows(page)).some(({ classes }) => classes.includes('kind-packet')));
  await choose(page, 'kind-packet', true);
  await choose(page, 'filter-channel', 'uart1');
  assert.ok((await rows(page)).every(({ classes }) => !classes.includes('kind-packet')));
  await choose(page, 'filter-channel', '');
  await choose(page, 'filter-text', '"LED":1');
  const found = await rows(page);
  assert.ok(
    found.length >= 2 && found.length < all && found.some(({ text }) => text.includes('plant/json')),
    JSON.stringify(found),
  );
  await choose(page, 'filter-text', '');
  assert.equal(await count(page), all);
});

test('search with next and previous, next error', async ({ page, host, program }) => {
  await host.command('AT+NOPE', 'ERROR\r\n');
  await caughtUp(page, program);
  const selected = async () => (await rows(page)).find((row) => row.selected);
  await page.$eval('#search', (e) => (e.value = 'puback'));
  await page.$eval('#lanes', (e) => e.focus());
  await page.keyboard.press('Home');
  await page.click('#search-next');
  const first = await until('a hit', async () =>
    (await selected())?.text.includes('PUBACK') ? selected() : null,
  );
  await page.click('#search-next');
  await until('the next', async () => (await selected())?.row > first.row);
  await page.click('#search-previous');
  await until('the one before', async () => (await selected())?.row === first.row);
  await page.click('#next-error');
  await until('the error', async () => (await selected())?.text === 'AT+NOPE');
  await saysText(page, '#why', 'there is no such command');
});

test('a link to an event shows it again', async ({ page, url }) => {
  const hash = await page.evaluate(() => location.hash);
  const seq = Number(/event=(\d+)/.exec(hash)[1]);
  await page.goto('about:blank');
  await page.goto(`${url}/${hash}&client=-&topic=`);
  await saysText(page, '#event-title', `Event ${seq}:`);
  assert.equal((await until('its row', async () => (await rows(page)).find((row) => row.selected))).seq, seq);
});

test('what is seen stays where it is while rows above it come and go', async ({ page, host, program }) => {
  for (let n = 0; n < 40; n += 1) await host.command('AT+CSQ');
  await caughtUp(page, program);
  const moved = await page.evaluate(async () => {
    const { figure } = globalThis.eg91xq;
    const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const top = () => document.querySelector('#lanes .row[aria-selected="true"]')?.getBoundingClientRect().top;
    const heads = [];
    for (let row = 0; row < figure.view.length; row += 1) {
      const i = figure.view.at(row);
      if (figure.session.folder.has(i)) heads.push(i);
    }
    const [event] = heads.slice(-20);
    figure.lanes.select(event, true);
    await drawn();
    const before = top();
    for (const head of heads.slice(0, 5)) figure.view.unfold(head, true);
    await drawn();
    const unfolded = top() - before;
    for (const head of heads.slice(0, 5)) figure.view.unfold(head, false);
    await drawn();
    return { before, unfolded, folded: top() - before };
  });
  assert.ok(moved.before > 0);
  assert.deepEqual([moved.unfolded, moved.folded], [0, 0]);
});

test('follow stops when the person scrolls up; pause holds rows back', async ({ page, host, program }) => {
  await page.setViewport({ width: 1440, height: 420 });
  const pressed = (id) => page.$eval(`#${id}`, (e) => e.getAttribute('aria-pressed'));
  if ((await pressed('follow')) === 'false') await page.click('#follow');
  const atEnd = () =>
    page.evaluate(() => {
      const { lanes } = globalThis.eg91xq.figure;
      return lanes.position === lanes.end && lanes.end > 0;
    });
  await until('the end', atEnd);
  const box = await (await page.$('#lanes')).boundingBox();
  await page.mouse.move(box.x + 200, box.y + 50);
  await page.mouse.wheel({ deltaY: -300 });
  await until('not following', async () => (await pressed('follow')) === 'false');
  const top = (await rows(page))[0].seq;
  await host.command('ATI');
  await caughtUp(page, program);
  assert.equal((await rows(page))[0].seq, top);
  await page.click('#follow');
  await until('the end again', atEnd);
  await page.click('#pause');
  const before = await count(page);
  await host.command('ATI');
  await caughtUp(page, program);
  await saysText(page, '#count', 'paused, ');
  assert.equal(await count(page), before);
  await page.click('#pause');
  await until('rows go on', async () => (await count(page)) === before + 1);
  await page.setViewport({ width: 1440, height: 900 });
});

test('why: the evidence behind a +QMTSTAT that a fault made', async ({ page, host, program }) => {
  await program.api('POST', '/modems/default/faults', {
    name: 'cut',
    type: 'link',
    params: { mode: 'reset' },
  });
  await host.hears('+QMTSTAT: 0,1');
  await program.api('DELETE', '/modems/default/faults');
  await caughtUp(page, program);
  const stat = (await program.events('stat')).at(-1);
  const urc = (await program.events('urc')).findLast(({ line }) => line === '+QMTSTAT: 0,1');
  await pick(page, urc.seq);
  const steps = await page.$$eval('#why li', (items) =>
    items.map((e) => ({ text: e.textContent, seq: Number(e.querySelector('a')?.dataset.seq) })),
  );
  for (const seq of stat.because)
    assert.ok(
      steps.some((step) => step.seq === seq),
      `${seq} in ${JSON.stringify(steps)}`,
    );
  assert.ok(
    steps.some(({ text }) => text.includes('fault cut (link) acts')),
    JSON.stringify(steps),
  );
  assert.ok(steps.some(({ text }) => text.includes(stat.why)));
  await saysText(page, '#note-says', 'Execute AT+QMTOPEN and reopen the connection. (note 4.1)');
  const link = stat.because.at(-1);
  await page.click(`#why a[data-seq="${link}"]`);
  await saysText(page, '#event-title', `Event ${link}: link`);
});

test('why: lint with its clause, an opening without a network', async ({ page, host, program }) => {
  await host.connect();
  host.type('AT+QMTPUBEX=0,9,1,0,"plant/x",4\r1234');
  await host.hears('+QMTPUBEX: 0,9,0');
  await caughtUp(page, program);
  await pick(page, (await program.events('lint')).find(({ rule }) => rule === 'data-before-prompt').seq);
  await saysText(page, '#why', 'GRAM-9');
  await saysText(page, '#why', 'AT+QMTPUBEX=0,9');
  await host.command('AT+QMTDISC=0', '+QMTDISC: 0,0');
  await program.api('PATCH', '/modems/default/surroundings', { service: 'none' });
  await host.command('AT+QMTOPEN=1,"broker.demo",1883', '+QMTOPEN: 1,3');
  await program.api('PATCH', '/modems/default/surroundings', { service: 'home' });
  await caughtUp(page, program);
  await pick(page, (await program.events('urc')).find(({ line }) => line === '+QMTOPEN: 1,3').seq);
  const { value } = (await program.events('device')).findLast(
    ({ what, value: now }) => what === 'registration' && now !== 'home',
  );
  await saysText(page, '#why', `registration: ${value}`);
  await saysText(page, '#why', 'client 1 opening → idle');
  assert.ok(!(await page.$eval('#why', (e) => e.textContent)).includes('fault'));
  await until('the network is back', async () =>
    (await program.api('GET', '/modems/default')).contexts.some(({ active }) => active),
  );
});

test('the state is that of the modem', async ({ page, host }) => {
  await host.connect();
  await show(page, 'state');
  await saysText(page, '[aria-label="Client 0"]', 'connected');
  await saysText(page, '[aria-label="Client 0"]', 'broker.demo:1883');
  await saysText(page, '[aria-label="Client 0"] .timers', 'T2');
  await saysText(page, '[aria-label="Client 0"] .down', '+QMTSTAT code 1');
  await saysText(page, '#panel-state', 'demo_ca.pem');
});

test('axe-core has no serious finding', async ({ page }) => {
  // In light; the dark colours are looked at in the narrow page.
  const source = axeSource();
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
  for (const view of ['event', 'state', 'do', 'manual', 'take']) {
    await show(page, view);
    if (view === 'do') await page.waitForSelector('#do-fault');
    assert.deepEqual(await axe(page, source), [], view);
  }
  await page.emulateMediaFeatures([]);
});

async function start() {
  world.program = new Program(path, directory, await freePort());
  await world.program.start('--knob', 'cmux-n1=200', '--capture', `${directory}/capture.pcapng`);
  world.host = new Host(world.program.pty);
  await until(
    'the boot is over',
    async () => (await world.program.api('GET', '/modems/default')).boot_step === 'loaded',
  );
  world.server = await pageOf(world.program);
  world.url = world.server.address;
  Object.assign(world, await browse(directory));
  await world.page.goto(world.url);
  await saysText(world.page, '#status', 'Connected');
}

let failed = 0;
const begun = Date.now();
const help = { test, rows, rowWith, follow, count, pick, choose, show, saysText, caughtUp };
for (const more of [
  packetTests,
  stateTests,
  manualTests,
  actionTests,
  runTests,
  takeTests,
  pictureTests,
  soakTests,
])
  more(help);
endTests(help);
try {
  await start();
  for (const { name, run } of tests) {
    const since = Date.now();
    try {
      await run(world);
      assert.deepEqual(world.page.problems, []);
      console.log(`ok      ${name} (${Date.now() - since} ms)`);
    } catch (error) {
      failed += 1;
      world.page.problems.length = 0;
      console.log(`FAILED  ${name}: ${error.stack}`);
      await world.page.screenshot({ path: `${directory}/failed-${failed}.png` }).catch(() => {});
    }
  }
} finally {
  world.host?.close();
  await world.browser?.close();
  await world.server?.close();
  await world.program?.stop();
}
console.log(`${tests.length - failed} of ${tests.length} in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
process.exit(failed === 0 ? 0 : 1);
