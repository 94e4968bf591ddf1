// Tests of what the page makes of packets: their payload, what a broker refuses and why that explains
// what the module said, and the topics of a SUBSCRIBE. Run by page_test.mjs.
import assert from 'node:assert/strict';
import { refusingBroker } from './broker.mjs';
import { until } from './harness.mjs';

const lastPacket = async (program, fits) => (await program.events('packet')).findLast(fits);
const whyTexts = (page) => page.$$eval('#why li', (items) => items.map((e) => e.textContent));
const payloadText = (page) => page.$eval('.payload', (e) => e.textContent);

async function payloads({ page, host, program }, { pick, show, caughtUp }) {
  await show(page, 'event');
  await host.command('AT+QMTSUB=0,20,"plant/#",1', '+QMTSUB: 0,20,0');
  await host.publish('plant/packet', '{"led":[1,2]}', 11);
  await caughtUp(page, program);
  for (const dir of ['out', 'in']) {
    const packet = await lastPacket(program, (e) => e.topic === 'plant/packet' && e.dir === dir);
    assert.equal(packet.payload_length, 13);
    await pick(page, packet.seq);
    await page.click('[data-way="JSON"]');
    assert.equal(await payloadText(page), '{\n  "led": [\n    1,\n    2\n  ]\n}');
    await page.click('[data-way="hex"]');
    assert.match(await payloadText(page), /^0000 {2}7b 22 6c 65 64 22 3a 5b/);
    await page.click('[data-way="text"]');
    assert.equal(await payloadText(page), '{"led":[1,2]}');
  }
}

async function longPayload({ page, program }, { pick, caughtUp, saysText }) {
  const payload = 'x'.repeat(5000);
  await program.api('POST', '/modems/default/clients/0/inject', {
    type: 'publish',
    topic: 'plant/long',
    payload_base64: Buffer.from(payload).toString('base64'),
  });
  const packet = await until('the packet', () => lastPacket(program, (e) => e.topic === 'plant/long'));
  await caughtUp(page, program);
  await pick(page, packet.seq);
  await saysText(page, '.payload-view h3', 'Payload, 5000 B, of which the journal has the first 40');
}

async function topics({ page, host, program }, { choose, rows, rowWith, follow, caughtUp }) {
  await follow(page);
  await host.command('AT+QMTSUB=0,21,"zone/+/t",1,"zone/b",0', '+QMTSUB: 0,21,0');
  await caughtUp(page, program);
  await rowWith(page, 'SUBSCRIBE id 21 zone/+/t qos 1, zone/b qos 0');
  await rowWith(page, 'SUBACK id 21 0x01 (granted qos 1), 0x00 (granted qos 0)');
  await choose(page, 'filter-topic', 'zone/b');
  const shown = await until('rows', async () => ((await rows(page)).length > 0 ? rows(page) : null));
  assert.ok(
    shown.some(({ text }) => text.includes('SUBSCRIBE id 21')),
    JSON.stringify(shown),
  );
  assert.ok(
    shown.every(({ text }) => text.includes('zone/b')),
    JSON.stringify(shown),
  );
  await choose(page, 'filter-topic', '');
}

async function refusals({ page, host, program }, { pick, follow, caughtUp, rowWith, saysText }) {
  const broker = await refusingBroker();
  try {
    await host.command(`AT+QMTOPEN=2,"127.0.0.1",${broker.port}`, '+QMTOPEN: 2,0');
    await host.command('AT+QMTCONN=2,"stranger"', '+QMTSTAT: 2,4');
    await caughtUp(page, program);
    await follow(page);
    const row = await rowWith(page, 'CONNACK code 5 (not authorized)');
    assert.match(row.marks, /error/);
    for (const text of ['+QMTCONN: 2,0,5', '+QMTSTAT: 2,4']) {
      const urc = (await program.events('urc')).findLast(({ line }) => line === text);
      await pick(page, urc.seq);
      const steps = await whyTexts(page);
      assert.ok(
        steps.some((step) =>
          step.includes('the broker refused: code 5 (not authorized), MQTT 3.1.1, 3.2.2.3'),
        ),
        `${text}: ${JSON.stringify(steps)}`,
      );
    }
    await pick(page, row.seq);
    await saysText(page, '#why', 'what was asked for');
    await host.command(`AT+QMTOPEN=2,"127.0.0.1",${broker.port}`, '+QMTOPEN: 2,0');
    await host.command('AT+QMTCONN=2,"known"', '+QMTCONN: 2,0,0');
    await host.command('AT+QMTSUB=2,9,"open/#",1,"secret/#",1', '+QMTSUB: 2,9,0,1,128');
    await caughtUp(page, program);
    await follow(page);
    await rowWith(page, 'SUBACK id 9 0x01 (granted qos 1), 0x80 (refused)');
    const urc = (await program.events('urc')).findLast(({ line }) => line.startsWith('+QMTSUB: 2,9'));
    await pick(page, urc.seq);
    assert.ok((await whyTexts(page)).some((step) => step.includes('0x80 (refused), MQTT 3.1.1, 3.9.3')));
    await host.command('AT+QMTCLOSE=2', '+QMTCLOSE: 2,0');
  } finally {
    await broker.close();
  }
}

export function packetTests(help) {
  const { test } = help;
  test('packets: a payload as text, hex and JSON, whichever way it goes', (world) => payloads(world, help));
  test('packets: of a long payload it is said how much is kept', (world) => longPayload(world, help));
  test('packets: topics of a SUBSCRIBE are shown and filtered by', (world) => topics(world, help));
  test('packets: what a broker refuses is in the row, and is evidence', (world) => refusals(world, help));
}
