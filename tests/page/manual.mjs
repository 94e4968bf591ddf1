// Tests of the manual: it has what the program has, is found by text, and is led to from events, by an
// address, and by what the terminal offers. Run by page_test.mjs.
import assert from 'node:assert/strict';
import { axe, axeSource, until } from './harness.mjs';

const shown = (page) => page.$$eval('.manual > .entry', (all) => all.map((entry) => entry.dataset.id));
/// The entry that is open, once it is filled.
const openEntry = async (page) => {
  await page.waitForSelector('.manual .entry[open] .entry-body');
  return page.$eval('.manual .entry[open]', (e) => ({ id: e.dataset.id, text: e.innerText }));
};

async function search(page, text) {
  await page.$eval(
    '#manual-search',
    (e, value) => {
      e.value = value;
      e.dispatchEvent(new Event('input'));
    },
    text,
  );
  return shown(page);
}

async function complete({ page, program }, { show }) {
  const { commands, urcs } = await program.api('GET', '/commands');
  await show(page, 'manual');
  await until('entries', async () => (await shown(page)).length === commands.length + urcs.length);
  assert.equal(
    await page.$eval('#manual-found', (e) => e.textContent),
    `${commands.length + urcs.length} entries`,
  );
}

async function searched({ page }, { show }) {
  await show(page, 'manual');
  assert.deepEqual((await search(page, 'qmtopen')).slice(0, 2), ['AT+QMTOPEN', '+QMTOPEN']);
  assert.deepEqual(await search(page, 'clean session'), ['AT+QMTCFG:session']);
  assert.ok((await search(page, 'keep_alive_time')).includes('AT+QMTCFG:keepalive'), 'by a parameter');
  assert.deepEqual(await search(page, 'no such thing'), []);
  await search(page, 'AT+QMTPUBEX');
  await page.click('.manual .entry summary');
  const { text } = await openEntry(page);
  for (const part of [
    'AT+QMTPUBEX=<client_idx>,<msgID>,<qos>,<retain>,<topic>,<length>',
    '0 to 65535',
    '0 or 1',
    'text of 1 to 256 characters',
    'test, write',
    '15 s',
    'MQTT application note, note 3.3.8; documented',
    '+QMTPUBEX: (0-5),<msgID>,(0-2),(0,1),"topic","length"',
  ])
    assert.ok(text.includes(part), `${part} in ${text}`);
  await search(page, '');
}

async function ledTo({ page, host, program }, { pick, show, follow, caughtUp, rowWith }) {
  await host.command('AT+QMTCFG="keepalive",5,60');
  await caughtUp(page, program);
  const command = (await program.events('command')).at(-1);
  await pick(page, command.seq);
  await show(page, 'event');
  const link = await page.$eval('.entry-link a', (a) => ({
    text: a.textContent,
    href: a.getAttribute('href'),
  }));
  assert.equal(link.text, 'AT+QMTCFG="keepalive"');
  assert.match(link.href, /manual=AT%2BQMTCFG%3Akeepalive/);
  await page.click('.entry-link a');
  assert.equal((await openEntry(page)).id, 'AT+QMTCFG:keepalive');
  assert.equal(await page.evaluate(() => document.body.dataset.view), 'manual');
  const urc = (await program.events('urc')).findLast(({ line }) => line.startsWith('+QMTSTAT'));
  await pick(page, urc.seq);
  await show(page, 'event');
  await page.click('.entry-link a');
  assert.equal((await openEntry(page)).id, '+QMTSTAT');
  await follow(page);
  await rowWith(page, 'AT+QMTCFG="keepalive"');
  await page.evaluate((seq) => document.querySelector(`.row[data-seq="${seq}"] .book`).click(), command.seq);
  assert.equal((await openEntry(page)).id, 'AT+QMTCFG:keepalive');
}

async function permalink({ page, url }, { saysText }) {
  const href = await page.$eval('.manual .entry[open] .permalink', (a) => a.getAttribute('href'));
  await page.goto('about:blank');
  await page.goto(`${url}/${href}`);
  await saysText(page, '.manual .entry[open]', 'Keep-alive time in seconds');
  await page.evaluate(() => (location.hash = '#manual=AT%2BQMTSUB'));
  await saysText(page, '.manual .entry[open]', 'Subscribe to topics');
  await saysText(page, '#status', 'Connected');
}

async function completion({ page }, { show }) {
  await show(page, 'do');
  const offered = await until('what is offered', () =>
    page.$eval('#do-terminal [name="line"]', (input) => {
      const all = [...(input.list?.options ?? [])].map(({ value }) => value);
      return all.length > 0 ? all : null;
    }),
  );
  for (const text of ['AT+QMTOPEN=?', 'AT+QMTOPEN?', 'AT+QMTOPEN=', 'AT+QMTCFG="will",', 'ATE'])
    assert.ok(offered.includes(text), text);
  await page.$eval('#do-terminal [name="line"]', (e) => {
    e.value = 'AT+QMTSUB=';
    e.dispatchEvent(new Event('input', { bubbles: true }));
  });
  assert.equal(
    await page.$eval('#terminal-about', (e) => e.textContent),
    'AT+QMTSUB=<client_idx>,<msgID>,<topic>,<qos>[,…] Subscribe to topics',
  );
}

/// With an entry open, in both schemes and at both widths.
async function usable({ page }, { show }) {
  const source = axeSource();
  for (const width of [1440, 390])
    for (const scheme of ['light', 'dark']) {
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await show(page, 'manual');
      await page.evaluate(() => globalThis.eg91xq.showEntry('AT+QMTSUB'));
      const where = `${width} px, ${scheme}`;
      const panel = await page.$eval('#panel-manual', (e) => e.scrollWidth - e.clientWidth);
      assert.ok(panel <= 0, `the panel is wider than it can be: ${where}`);
      assert.deepEqual(await axe(page, source, '#panel-manual'), [], where);
    }
  await page.emulateMediaFeatures([]);
  await page.setViewport({ width: 1440, height: 900 });
}

export function manualTests(help) {
  const { test } = help;
  test('manual: all that the program has', (world) => complete(world, help));
  test('manual: found by name, summary and parameter; an entry tells all', (world) => searched(world, help));
  test('manual: led to from events and rows', (world) => ledTo(world, help));
  test('manual: an entry by its address', (world) => permalink(world, help));
  test('manual: axe-core has no serious finding, wide and narrow', (world) => usable(world, help));
  test('manual: what the terminal offers', (world) => completion(world, help));
}
