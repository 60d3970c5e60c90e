import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mediaMs } from '../../../src/call/clocks.ts';
import { decodeMulawByte } from '../../../src/audio/mulaw.ts';
import { CallRecorder, type RecordingLoss } from '../../../src/call/recording/recording.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { MemoryStorage } from '../../support/memory-storage.ts';
import { loud } from '../../support/scripted-voice.ts';

const key = 'recordings/call_1.wav';

function setUp() {
  const storage = new MemoryStorage();
  const clock = new FakeClock();
  const losses: RecordingLoss[] = [];
  const recorder = new CallRecorder({ storage, key, clock, onLoss: (loss) => losses.push(loss) });
  return { storage, clock, recorder, losses };
}

interface Wav {
  readonly dataBytes: number;
  readonly caller: Int16Array;
  readonly agent: Int16Array;
}

/** Reads what the header says is there, as a player would. */
function readWav(file: Buffer): Wav {
  expect(file.toString('latin1', 0, 4)).toBe('RIFF');
  expect(file.readUInt32LE(4)).toBe(file.readUInt32LE(40) + 36);
  expect(file.toString('latin1', 8, 16)).toBe('WAVEfmt ');
  expect([file.readUInt16LE(20), file.readUInt16LE(22), file.readUInt32LE(24)]).toEqual([1, 2, 8000]);
  expect([file.readUInt32LE(28), file.readUInt16LE(32), file.readUInt16LE(34)]).toEqual([32_000, 4, 16]);
  const dataBytes = file.readUInt32LE(40);
  const pairs = dataBytes / 4;
  const caller = new Int16Array(pairs);
  const agent = new Int16Array(pairs);
  for (let n = 0; n < pairs; n += 1) {
    caller[n] = file.readInt16LE(44 + 4 * n);
    agent[n] = file.readInt16LE(46 + 4 * n);
  }
  return { dataBytes, caller, agent };
}

const frame = (n: number): Uint8Array => loud(n * 160, 160);

