// How the page does with a journal of a million events: time until they are read, memory, time of a
// frame while they are scrolled, and of a filter that looks into each. Not a test; prints numbers.
// node measure.mjs [EVENTS]
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { browse, until } from './harness.mjs';
import { serve } from './serve.mjs';

const wanted = Number(process.argv[2] ?? 1_000_000);
const base64 = (text) => Buffer.from(text).toString('base64');
const bytes = (text) => ({
  channel: 'uart1',
  bytes: base64(text),
  text: text.replaceAll('\r', '\\x0D').replaceAll('\n', '\\x0A'),
});

/// What one publish of a host leaves in a journal.
function* publish(id) {
  const command = `+QMTPUBEX=0,${id},1,0,"plant/${id % 50}",4`;
  yield { kind: 'rx', ...bytes(`AT${command}\r`) };
  yield { kind: 'command', channel: 'uart1', line: command };
  yield { kind: 'tx', ...bytes(`AT${command}\r`), echo: true };
  yield { kind: 'tx', ...bytes('\r\n> ') };
  yield { kind: 'prompt', channel: 'uart1', command, wanted: 4 };
  yield { kind: 'timer', client: 0, name: 'T1', id, delay: 5, what: 'set' };
  yield { kind: 'rx', ...bytes('21.5') };
  yield { kind: 'data', channel: 'uart1', bytes: 4 };
  yield { kind: 'tx', ...bytes('\r\nOK\r\n') };
  yield { kind: 'result', channel: 'uart1', line: 'OK', command, took: 0.000261, limit: 15 };
  yield {
    kind: 'packet',
    client: 0,
    dir: 'out',
    type: 'publish',
    length: 17,
    id,
    qos: 1,
    dup: false,
    retain: false,
    topic: `plant/${id % 50}`,
    payload: base64('21.5'),
    text: '21.5',
    payload_length: 4,
  };
  yield { kind: 'packet', client: 0, dir: 'in', type: 'puback', length: 4, id };
  yield { kind: 'timer', client: 0, name: 'T1', id, what: 'stopped' };
  yield { kind: 'tx', ...bytes(`\r\n+QMTPUBEX: 0,${id},0\r\n`) };
  yield { kind: 'urc', channel: 'uart1', line: `+QMTPUBEX: 0,${id},0` };
}

function* lines() {
  let seq = 0;
  for (let id = 1; ; id = (id % 65535) + 1)
    for (const event of publish(id)) {
      seq += 1;
      yield `${JSON.stringify({ seq, t: seq / 1000, ...event })}\n`;
      if (seq === wanted) return;
    }
}

async function sendAll(response) {
  let portion = '';
  for (const line of lines()) {
    portion += line;
    if (portion.length < 256 * 1024) continue;
    if (!response.write(portion)) await new Promise((done) => response.once('drain', done));
    portion = '';
  }
  response.write(portion);
}

const program = http.createServer((request, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  if (request.url.includes('/journal')) return sendAll(response);
  if (request.url === '/v1/modems')
    return response.end('{"modems":[{"name":"modem0","model":"EG916Q","imei":"1"}]}');
  return response.end('{"faults":[],"types":[]}');
});
await new Promise((done) => program.listen(0, '127.0.0.1', done));
const server = await serve(0, () => `http://127.0.0.1:${program.address().port}`);
const directory = process.env.SCRATCH ?? '/tmp/eg91xq-page-measure';
rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });
const { browser, page } = await browse(directory);
const cdp = await page.createCDPSession();
const heap = async () => {
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
};

/// What the processes of the tab and its like hold for themselves, the largest of them.
async function tab() {
  const system = await browser.target().createCDPSession();
  const { processInfo } = await system.send('SystemInfo.getProcessInfo');
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(
      ({ id }) =>
        Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0) / 1000,
    );
  return Math.max(...sizes);
}

