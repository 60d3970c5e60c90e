import { beforeAll, describe, expect, it } from 'vitest';
import { loadVoiceActivity, type OpenVoiceActivity } from '../../../src/call/listening/voice-activity.ts';
import { buzz, hiss, silence, speech, tone, whisper } from '../../support/caller-sounds.ts';

let open: OpenVoiceActivity;
beforeAll(async () => {
  open = await loadVoiceActivity();
});

/** Changes with the milliseconds of audio after which they were told. */
function changesIn(sounds: readonly Uint8Array[], frameBytes = 160): readonly (readonly [string, number])[] {
  const audio = Buffer.concat(sounds);
  const changes: (readonly [string, number])[] = [];
  let heardBytes = 0;
  const voice = open({ startAfterMs: 250 }, (change) => changes.push([change, heardBytes / 8]));
  for (let from = 0; from < audio.length; from += frameBytes) {
    const frame = audio.subarray(from, from + frameBytes);
    heardBytes += frame.length;
    voice.hear(frame);
  }
  voice.close();
  return changes;
}

describe('voice activity', () => {
  it.each([
    ['a syllabic voice', speech],
    ['a syllabic whisper', whisper],
  ])('[F32] hears %s within 250 to 450 ms, and its end 300 ms after it', (_, sound) => {
    const [started, ended, ...more] = changesIn([silence(1_000), sound(2_000), silence(1_000)]);
    expect(started![0]).toBe('speech-started');
    expect(started![1]).toBeGreaterThanOrEqual(1_250);
    expect(started![1]).toBeLessThanOrEqual(1_450);
    expect(ended![0]).toBe('speech-ended');
    expect(ended![1]).toBeGreaterThanOrEqual(3_200);
    expect(ended![1]).toBeLessThanOrEqual(3_500);
    expect(more).toEqual([]);
  });

  it.each([
    ['silence', silence(10_000)],
    ['faint hiss', hiss(10_000, 0.005)],
    ['loud steady hiss', hiss(10_000, 0.3)],
    ['a 140 Hz buzz', buzz(10_000)],
    ['a tone', tone(10_000)],
  ])('does not take %s for speech', (_, sound) => {
    expect(changesIn([silence(1_000), sound])).toEqual([]);
  });

  it('does not count a click or a cough shorter than the limit', () => {
    expect(changesIn([silence(1_000), speech(160), silence(2_000)])).toEqual([]);
  });

  it('hears speech over a line that hums', () => {
    const changes = changesIn([buzz(5_000, 0.01), speech(2_000), buzz(2_000, 0.01)]);
    expect(changes.map(([change]) => change)).toEqual(['speech-started', 'speech-ended']);
  });

  it('gives up speech that has turned into a steady noise', () => {
    const changes = changesIn([silence(500), speech(1_000), buzz(8_000)]);
    expect(changes.map(([change]) => change)).toEqual(['speech-started', 'speech-ended']);
    expect(changes[1]![1]).toBeLessThan(7_000);
  });

  it.each([1, 7, 159, 160, 161, 640, 4_000])('hears the same in pieces of %i bytes', (frameBytes) => {
    const sounds = [silence(500), speech(1_000), silence(500)];
    const names = changesIn(sounds, frameBytes).map(([change]) => change);
    expect(names).toEqual(['speech-started', 'speech-ended']);
  });

  it('keeps calls apart, and hears nothing once it is closed', () => {
    const heard: string[] = [];
    const one = open({ startAfterMs: 250 }, (change) => heard.push(`one ${change}`));
    const other = open({ startAfterMs: 250 }, (change) => heard.push(`other ${change}`));
    other.hear(silence(1_000));
    one.close();
    one.close();
    one.hear(speech(1_000));
    other.hear(speech(1_000));
    other.close();
    expect(heard).toEqual(['other speech-started']);
  });
});
