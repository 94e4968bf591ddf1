// What tests of the page need: the program with a pseudo-terminal and a control port of its own, a
// host that types on that terminal, `eg91xq ctl`, a browser, and a server for the page where the
// program does not serve it. All of it ends with close(). Nothing here waits for a fixed time.
import { execFileSync, spawn } from 'node:child_process';
import { createReadStream, mkdirSync, openSync, readFileSync, rmSync, symlinkSync, writeSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { serve } from './serve.mjs';

const LIMIT = 20_000;

/// Waits until `condition` gives something, asked again and again.
export async function until(what, condition) {
  const end = Date.now() + LIMIT;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > end) throw new Error(`did not come: ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

export function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export class Program {
  constructor(path, directory, port) {
    this.path = path;
    this.directory = directory;
    this.port = port;
    this.address = `http://127.0.0.1:${port}`;
    this.pty = join(directory, `modem-${port}`);
  }

  async start(...more) {
    const args = [
      '--port',
      `pty:${this.pty}`,
      '--control',
      `127.0.0.1:${this.port}`,
      '--latency',
      'instant',
      ...more,
    ];
    this.child = spawn(this.path, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    this.child.stdout.on('data', (bytes) => (said += bytes));
    await until('ready', () => {
      if (this.child.exitCode !== null) throw new Error(`the program ended: ${said}`);
      return /^ready$/m.test(said);
    });
  }

  async stop() {
    if (!this.child || this.child.exitCode !== null) return;
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGTERM');
    await ended;
  }

  async api(method, path, body, headers = {}) {
    const answer = await fetch(`${this.address}/v1${path}`, {
      method,
      headers,
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  async events(kind, since = 0) {
    const { events } = await this.api(
      'GET',
      `/modems/default/journal?since=${since}&limit=10000${kind ? `&kind=${kind}` : ''}`,
    );
    return events;
  }

  /// A line of a shell, with `eg91xq` being the program.
  shell(line) {
    const bin = join(this.directory, 'bin');
    mkdirSync(bin, { recursive: true });
    rmSync(join(bin, 'eg91xq'), { force: true });
    symlinkSync(this.path, join(bin, 'eg91xq'));
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, MODEM_CONTROL: this.address };
    return execFileSync('sh', ['-c', line], { env, encoding: 'utf8' });
  }
}

/// A host at the terminal of the program.
export class Host {
  constructor(path) {
    execFileSync('stty', ['-F', path, 'raw', '-echo']);
    this.out = openSync(path, 'r+');
    this.heard = '';
    this.onHeard = () => {};
    this.reader = createReadStream(path);
    this.reader.on('error', () => {});
    this.reader.on('data', (bytes) => {
      this.heard += bytes.toString('latin1');
      this.onHeard();
    });
  }
  type(text) {
    writeSync(this.out, text);
  }
  /// Waits for what is behind all that was waited for before.
  async hears(text) {
    await new Promise((done, fail) => {
      const late = setTimeout(
        () => fail(new Error(`did not come: ${text} in ${JSON.stringify(this.heard.slice(-200))}`)),
        LIMIT,
      );
      this.onHeard = () => {
        if (!this.heard.includes(text)) return;
        clearTimeout(late);
        done();
      };
      this.onHeard();
    });
    this.onHeard = () => {};
    this.heard = this.heard.slice(this.heard.indexOf(text) + text.length);
  }
  async command(line, answer = 'OK\r\n') {
    this.type(`${line}\r`);
    await this.hears(answer);
  }
  async publish(topic, payload, id = 1, qos = 1) {
    await this.command(`AT+QMTPUBEX=0,${id},${qos},0,"${topic}",${Buffer.byteLength(payload)}`, '> ');
    this.type(payload);
    await this.hears(`+QMTPUBEX: 0,${id},0`);
  }
  async connect() {
    await this.command('AT+QMTOPEN=0,"broker.demo",1883', '+QMTOPEN: 0,0');
    await this.command('AT+QMTCONN=0,"sensor"', '+QMTCONN: 0,0,0');
  }
  close() {
    this.reader.destroy();
  }
}

/// Where the page of a program is: its own, or page/ by serve.mjs if it has none or EG91XQ_PAGE_TREE
/// is set. {address, close}
export async function pageOf(program) {
  const own = process.env.EG91XQ_PAGE_TREE ? null : await fetch(program.address).catch(() => null);
  if (own?.ok) return { address: program.address, close: () => {} };
  return serve(0, () => program.address);
}

/// What the page gives to the browser as a file goes to a directory.
export async function downloadsTo(page, directory) {
  const session = await page.createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: directory });
}

/// A program with a host, unless there shall be none, and its page in a tab of its own, for as long as
/// `run` takes.
export async function withProgram({ path, directory, browser, hosts = true }, options, run) {
  const program = new Program(path, directory, await freePort());
  await program.start(...options);
  const host = hosts ? new Host(program.pty) : null;
  const server = await pageOf(program);
  const page = await browser.newPage();
  try {
    await page.setViewport({ width: 1440, height: 900 });
    // The module starts with the first host.
    if (host)
      await until(
        'the boot is over',
        async () => (await program.api('GET', '/modems/default')).boot_step === 'loaded',
      );
    await run({ program, host, page, url: server.address });
  } finally {
    host?.close();
    await page.close();
    await server.close();
    await program.stop();
  }
}

export async function browse(directory) {
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-lcd-text'],
    userDataDir: join(directory, 'browser'),
  });
  const page = await browser.newPage();
  page.setDefaultTimeout(LIMIT);
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) page.problems.push(message.text());
  });
  await page.setViewport({ width: 1440, height: 900 });
  return { browser, page };
}

export const axeSource = () =>
  readFileSync(new URL('./axe.min.js', new URL('node_modules/axe-core/', import.meta.url)), 'utf8');

/// Serious findings of axe-core in the page, or in a part of it, as texts.
export async function axe(page, source, part = 'html') {
  // By the debugger's evaluation, which the policy of the page does not forbid.
  await page.evaluate(source);
  return page.evaluate(async (where) => {
    const { violations } = await globalThis.axe.run(where, { resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .slice(0, 4)
            .map(({ target, failureSummary }) => `${target} (${failureSummary})`)
            .join('; ')}`,
      );
  }, part);
}
