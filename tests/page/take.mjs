// Tests of what is taken away beside the journal: the capture, and a transcript, which the project's own
// player has to play. Run by page_test.mjs; the player is unit_tests beside the program.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { downloadsTo, until, withProgram } from './harness.mjs';

const PCAPNG = [0x0a, 0x0d, 0x0d, 0x0a];

async function capture(world, { show }) {
  const { page, directory } = world;
  await downloadsTo(page, directory);
  await show(page, 'take');
  await page.waitForSelector('#take-pcapng:not(:disabled)');
  await page.click('#take-pcapng');
  const file = join(directory, 'eg91xq-modem0.pcapng');
  await until('the pcapng file', () => existsSync(file));
  assert.deepEqual([...readFileSync(file).subarray(0, 4)], PCAPNG);
  assert.ok(readFileSync(file).includes('AT+QMTOPEN'), 'what the host typed is in it');
}

async function noCapture(world, { show, saysText }) {
  await withProgram(world, ['--demo-broker', 'off'], async ({ page, url }) => {
    await page.goto(url);
    await saysText(page, '#status', 'Connected');
    await show(page, 'take');
    await saysText(page, '#take-how', 'start it with --capture FILE');
    assert.ok(await page.$eval('#take-pcapng', (e) => e.disabled));
  });
}

/// What a host does in a session that has all of it.
async function converse(host, program) {
  await host.command('AT');
  await host.command('ATE0');
  await host.command('AT+CMEE=2');
  await host.command('AT+QMTOPEN=7,"x",1', 'ERROR');
  await host.command('AT+QMTCFG="will",0,1,1,0,"gone","bye \\now"');
  await host.connect();
  await host.command('AT+QMTSUB=0,1,"plant/#",1,"x",0', '+QMTSUB: 0,1,0,1,0');
  await host.command('AT+QMTPUBEX=0,2,1,0,"other/1",6', '> ');
  host.type('a"\\ \r\n');
  await host.hears('+QMTPUBEX: 0,2,0');
  await host.command('AT+QMTPUBEX=0,3,2,0,"other/2",2', '> ');
  host.type('hi');
  await host.hears('+QMTPUBEX: 0,3,0');
  await host.command('AT+QMTPUBEX=0,0,0,1,"other/3",2', '> ');
  host.type('hi');
  await host.hears('+QMTPUBEX: 0,0,0');
  await host.command('AT+QMTPUBEX=0,4,1,0,"plant/1",9', '> ');
  host.type('{"led":1}');
  await host.hears('+QMTRECV: 0,');
  await until('the puback', async () =>
    (await program.events('urc')).some(({ line }) => line === '+QMTPUBEX: 0,4,0'),
  );
  await host.command('AT+QMTUNS=0,5,"x"', '+QMTUNS: 0,5,0');
  await program.api('POST', '/modems/default/faults', {
    name: 'cut',
    type: 'link',
    params: { mode: 'reset' },
  });
  await host.hears('+QMTSTAT: 0,1');
  await program.api('DELETE', '/modems/default/faults');
  await host.command('AT+QMTCFG="keepalive",0,1');
  await host.connect();
  await until('a ping', async () => (await program.events('packet')).some(({ type }) => type === 'pingresp'));
  await host.command('AT+QMTDISC=0', '+QMTDISC: 0,0');
  await host.command('AT+QMTOPEN=0,"nowhere.invalid",1883', '+QMTOPEN: 0,4');
  await host.command('AT+QMTOPEN=1,"broker.demo",1883', '+QMTOPEN: 1,0');
  await host.command('AT+QMTCLOSE=1', '+QMTCLOSE: 1,0');
}

/// Plays the transcripts of a folder; what is wrong with them, or ''.
function played(player, folder) {
  try {
    execFileSync(player, ['transcripts hold*'], {
      env: { ...process.env, EG91XQ_TRANSCRIPTS: folder },
      encoding: 'utf8',
      timeout: 60_000,
    });
    return '';
  } catch (error) {
    return `${error.stdout}${error.stderr}`;
  }
}

async function transcript(world, { show, saysText, caughtUp }) {
  const { directory, path } = world;
  const folder = join(directory, 'transcripts');
  mkdirSync(folder, { recursive: true });
  await withProgram(world, ['--knob', 'cmux-n1=200'], async ({ program, host, page, url }) => {
    await page.goto(url);
    await saysText(page, '#status', 'Connected');
    await converse(host, program);
    await caughtUp(page, program);
    await downloadsTo(page, folder);
    await show(page, 'take');
    await page.waitForFunction(() => document.querySelector('#take-channel').value === 'uart1');
    await page.click('#take-transcript');
    await until('the transcript', () => existsSync(join(folder, 'eg91xq-modem0-uart1.at')));
  });
  const text = readFileSync(join(folder, 'eg91xq-modem0-uart1.at'), 'utf8');
  for (const part of [
    /^echo$/m,
    /^latency instant$/m,
    /^knob cmux-n1=200$/m,
    /^> AT\+QMTPUBEX=0,2,1,0,"other\/1",6\n<< \\r\\n>\\s\n(wait .*\n)?>> a"\\\\ \\r\\n$/m,
    /^link says message \d+ 1 "plant\/1" "{\\"led\\":1}"$/m,
    /^# The fault cut \(link\) acted/m,
    /^link says down peer_closed\nlink close\n< \+QMTSTAT: 0,1$/m,
    /^link ping$/m,
    /^link1 says opened$/m,
  ])
    assert.match(text, part);
  const player = process.env.UNIT_TESTS ?? join(dirname(path), 'unit_tests');
  const wrong = join(directory, 'wrong_transcript');
  mkdirSync(wrong, { recursive: true });
  writeFileSync(join(wrong, 'wrong.at'), '> AT\n< NO\n');
  if (!existsSync(player) || played(player, wrong) === '') {
    console.log(`        not played: ${player} takes no folder of transcripts`);
    return;
  }
  assert.equal(played(player, folder), '');
}

export function takeTests(help) {
  const { test } = help;
  test('the capture is taken away', (world) => capture(world, help));
  test('without a capture it is said how there would be one', (world) => noCapture(world, help));
  test('a transcript of the session is played by the transcript tests', (world) => transcript(world, help));
}