const begun = Date.now();
await page.goto(server.address);
const read = () =>
  page.evaluate(() =>
    globalThis.eg91xq?.session
      ? globalThis.eg91xq.session.store.length + globalThis.eg91xq.session.store.dropped
      : 0,
  );
for (let last = -1, now = 0; now < wanted; now = await read()) {
  if (now !== last) process.stderr.write(`${now}\r`);
  last = now;
  await new Promise((done) => setTimeout(done, 200));
}
console.log(`read: ${((Date.now() - begun) / 1000).toFixed(1)} s`);
console.log(
  `heap: ${(await heap()).toFixed(0)} MB; lines and columns: ${await page.evaluate(() => (globalThis.eg91xq.session.store.size / 1e6).toFixed(0))} MB`,
);

console.log(`tab: ${(await tab()).toFixed(0)} MB`);

/// Frames of a scroll: by wheel steps in the middle, and by jumps through all of it.
const frames = (name, move) =>
  page
    .evaluate(
      (source) =>
        new Promise((resolve) => {
          const { lanes } = globalThis.eg91xq.figure;
          const step = {
            wheel: (n) => lanes.moveTo(lanes.end / 2 - n * 120, true),
            jumps: (n) => lanes.moveTo((lanes.end * ((n * 37) % 100)) / 100, true),
          }[source];
          const times = [];
          const drawn = [];
          const draw = lanes.draw.bind(lanes);
          lanes.draw = () => {
            const from = performance.now();
            draw();
            drawn.push(performance.now() - from);
          };
          let last = performance.now();
          let n = 0;
          const frame = () => {
            const now = performance.now();
            times.push(now - last);
            last = now;
            if ((n += 1) > 240) {
              delete lanes.draw;
              return resolve({ times: times.slice(2), drawn });
            }
            step(n);
            return requestAnimationFrame(frame);
          };
          requestAnimationFrame(frame);
        }),
      move,
    )
    .then(({ times, drawn }) => {
      const at = (list, share) =>
        [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) * share)].toFixed(1);
      console.log(
        `${name}: frame median ${at(times, 0.5)} ms, 95 % ${at(times, 0.95)} ms, worst ${at(times, 1)} ms; drawing median ${at(drawn, 0.5)} ms, 95 % ${at(drawn, 0.95)} ms, worst ${at(drawn, 1)} ms`,
      );
    });
await frames('wheel', 'wheel');
await frames('jumps', 'jumps');
await page.$eval('#fold', (e) => e.click());
await until('unfolded', () => page.evaluate(() => !globalThis.eg91xq.figure.view.busy));
await frames('wheel, all rows', 'wheel');
for (const text of ['plant/17', '/puback.*777/']) {
  const from = Date.now();
  await page.$eval(
    '#filter-text',
    (e, value) => {
      e.value = value;
      e.dispatchEvent(new Event('change'));
    },
    text,
  );
  await page.waitForFunction(() => !globalThis.eg91xq.figure.view.busy, { timeout: 120_000 });
  const found = await page.evaluate(() => globalThis.eg91xq.figure.view.length);
  console.log(`filter ${text}: ${found} rows in ${((Date.now() - from) / 1000).toFixed(1)} s`);
}
const made = await page.evaluate(async () => {
  const from = performance.now();
  const { wholePage } = await import('/page/take_page.js');
  const blob = new Blob(await wholePage(globalThis.eg91xq.takePanel.lines, { modem: 'modem0' }));
  return `${(blob.size / 1e6).toFixed(0)} MB in ${((performance.now() - from) / 1000).toFixed(1)} s`;
});
console.log(`as one HTML file: ${made}`);
console.log(
  `heap at the end: ${(await heap()).toFixed(0)} MB; tab: ${(await tab()).toFixed(0)} MB; problems: ${JSON.stringify(page.problems)}`,
);
await browser.close();
await server.close();
program.closeAllConnections();
program.close();
