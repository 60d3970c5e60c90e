import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatClear,
  formatMark,
  formatMedia,
  parseMediaMessage,
} from '../../../src/vendors/twilio/media-message.ts';

const streamSid = 'MZ00000000000000000000000000000001';
const recorded = readFileSync(new URL('../../fixtures/twilio/stream.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');

function mediaFrame(media: object, sid = streamSid): string {
  return JSON.stringify({ event: 'media', sequenceNumber: '2', media, streamSid: sid });
}

describe('reading a media stream', () => {
  it('understands the recorded stream', () => {
    const messages = recorded.map((frame, index) =>
      parseMediaMessage(frame, index < 2 ? undefined : streamSid),
    );
    expect(messages).toEqual([
      { type: 'ignored' },
      {
        type: 'start',
        streamSid,
        callSid: 'CA00000000000000000000000000000001',
        encoding: 'audio/x-mulaw',
        customParameters: { token: 'TOKEN' },
      },
      { type: 'media', mulaw: Buffer.alloc(160, 0xff), offsetMs: 20 },
      { type: 'digit', digit: '1' },
      { type: 'mark', name: 't3:1600' },
      { type: 'stop' },
    ]);
  });

  const payload = fc.uint8Array({ minLength: 1, maxLength: 480 });

  it('reads the same from every way of writing one frame', () => {
    const writings = fc.constantFrom(
      (frame: string) => frame,
      (frame: string) => JSON.stringify(JSON.parse(frame), null, 1),
      (frame: string) => frame.replaceAll('/', '\\/'),
      (frame: string) =>
        JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(frame) as object).toReversed())),
    );
    fc.assert(
      fc.property(payload, fc.nat(3_600_000), fc.boolean(), writings, (mulaw, at, asText, write) => {
        const frame = mediaFrame({
          track: 'inbound',
          chunk: '1',
          timestamp: asText ? String(at) : at,
          payload: Buffer.from(mulaw).toString('base64'),
        });
        const message = parseMediaMessage(write(frame), streamSid);
        expect(message).toEqual({ type: 'media', mulaw: Buffer.from(mulaw), offsetMs: at });
      }),
    );
  });

  it.each([
    ['bad JSON', '{"event":"media"'],
    ['no object', '[1,2]'],
    ['null', 'null'],
    ['no event', '{"streamSid":"x"}'],
    ['no payload', mediaFrame({ track: 'inbound', timestamp: '20' })],
    ['an empty payload', mediaFrame({ track: 'inbound', timestamp: '20', payload: '' })],
    ['a payload that is no text', mediaFrame({ track: 'inbound', timestamp: '20', payload: 7 })],
    ['bad base64', mediaFrame({ track: 'inbound', timestamp: '20', payload: '!!not base64!!' })],
    ['another stream', mediaFrame({ track: 'inbound', timestamp: '20', payload: '////' }, 'MZ9')],
    ['media that is no object', JSON.stringify({ event: 'media', media: 'x', streamSid })],
    ['a key that does not exist', JSON.stringify({ event: 'dtmf', dtmf: { digit: '12' }, streamSid })],
    ['a mark without a name', JSON.stringify({ event: 'mark', mark: {}, streamSid })],
    ['a start without a call', JSON.stringify({ event: 'start', start: { streamSid } })],
    [
      'a start that would break our frames',
      JSON.stringify({ event: 'start', start: { streamSid: '"', callSid: 'C' } }),
    ],
  ])('[F22] calls malformed: %s', (_name, frame) => {
    expect(parseMediaMessage(frame, streamSid)).toEqual({ type: 'malformed' });
  });

  it.each([
    ['an event nobody has heard of', JSON.stringify({ event: 'weather', streamSid })],
    ['our own side of a fork', mediaFrame({ track: 'outbound', timestamp: '20', payload: '////' })],
  ])('[F22] ignores %s', (_name, frame) => {
    expect(parseMediaMessage(frame, streamSid)).toEqual({ type: 'ignored' });
  });

  it.each(['-20', 'soon', '', '1e99', undefined, null, {}])(
    'takes the audio of a frame at %j, without its place',
    (timestamp) => {
      const frame = mediaFrame({ track: 'inbound', timestamp, payload: '////' });
      expect(parseMediaMessage(frame, streamSid)).toMatchObject({ type: 'media', offsetMs: undefined });
    },
  );

  it('[F22] never throws, whatever comes', () => {
    const seen = new Set<string>();
    const sid = fc.constantFrom(undefined, streamSid);
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), sid, (junk, known) => {
        seen.add(parseMediaMessage(junk, known).type);
        seen.add(parseMediaMessage(`{"event":"media"${junk}}`, known).type);
      }),
      { numRuns: 40_000 },
    );
    expect([...seen]).toContain('malformed');
  });

  it('[F22] never throws on a recorded frame with anything in it changed', () => {
    let shortestBytes = Infinity;
    let state = 1;
    const random = (below: number): number => {
      // A linear congruential generator: reproducible, and fast enough for a hundred thousand frames.
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state % below;
    };
    const junk = ['', '"', '{', '}', '\\', '\u0000', 'null', '[]', '\uD800', ',', ':', '=='];
    for (let run = 0; run < 100_000; run += 1) {
      const frame = recorded[random(recorded.length)]!;
      const at = random(frame.length);
      const mutated = frame.slice(0, at) + junk[random(junk.length)]! + frame.slice(at + random(4));
      const message = parseMediaMessage(mutated, random(2) === 0 ? undefined : streamSid);
      if (message.type === 'media') shortestBytes = Math.min(shortestBytes, message.mulaw.byteLength);
    }
    expect(shortestBytes).toBeGreaterThan(0);
  });

  it('[F22] never throws on JSON of any shape', () => {
    const seen = new Set<string>();
    const event = fc.constantFrom(
      'media',
      'start',
      'dtmf',
      'mark',
      'stop',
      'connected',
      '__proto__',
      'constructor',
    );
    fc.assert(
      fc.property(event, fc.jsonValue(), fc.jsonValue(), (name, body, sid) => {
        seen.add(
          parseMediaMessage(JSON.stringify({ event: name, [name]: body, streamSid: sid }), streamSid).type,
        );
      }),
      { numRuns: 5_000 },
    );
    expect([...seen]).toContain('malformed');
  });
});

describe('writing to a media stream', () => {
  it('writes exactly the three messages Twilio knows, without extra keys', () => {
    expect(JSON.parse(formatMedia(streamSid, new Uint8Array([0, 255, 7])))).toEqual({
      event: 'media',
      streamSid,
      media: { payload: Buffer.from([0, 255, 7]).toString('base64') },
    });
    expect(JSON.parse(formatMark(streamSid, 'g"3\\'))).toEqual({
      event: 'mark',
      streamSid,
      mark: { name: 'g"3\\' },
    });
    expect(JSON.parse(formatClear(streamSid))).toEqual({ event: 'clear', streamSid });
  });

  it('writes a slice of a larger buffer, not the buffer', () => {
    const frame = JSON.parse(formatMedia(streamSid, new Uint8Array([1, 2, 3, 4]).subarray(1, 3))) as {
      media: { payload: string };
    };
    expect([...Buffer.from(frame.media.payload, 'base64')]).toEqual([2, 3]);
  });
});
