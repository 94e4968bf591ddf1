// serialport-gsm at a port of the modem, as in its own README: sets it up, reads who and where it
// is, sends a message to its own number and is told of it, and ends.
//   node serialport_gsm.mjs PORT
import gsm from 'serialport-gsm';

const modem = gsm.Modem();
const came = (event) => new Promise((resolve) => modem.on(event, resolve));

const late = setTimeout(() => {
  console.error('it takes too long');
  process.exit(1);
}, 30000);

const options = {
  baudRate: 115200, dataBits: 8, stopBits: 1, parity: 'none', rtscts: false, xon: false,
  xoff: false, xany: false, autoDeleteOnReceive: true, enableConcatenation: true,
  incomingCallIndication: false, incomingSMSIndication: true, pin: '', customInitCommand: '',
};
const opened = came('open');
modem.open(process.argv[2], options, () => {});
await opened;
await modem.initializeModem();
await modem.setModemMode('PDU');
for (const [name, method] of [['serial', 'getModemSerial'], ['signal', 'getNetworkSignal']])
  console.log(name, JSON.stringify((await modem[method]()).data));
const message = came('onNewMessage');
modem.sendSMS('+15550100001', 'Hello from npm', false, () => {});
const [{ message: text, sender }] = [await message].flat();
console.log('message', text, sender);
clearTimeout(late);
modem.close(() => process.exit(0));