/** One turn of the event loop: what storage in memory has to do is then done. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('CallRecorder', () => {
  it('puts both sides exactly where they were on the media clock, caller left, agent right', async () => {
    const { storage, recorder } = setUp();
    for (let n = 0; n < 500; n += 1) {
      recorder.caller(frame(n), mediaMs(n * 20));
      if (n % 5 === 0 && n >= 100 && n < 200) recorder.agent(loud(n, 800), mediaMs(n * 20 + 200.125));
    }
    const stored = await recorder.close();
    const file = storage.objects.get(key)!;
    expect(stored).toEqual({ key, durationMs: 10_000, sizeBytes: 44 + 10_000 * 32 });
    expect(file).toHaveLength(stored!.sizeBytes);
    const { caller, agent } = readWav(file);
    const expectedAgent = new Int16Array(80_000);
    for (let n = 100; n < 200; n += 5)
      loud(n, 800).forEach((code, i) => (expectedAgent[n * 160 + 1_601 + i] = decodeMulawByte(code)));
    expect(Buffer.from(agent.buffer).equals(Buffer.from(expectedAgent.buffer))).toBe(true);
    for (const at of [0, 1, 16_383, 16_384, 32_767, 32_768, 65_536, 79_999])
      expect(caller[at]).toBe(decodeMulawByte(loud(at, 1)[0]!));
  });

  it('[pipecat#2851] fills gaps with silence, so that the tracks never drift', async () => {
    const { storage, recorder } = setUp();
    recorder.caller(frame(0), mediaMs(0));
    recorder.caller(frame(1), mediaMs(30_000));
    recorder.agent(loud(7, 160), mediaMs(30_010));
    recorder.caller(frame(2), mediaMs(30_020));
    const stored = await recorder.close();
    expect(stored!.durationMs).toBe(30_040);
    const { caller, agent } = readWav(storage.objects.get(key)!);
    expect(caller[159]).not.toBe(0);
    expect(caller.subarray(160, 240_000).every((sample) => sample === 0)).toBe(true);
    expect(caller[240_000]).toBe(decodeMulawByte(frame(1)[0]!));
    expect(agent[240_079]).toBe(0);
    expect(agent[240_080]).toBe(decodeMulawByte(loud(7, 1)[0]!));
  });

  it('does not hold what was cleared before it was played', async () => {
    const { storage, recorder } = setUp();
    for (let n = 0; n < 100; n += 1) {
      recorder.caller(frame(n), mediaMs(n * 20));
      if (n === 50) recorder.agent(loud(0, 2_400), mediaMs(1_000));
      if (n === 55) recorder.clearAgent(mediaMs(1_100));
      if (n === 60) recorder.agent(loud(9, 400), mediaMs(1_250));
    }
    await recorder.close();
    const { agent } = readWav(storage.objects.get(key)!);
    expect(agent[8_000 + 799]).not.toBe(0);
    expect(agent.subarray(8_800, 10_000).every((sample) => sample === 0)).toBe(true);
    expect(agent.subarray(10_000, 10_400).every((sample) => sample !== 0)).toBe(true);
    expect(agent.subarray(10_400).every((sample) => sample === 0)).toBe(true);
  });

  it('ends with the call, not with agent audio that was never played', async () => {
    const { recorder } = setUp();
    recorder.caller(frame(0), mediaMs(980));
    recorder.agent(loud(0, 2_400), mediaMs(1_000));
    expect((await recorder.close())!.durationMs).toBe(1_000);
    const silent = setUp();
    silent.recorder.agent(loud(0, 800), mediaMs(0));
    silent.recorder.caller(frame(0), mediaMs(80));
    expect((await silent.recorder.close())!.durationMs).toBe(100);
  });

  it('writes as it goes, a second at a time', async () => {
    const { storage, recorder } = setUp();
    for (let n = 0; n < 3_000; n += 1) {
      recorder.caller(frame(n), mediaMs(n * 20));
      if (n % 25 === 0) await settle();
    }
    await settle();
    const written = storage.objects.get(key)!.length;
    expect(written).toBeGreaterThan(57_000 * 32);
    const audioWrites = storage.appends.slice(1);
    expect(Math.min(...audioWrites)).toBeGreaterThanOrEqual(32_000);
    expect(Math.max(...audioWrites)).toBeLessThanOrEqual(32_000);
    await recorder.close();
    expect(storage.openWriters).toBe(0);
  });

  it('leaves a playable file when the process dies, short of its last seconds', async () => {
    const { storage, recorder } = setUp();
    for (let n = 0; n < 3_000; n += 1) {
      recorder.caller(frame(n), mediaMs(n * 20));
      if (n % 25 === 0) await settle();
    }
    await settle();
    const { caller } = readWav(storage.objects.get(key)!);
    expect(caller.length).toBeGreaterThan((60_000 - 2_500 - 5_000 - 1_000) * 8);
    expect(caller.at(-1)).toBe(decodeMulawByte(loud(caller.length - 1, 1)[0]!));
  });

  it('turns the oldest audio into silence when the storage is too slow, and counts it', async () => {
    const { storage, recorder, losses } = setUp();
    const gate = Promise.withResolvers<void>();
    storage.gate = gate.promise;
    for (let n = 0; n < 1_500; n += 1) recorder.caller(frame(n), mediaMs(n * 20));
    storage.gate = undefined;
    gate.resolve();
    await settle();
    const stored = await recorder.close();
    expect(stored!.durationMs).toBe(30_000);
    expect(losses).toHaveLength(1);
    const [{ lostMs, error }] = losses as [RecordingLoss];
    expect(error).toBeUndefined();
    expect(lostMs).toBeGreaterThan(16_000);
    expect(lostMs).toBeLessThan(18_500);
    const { caller } = readWav(storage.objects.get(key)!);
    const silentSamples = caller.filter((sample) => sample === 0).length;
    expect(silentSamples).toBe(lostMs * 8);
    expect(
      caller.subarray(-80_000).every((sample, n) => sample === decodeMulawByte(loud(160_000 + n, 1)[0]!)),
    ).toBe(true);
  });

  it('keeps the trouble of the storage to itself', async () => {
    const { storage, recorder, losses } = setUp();
    storage.failWith = new Error('disk full');
    for (let n = 0; n < 300; n += 1) recorder.caller(frame(n), mediaMs(n * 20));
    expect(await recorder.close()).toBeUndefined();
    expect(losses).toMatchObject([{ error: storage.failWith }]);

    const later = setUp();
    for (let n = 0; n < 1_000; n += 1) {
      later.recorder.caller(frame(n), mediaMs(n * 20));
      if (n === 800) later.storage.failWith = new Error('disk full');
      if (n % 25 === 0) await settle();
    }
    later.storage.failWith = undefined;
    const stored = await later.recorder.close();
    expect(stored!.durationMs).toBeGreaterThan(10_000);
    expect(stored!.durationMs).toBeLessThan(18_000);
    expect(later.storage.openWriters).toBe(0);
  });

  it('does not hold the end of a call when the storage hangs', async () => {
    const { storage, recorder, clock } = setUp();
    storage.gate = new Promise(() => undefined);
    recorder.caller(frame(0), mediaMs(0));
    const closing = recorder.close();
    await clock.advanceAsync(10_000);
    expect(await closing).toBeUndefined();
    expect(clock.pendingTimers).toBe(0);
  });

  it('writes nothing for a call without media, and nothing after its end', async () => {
    const { storage, recorder } = setUp();
    expect(await recorder.close()).toBeUndefined();
    recorder.caller(frame(0), mediaMs(0));
    recorder.agent(frame(0), mediaMs(0));
    recorder.clearAgent(mediaMs(0));
    await settle();
    expect(storage.objects.size).toBe(0);
  });

  it('drops and counts audio that comes after its time was written', async () => {
    const { recorder, storage, losses } = setUp();
    for (let n = 0; n < 300; n += 1) recorder.caller(frame(n), mediaMs(n * 20));
    recorder.caller(loud(0, 160), mediaMs(1_000));
    recorder.agent(loud(0, 160), mediaMs(500));
    await recorder.close();
    expect(losses).toEqual([{ lostMs: 40, error: undefined }]);
    const { caller, agent } = readWav(storage.objects.get(key)!);
    expect(caller[8_000]).toBe(decodeMulawByte(loud(8_000, 1)[0]!));
    expect(agent.every((sample) => sample === 0)).toBe(true);
  });

  it('equals a recording made of the whole call in memory, for any course of events', async () => {
    const step = fc.record({
      gapMs: fc.constantFrom(0, 0, 0, 0, 20, 100, 700, 9_000),
      agentMs: fc.constantFrom(0, 0, 20, 100, 200),
      clears: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    });
    const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 200 }), async (steps) => {
      const { storage, recorder, losses } = setUp();
      const caller = new Int16Array(16_000 * 200);
      const agent = new Int16Array(16_000 * 200);
      let nowMs = 0;
      let agentEndMs = 0;
      for (const [n, { gapMs, agentMs, clears }] of steps.entries()) {
        nowMs += gapMs;
        recorder.caller(frame(n), mediaMs(nowMs));
        frame(n).forEach((code, i) => (caller[nowMs * 8 + i] = decodeMulawByte(code)));
        nowMs += 20;
        if (clears) {
          recorder.clearAgent(mediaMs(nowMs));
          agent.fill(0, nowMs * 8);
          agentEndMs = Math.min(agentEndMs, nowMs);
        }
        agentEndMs = Math.max(agentEndMs, nowMs);
        if (agentMs > 0 && agentEndMs - nowMs <= 100) {
          const mulaw = loud(n * 31, agentMs * 8);
          const atMs = agentEndMs;
          recorder.agent(mulaw, mediaMs(atMs));
          mulaw.forEach((code, i) => (agent[atMs * 8 + i] = decodeMulawByte(code)));
          agentEndMs += agentMs;
        }
        await settle();
      }
      const stored = await recorder.close();
      expect(stored!.durationMs).toBe(nowMs);
      expect(losses).toEqual([]);
      const wav = readWav(storage.objects.get(key)!);
      expect(Buffer.from(wav.caller.buffer).equals(Buffer.from(caller.buffer, 0, nowMs * 16))).toBe(true);
      expect(Buffer.from(wav.agent.buffer).equals(Buffer.from(agent.buffer, 0, nowMs * 16))).toBe(true);
    });
    await fc.assert(property, { numRuns: 25 });
  });
});
