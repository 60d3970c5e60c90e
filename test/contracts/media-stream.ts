import { describe, expect, it } from 'vitest';
import type { MediaStream, MediaStreamEvent } from '../../src/call/transport/media-stream.ts';
import { until } from '../support/until.ts';

/** The carrier's end of one stream, in the words of the contract. */
export interface CarrierEnd {
  readonly stream: MediaStream;
  sendMedia(mulaw: Uint8Array, offsetMs: number): void;
  sendDigit(digit: string): void;
  sendMark(name: string): void;
  sendStop(): void;
  /** Something the carrier would never say. */
  sendJunk(): void;
  hangUp(): void;
  /** The network goes away without a word. */
  vanish(): void;
  /** What our side has sent so far. */
  readonly received: readonly (
    | { readonly type: 'audio'; readonly mulaw: Uint8Array }
    | { readonly type: 'mark'; readonly name: string }
    | { readonly type: 'clear' }
  )[];
  readonly isClosed: boolean;
}

/** What every carrier's media stream must do. */
export function mediaStreamContract(name: string, open: () => Promise<CarrierEnd>): void {
  async function listening(): Promise<{ carrier: CarrierEnd; events: MediaStreamEvent[] }> {
    const carrier = await open();
    const events: MediaStreamEvent[] = [];
    carrier.stream.listen((event) => events.push(event));
    return { carrier, events };
  }

  describe(`the media stream contract, fulfilled by ${name}`, () => {
    it('delivers what the carrier says, in order, and its end once and last', async () => {
      const { carrier, events } = await listening();
      carrier.sendMedia(Buffer.alloc(160, 1), 0);
      carrier.sendMark('g1:1600');
      carrier.sendDigit('5');
      carrier.sendMedia(Buffer.alloc(80, 2), 20);
      carrier.sendStop();
      carrier.hangUp();
      await until(() => events.some((event) => event.type === 'closed'));
      expect(events).toEqual([
        { type: 'media', mulaw: Buffer.alloc(160, 1), offsetMs: 0 },
        { type: 'mark', name: 'g1:1600' },
        { type: 'digit', digit: '5' },
        { type: 'media', mulaw: Buffer.alloc(80, 2), offsetMs: 20 },
        { type: 'stop' },
        { type: 'closed', code: expect.any(Number) as number, wasExpected: true },
      ]);
    });

    it('[L1] keeps what comes before anybody listens: the newest 5 s of audio, and every key', async () => {
      const carrier = await open();
      carrier.sendDigit('7');
      for (let frame = 0; frame < 300; frame += 1) carrier.sendMedia(Buffer.alloc(160, frame), frame * 20);
      carrier.sendStop();
      const probe = await open();
      probe.sendMark('the network has had its time');
      await new Promise<void>((resolve) => {
        probe.stream.listen(() => resolve());
      });

      const events: MediaStreamEvent[] = [];
      carrier.stream.listen((event) => events.push(event));
      await until(() => events.some((event) => event.type === 'stop'));
      const offsets = events.flatMap((event) => (event.type === 'media' ? [event.offsetMs] : []));
      expect(events[0]).toEqual({ type: 'digit', digit: '7' });
      expect(offsets).toEqual(Array.from({ length: 250 }, (_, index) => (50 + index) * 20));
      expect(events.at(-1)).toEqual({ type: 'stop' });
    });

    it('[F9] tells an end without a word from one that was announced', async () => {
      const { carrier, events } = await listening();
      carrier.vanish();
      await until(() => events.length > 0);
      expect(events).toEqual([{ type: 'closed', code: 1006, wasExpected: false }]);
    });

    it('hands audio, marks and clears to the carrier in the order given', async () => {
      const { carrier } = await listening();
      const audio = Uint8Array.from({ length: 1_600 }, (_, index) => index % 256);
      carrier.stream.sendAudio(audio);
      carrier.stream.sendAudio(audio.subarray(3, 7));
      carrier.stream.sendMark('g1:"1600"');
      carrier.stream.clear();
      await until(() => carrier.received.length === 4);
      expect(carrier.received).toEqual([
        { type: 'audio', mulaw: Buffer.from(audio) },
        { type: 'audio', mulaw: Buffer.from([3, 4, 5, 6]) },
        { type: 'mark', name: 'g1:"1600"' },
        { type: 'clear' },
      ]);
      expect(carrier.stream.bufferedBytes).toBe(0);
    });

    it('ends when told to, expectedly, and ignores what comes after', async () => {
      const { carrier, events } = await listening();
      carrier.stream.close();
      carrier.stream.close();
      await until(() => events.length > 0 && carrier.isClosed);
      carrier.stream.sendAudio(Buffer.alloc(160));
      carrier.stream.sendMark('late');
      carrier.stream.clear();
      carrier.stream.close();
      expect(events).toEqual([{ type: 'closed', code: 1000, wasExpected: true }]);
      expect(carrier.received).toEqual([]);
    });

    it('[F22] goes on after a malformed message', async () => {
      const { carrier, events } = await listening();
      carrier.sendJunk();
      carrier.sendMark('still here');
      await until(() => events.length > 0);
      expect(events).toEqual([{ type: 'mark', name: 'still here' }]);
    });
  });
}
