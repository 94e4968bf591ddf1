// Tests of how the page tells a new run of the program: by what the program says of it, although the
// events look as those before, and without a run that is said, by the events. The program here is made
// up, so that this can be had. Run by page_test.mjs.
import assert from 'node:assert/strict';
import http from 'node:http';
import { until } from './harness.mjs';
import { serve } from './serve.mjs';

const EVENT = { seq: 1, t: 1, kind: 'urc', channel: 'uart1', line: 'RDY' };

/// A program whose run, event, and streams are at hand.
async function fakeProgram() {
  const fake = { run: 'a', event: EVENT, streams: [] };
  const server = http.createServer((request, response) => {
    const json = (body) => response.end(JSON.stringify(body));
    response.writeHead(200, { 'Content-Type': 'application/json' });
    if (request.url === '/v1/modems') return json({ modems: [{ name: 'one', model: 'EG916Q', imei: '1' }] });
    if (request.url.endsWith('/faults')) return json({ types: [], faults: [] });
    if (/limit=1\b/.test(request.url))
      return json({ events: [fake.event], next: 1, lost: 0, ...(fake.run && { run: fake.run }) });
    if (!request.url.includes('/journal')) return json({ name: 'other', run: fake.run });
    fake.streams.push(response);
    response.on('close', () => (fake.streams = fake.streams.filter((stream) => stream !== response)));
    if (/since=0\b/.test(request.url)) response.write(`${JSON.stringify(fake.event)}\n`);
    else response.flushHeaders();
    return undefined;
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  fake.address = `http://127.0.0.1:${server.address().port}`;
  fake.hangUp = () => fake.streams.forEach((stream) => stream.destroy());
  fake.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return fake;
}

const runs = (page) => page.evaluate(() => globalThis.eg91xq.session.store.runs.length);
const length = (page) => page.evaluate(() => globalThis.eg91xq.session?.store.length ?? 0);

async function newRuns({ browser }, { saysText }) {
  const fake = await fakeProgram();
  const server = await serve(0, () => fake.address);
  const page = await browser.newPage();
  const streaming = async () => {
    await until('a stream', () => fake.streams.length > 0);
    await saysText(page, '#status', 'Connected');
  };
  const again = async () => {
    await streaming();
    fake.hangUp();
    await page.waitForFunction(() => document.querySelector('#status').classList.contains('bad'));
    await streaming();
  };
  try {
    await page.goto(server.address);
    await until('the event', async () => (await length(page)) === 1);
    await page.evaluate(() => globalThis.eg91xq.feed.saw('a'));
    await again();
    assert.equal(await runs(page), 1, 'the same run');
    fake.run = 'b';
    await again();
    assert.equal(await runs(page), 2, 'another run with the same event');
    fake.run = 'c';
    await page.evaluate(() => globalThis.eg91xq.feed.saw('c'));
    await until('told by the state', async () => (await runs(page)) === 3);
    fake.run = undefined;
    await again();
    assert.equal(await runs(page), 3, 'nothing is told, and the event is the same');
    fake.event = { ...EVENT, t: 2 };
    await again();
    await until('nothing is told, and the event is another', async () => (await runs(page)) === 4);
  } finally {
    await page.close();
    await server.close();
    fake.close();
  }
}

export function runTests(help) {
  help.test('a new run is told by its name, else by the events', (world) => newRuns(world, help));
}
