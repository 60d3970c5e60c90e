import { FRAME_BYTES, MULAW_SILENCE } from '../src/audio/frame.ts';
import { loadVoiceActivity } from '../src/call/listening/listening.ts';
import { synthesise } from '../simulator/speech/synthesis.ts';
import type { CallTrace } from './turn-stages.ts';

/** The agents' setting, by default. */
const PAUSE_AFTER_SPEECH_MS = 250;
/** A `clear` later than this after the trigger was not caused by it. */
const LONGEST_MS = 1_000;
/** Quiet frames between two utterances, at least. */
const BETWEEN_UTTERANCES = 10;

const silence = new Uint8Array(FRAME_BYTES).fill(MULAW_SILENCE);

/**
 * Delay from the trigger of a barge-in to the `clear` at the carrier. The trigger is the caller's frame at which the
 * voice detector reports speech (found by running it on the same frames afterwards), or the first words of the
 * recogniser, whichever comes first.
 */
export async function bargeInDelays(
  calls: readonly CallTrace[],
  utterance: string,
): Promise<{ readonly delaysMs: readonly number[]; readonly withoutClear: number }> {
  const openVoiceActivity = await loadVoiceActivity();
  const { mulaw } = await synthesise(utterance, { voice: 'caller' });
  const delaysMs: number[] = [];
  let withoutClear = 0;
  for (const { carrier, recogniser } of calls) {
    let now = 0;
    const voiceAtMs: number[] = [];
    const voice = openVoiceActivity({ startAfterMs: PAUSE_AFTER_SPEECH_MS }, (change) => {
      if (change === 'speech-started') voiceAtMs.push(carrier.frameSentAtMs[now]!);
    });
    const onsetsAtMs: number[] = [];
    let offset = 0;
    let quietFrames = BETWEEN_UTTERANCES;
    for (; now < carrier.frameIsSound.length; now += 1) {
      if (carrier.frameIsSound[now]) {
        if (quietFrames >= BETWEEN_UTTERANCES) {
          onsetsAtMs.push(carrier.frameSentAtMs[now]!);
          offset = 0;
        }
        quietFrames = 0;
        voice.hear(frameAt(mulaw, offset));
        offset += FRAME_BYTES;
      } else {
        quietFrames += 1;
        voice.hear(silence);
      }
    }
    voice.close();
    // The first utterance answers the greeting; every other one is an interruption.
    for (const onsetAtMs of onsetsAtMs.slice(1)) {
      const signAtMs = Math.min(
        firstAfter(voiceAtMs, onsetAtMs) ?? Infinity,
        firstAfter(recogniser?.wordsAtMs ?? [], onsetAtMs) ?? Infinity,
      );
      const clearAtMs = firstAfter(carrier.clearAtMs, onsetAtMs);
      if (clearAtMs === undefined || clearAtMs - signAtMs > LONGEST_MS) withoutClear += 1;
      else delaysMs.push(clearAtMs - signAtMs);
    }
  }
  return { delaysMs, withoutClear };
}

function frameAt(mulaw: Uint8Array, offset: number): Uint8Array {
  const frame = mulaw.subarray(offset, offset + FRAME_BYTES);
  if (frame.length === FRAME_BYTES) return frame;
  const padded = silence.slice();
  padded.set(frame);
  return padded;
}

function firstAfter(instantsMs: readonly number[], atMs: number): number | undefined {
  return instantsMs.find((instant) => instant >= atMs);
}
