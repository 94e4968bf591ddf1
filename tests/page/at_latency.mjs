// A host that only asks AT: how long each answer takes at the port, in µs, with blocking reads, so that
// nothing of this process stands between. Prints the median and how many there were.
// node at_latency.mjs PORT COUNT MS-BETWEEN
import { execFileSync } from 'node:child_process';
import { openSync, readSync, writeSync } from 'node:fs';

const [, , path, count, pause] = process.argv;
execFileSync('stty', ['-F', path, 'raw', '-echo']);
const port = openSync(path, 'r+');
const buffer = Buffer.alloc(4096);
const still = new Int32Array(new SharedArrayBuffer(4));
const sleep = (ms) => Atomics.wait(still, 0, 0, ms);

function ask() {
  const begun = process.hrtime.bigint();
  writeSync(port, 'AT\r');
  for (let heard = ''; !heard.endsWith('OK\r\n');)
    heard += buffer.toString('latin1', 0, readSync(port, buffer));
  return Number(process.hrtime.bigint() - begun) / 1000;
}

const times = [];
for (let n = 0; n < Number(count); n += 1) {
  times.push(ask());
  sleep(Number(pause));
}
times.sort((a, b) => a - b);
console.log(JSON.stringify({ median: times[Math.floor(times.length / 2)], count: times.length }));
