// How the page does while a host goes on and on: heap and nodes before and after, the longest time that
// its thread was not to be had, and what the page costs the host: the median of AT at the port with it
// and without it, by turns. The page lets go of events early, so that what stays is a leak.
// node soak.mjs [SECONDS [EG91XQ]]; page_test.mjs does it for some seconds.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { browse, withProgram } from './harness.mjs';

const KEPT = 20_000; // events
const EVENTS_OF_PUBLISH = 16;
const EVENTS_OF_AT = 4;
const PAIRS = 7;
const WARM = 1000; // events, before anything is measured
const MOST_GROWTH = 5; // MB
const MOST_NODES = 500;
const MOST_LAG = 100; // ms

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const seen = (page) =>
  page.evaluate(() => globalThis.eg91xq.session.store.length + globalThis.eg91xq.session.store.dropped);

/// A host that publishes so often that there are `rate` events in a second, until it is told to stop.
function publishing(host, rate) {
  const state = { isOver: false };
  const every = (1000 * EVENTS_OF_PUBLISH) / rate;
  const run = async () => {
    let due = performance.now();
    for (let id = 1; !state.isOver; id = (id % 65535) + 1) {
      await host.publish(`soak/${id % 50}`, '{"t":21.5}', id);
      due = Math.max(due + every, performance.now() - 1000);
      if (due > performance.now()) await pause(due - performance.now());
    }
  };
  const done = run();
  return {
    stop: () => {
      state.isOver = true;
      return done;
    },
  };
}

/// In the page: the longest time that a timer came late, until it is asked for.
const watchLag = (page) =>
  page.evaluate(() => {
    const watch = { longest: 0, tasks: 0, isOn: true };
    globalThis.lagWatch = watch;
    new PerformanceObserver((list) => (watch.tasks += list.getEntries().length)).observe({
      entryTypes: ['longtask'],
    });
    const step = (due) =>
      setTimeout(() => {
        watch.longest = Math.max(watch.longest, performance.now() - due);
        if (watch.isOn) step(performance.now() + 10);
      }, due - performance.now());
    step(performance.now() + 10);
  });
const lag = (page) =>
  page.evaluate(() => {
    globalThis.lagWatch.isOn = false;
    return globalThis.lagWatch;
  });

/// The same here: how late the machine lets anybody be.
function watchOwnLag() {
  const watch = { longest: 0 };
  let due = performance.now() + 10;
  watch.timer = setInterval(() => {
    watch.longest = Math.max(watch.longest, performance.now() - due);
    due = performance.now() + 10;
  }, 10);
  return watch;
}

async function weight(session) {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name) => metrics.find((metric) => metric.name === name).value;
  return { heap: of('JSHeapUsedSize') / 1e6, nodes: of('Nodes'), listeners: of('JSEventListeners') };
}

async function connected(page, url) {
  await page.goto(url);
  await page.waitForFunction(() => document.querySelector('#status').textContent.includes('Connected'));
}

/// How often an event does not follow the one before it.
const gaps = (page) =>
  page.evaluate(() => {
    const { store } = globalThis.eg91xq.session;
    let found = 0;
    for (let i = 1; i < store.length; i += 1) if (store.seq(i) !== store.seq(i - 1) + 1) found += 1;
    return found;
  });

/// {before, after, lag, ownLag, tasks, rate, gaps}
async function load({ host, page, url }, seconds, rate) {
  await connected(page, url);
  await page.evaluate((kept) => (globalThis.eg91xq.session.store.kept = kept), KEPT);
  const session = await page.createCDPSession();
  await session.send('Performance.enable');
  await host.connect();
  // As much as will be kept, so that only what comes on top can grow.
  const filled = seconds * rate > 4 * KEPT ? KEPT * 2 : WARM;
  const publisher = publishing(host, rate);
  const end = Date.now() + 10_000 + (2000 * filled) / rate;
  while ((await seen(page)) < filled && Date.now() < end) await pause(200);
  const before = await weight(session);
  const own = watchOwnLag();
  await watchLag(page);
  const [from, since] = [await seen(page), performance.now()];
  await pause(1000 * seconds);
  const passed = (performance.now() - since) / 1000;
  const events = (await seen(page)) - from;
  const { longest, tasks } = await lag(page);
  clearInterval(own.timer);
  await publisher.stop();
  return {
    before,
    after: await weight(session),
    lag: longest,
    ownLag: own.longest,
    tasks,
    rate: events / passed,
    gaps: await gaps(page),
  };
}

