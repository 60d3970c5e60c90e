import { describe, expect, it } from 'vitest';
import { mediaMs } from '../../../src/call/clocks.ts';
import { levelDb } from '../../../src/audio/level.ts';
import { decodeMulaw, encodeMulaw } from '../../../src/audio/mulaw.ts';
import { OwnVoice } from '../../../src/call/listening/own-voice.ts';
import { loadVoiceActivity } from '../../../src/call/listening/voice-activity.ts';
import { hiss, silence, speech } from '../../support/caller-sounds.ts';

const FRAME_BYTES = 160;

/** What comes back of the agent's voice: quieter by so many decibels, and so much later, with noise. */
function echoOf(mulaw: Uint8Array, lossDb: number, delayMs: number, noise: number): Uint8Array {
  const sent = decodeMulaw(mulaw);
  const noisy = decodeMulaw(hiss(mulaw.length / 8, noise));
  const gain = 10 ** (-lossDb / 20);
  const delay = delayMs * 8;
  return encodeMulaw(sent.map((_, i) => (i < delay ? 0 : sent[i - delay]! * gain) + noisy[i]!));
}

function mix(one: Uint8Array, other: Uint8Array): Uint8Array {
  const samples = decodeMulaw(other);
  return encodeMulaw(decodeMulaw(one).map((sample, i) => sample + samples[i]!));
}

/** When somebody was heard to speak, while the agent says `agent` from the start. */
async function startsIn(agent: Uint8Array, heard: Uint8Array): Promise<number[]> {
  const open = await loadVoiceActivity();
  const ownVoice = new OwnVoice();
  const starts: number[] = [];
  let nowMs = 0;
  const isEcho = (level: number, durationMs: number): boolean =>
    ownVoice.explains(level, mediaMs(nowMs), durationMs);
  const voice = open({ startAfterMs: 250, isEcho }, (change) => {
    if (change === 'speech-started') starts.push(nowMs);
  });
  for (let at = 0; at < heard.length; at += FRAME_BYTES) {
    // As in life, what is played goes out a little ahead, in pieces of its own size.
    if (at % 1_600 === 0) ownVoice.played(agent.subarray(at, at + 1_600), mediaMs(at / 8));
    nowMs = (at + FRAME_BYTES) / 8;
    voice.hear(heard.subarray(at, at + FRAME_BYTES));
  }
  voice.close();
  return starts;
}

describe('[F32] the agent’s own voice', () => {
  it.each([
    [20, 80, 0],
    [20, 400, 0],
    [15, 240, 0],
    [20, 80, 0.008],
  ])(
    'is not taken for somebody speaking when it returns %i dB lower after %i ms',
    async (loss, delay, noise) => {
      const agent = speech(6_000);
      expect(await startsIn(agent, echoOf(agent, loss, delay, noise))).toEqual([]);
    },
  );

  it('would be, if nothing were known of it', async () => {
    const agent = speech(6_000);
    expect(await startsIn(silence(6_000), echoOf(agent, 20, 80, 0))).not.toEqual([]);
  });

  it.each([0, 6])('does not hide a caller who is %i dB quieter than it, echo or not', async (lossDb) => {
    const agent = speech(6_000);
    const caller = Buffer.concat([silence(3_000), speech(3_000, 0.2 * 10 ** (-lossDb / 20))]);
    for (const heard of [caller, mix(echoOf(agent, 20, 80, 0), caller)]) {
      const [start] = await startsIn(agent, heard);
      expect(start).toBeGreaterThan(3_000);
      expect(start).toBeLessThan(3_700);
    }
  });

  it('explains nothing that comes long after it, or after what was cleared', () => {
    const ownVoice = new OwnVoice();
    const loud = speech(1_000);
    const quietDb = levelDb(decodeMulaw(loud)) - 25;
    ownVoice.played(loud, mediaMs(0));
    expect(ownVoice.explains(quietDb, mediaMs(1_000), 380)).toBe(true);
    expect(ownVoice.explains(quietDb, mediaMs(1_400), 380)).toBe(true);
    expect(ownVoice.explains(quietDb, mediaMs(2_400), 380)).toBe(false);
    ownVoice.played(loud, mediaMs(3_000));
    ownVoice.cleared(mediaMs(3_000));
    expect(ownVoice.explains(quietDb, mediaMs(3_900), 380)).toBe(false);
    expect(ownVoice.explains(quietDb, mediaMs(60_000), 380)).toBe(false);
  });

  it('explains nothing as loud as itself', () => {
    const ownVoice = new OwnVoice();
    const loud = speech(1_000);
    ownVoice.played(loud, mediaMs(0));
    expect(ownVoice.explains(levelDb(decodeMulaw(loud)), mediaMs(1_000), 380)).toBe(false);
  });
});
