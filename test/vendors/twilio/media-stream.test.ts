import { afterAll, beforeAll } from 'vitest';
import { mediaStreamContract, type CarrierEnd } from '../../contracts/media-stream.ts';
import { CarrierHarness, streamSid } from './carrier-harness.ts';

let harness: CarrierHarness;
beforeAll(async () => {
  harness = await CarrierHarness.start();
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
});

mediaStreamContract('Twilio', async (): Promise<CarrierEnd> => {
  const { socket, stream } = await harness.openStream();
  const received: CarrierEnd['received'][number][] = [];
  let isClosed = false;
  socket.on('close', () => {
    isClosed = true;
  });
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString('utf8')) as {
      event: string;
      media?: { payload: string };
      mark?: { name: string };
    };
    if (message.event === 'media') {
      received.push({ type: 'audio', mulaw: Buffer.from(message.media!.payload, 'base64') });
    } else if (message.event === 'mark') received.push({ type: 'mark', name: message.mark!.name });
    else if (message.event === 'clear') received.push({ type: 'clear' });
    else throw new Error(`unknown to Twilio: ${message.event}`);
  });
  const send = (event: string, body: object): void =>
    socket.send(JSON.stringify({ event, sequenceNumber: '2', [event]: body, streamSid }));
  return {
    stream,
    received,
    get isClosed() {
      return isClosed;
    },
    sendMedia: (mulaw, offsetMs) =>
      send('media', {
        track: 'inbound',
        chunk: '1',
        timestamp: String(offsetMs),
        payload: Buffer.from(mulaw).toString('base64'),
      }),
    sendDigit: (digit) => send('dtmf', { track: 'inbound_track', digit }),
    sendMark: (name) => send('mark', { name }),
    sendStop: () => send('stop', {}),
    sendJunk: () => socket.send('{"event":"media","media":'),
    hangUp: () => socket.close(),
    vanish: () => socket.terminate(),
  };
});