async function median(pty, seconds, rate) {
  const count = Math.max(50, Math.round((seconds * rate) / EVENTS_OF_AT));
  const script = fileURLToPath(new URL('at_latency.mjs', import.meta.url));
  const between = (1000 * EVENTS_OF_AT) / rate;
  const { stdout } = await promisify(execFile)(process.execPath, [script, pty, count, between]);
  return JSON.parse(stdout).median;
}

/// Medians at the port, in µs, by turns: [{without, with}]
async function cost({ program, page, url }, pairs, seconds, rate) {
  const found = [];
  for (let n = 0; n < pairs; n += 1) {
    const pair = {};
    for (const how of n % 2 ? ['with', 'without'] : ['without', 'with']) {
      if (how === 'with') await connected(page, url);
      else await page.goto('about:blank');
      await pause(300);
      pair[how] = await median(program.pty, seconds, rate);
    }
    found.push(pair);
  }
  return found;
}

const middle = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/// All figures. `world` has path, directory and browser.
export async function soak(world, { seconds, rate = 500, pairs = PAIRS, turn = 4 }) {
  const figures = {};
  await withProgram(world, [], async (here) => {
    Object.assign(figures, await load(here, seconds, rate));
  });
  if (pairs === 0) return figures;
  // With a host of its own: one that was there before may still wait for bytes.
  await withProgram({ ...world, hosts: false }, [], async (here) => {
    figures.pairs = await cost(here, pairs, turn, 200);
    figures.ratio = middle(figures.pairs.map((pair) => pair.with / pair.without));
  });
  return figures;
}

/// Twenty seconds of it. How the host fares is told by main() alone: it wants a quiet machine.
export function soakTests({ test }) {
  test('the page does not grow or get stuck while a host goes on', async (world) => {
    const {
      before,
      after,
      lag: late,
      ownLag,
      rate,
      gaps: missing,
    } = await soak(world, { seconds: 20, pairs: 0 });
    console.log(
      `        ${rate.toFixed(0)} events/s, heap ${before.heap.toFixed(1)} -> ${after.heap.toFixed(1)} MB, ${before.nodes} -> ${after.nodes} nodes, lag ${late.toFixed(0)} ms, here ${ownLag.toFixed(0)} ms`,
    );
    assert.equal(missing, 0, 'events are missing');
    assert.ok(rate > 400, `only ${rate.toFixed(0)} events/s`);
    assert.ok(after.heap < before.heap + MOST_GROWTH, 'the heap grows');
    assert.ok(after.nodes < before.nodes + MOST_NODES, 'the document grows');
    // A machine that has no time for this process has none for the page either.
    assert.ok(late < MOST_LAG + ownLag, `the thread was not to be had for ${late.toFixed(0)} ms`);
  });
}

async function main() {
  const seconds = Number(process.argv[2] ?? 600);
  const path = process.argv[3] ?? fileURLToPath(new URL('../../build/release/bin/eg91xq', import.meta.url));
  const directory = process.env.SCRATCH ?? '/tmp/eg91xq-page-soak';
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const { browser } = await browse(directory);
  const figures = await soak({ path, directory, browser }, { seconds });
  await browser.close();
  const { before, after, pairs } = figures;
  console.log(`${figures.rate.toFixed(0)} events/s for ${seconds} s, ${figures.gaps} missing`);
  console.log(`heap: ${before.heap.toFixed(1)} MB before, ${after.heap.toFixed(1)} MB after`);
  console.log(
    `nodes: ${before.nodes} before, ${after.nodes} after; listeners: ${before.listeners}, ${after.listeners}`,
  );
  console.log(
    `longest lag: ${figures.lag.toFixed(0)} ms, here ${figures.ownLag.toFixed(0)} ms; tasks over 50 ms: ${figures.tasks}`,
  );
  for (const pair of pairs)
    console.log(
      `AT, median: ${pair.without.toFixed(0)} µs without the page, ${pair.with.toFixed(0)} µs with it`,
    );
  console.log(`with the page / without it, median of ${pairs.length} pairs: ${figures.ratio.toFixed(3)}`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main();
