import { describe, expect, it } from 'vitest';
import { FRAME_BYTES } from '../../../src/audio/frame.ts';
import { AgentEar, type EarEvent } from '../../../simulator/caller/agent-ear.ts';

const SILENCE = new Uint8Array(FRAME_BYTES).fill(0xff);
const SOUND = new Uint8Array(FRAME_BYTES).map((_, i) => (i % 16 < 8 ? 0x9f : 0x1f));

/** Lets the ear hear stretches of sound and silence, each so many frames long. */
function hear(
  ear: AgentEar,
  ...stretches: readonly (readonly [frame: Uint8Array, count: number])[]
): EarEvent[] {
  const events: EarEvent[] = [];
  let atMs = 0;
  for (const [frame, count] of stretches) {
    for (let i = 0; i < count; i += 1) {
      const event = ear.hear(frame, atMs);
      if (event !== undefined) events.push(event);
      atMs += 20;
    }
  }
  return events;
}

describe('AgentEar', () => {
  it('takes the agent to have finished after 700 ms of silence, and dates it back to the last sound', () => {
    const events = hear(new AgentEar(undefined), [SILENCE, 10], [SOUND, 50], [SILENCE, 40]);
    expect(events).toEqual([
      { type: 'agent-sounds', atMs: 200, silentSinceMs: Number.NEGATIVE_INFINITY },
      { type: 'agent-finished', atMs: 1_200, startedAtMs: 200 },
    ]);
  });

  it('hears a short pause as part of the speech, and a longer one as a new sound of the same speech', () => {
    const events = hear(
      new AgentEar(undefined),
      [SOUND, 10],
      [SILENCE, 5],
      [SOUND, 10],
      [SILENCE, 15],
      [SOUND, 10],
      [SILENCE, 40],
    );
    expect(events).toEqual([
      { type: 'agent-sounds', atMs: 0, silentSinceMs: Number.NEGATIVE_INFINITY },
      { type: 'agent-sounds', atMs: 800, silentSinceMs: 500 },
      { type: 'agent-finished', atMs: 1_000, startedAtMs: 0 },
    ]);
  });

  it('dates an onset to the millisecond', () => {
    const frame = SILENCE.slice();
    frame.set(SOUND.subarray(0, 72), 88);
    const [onset] = hear(new AgentEar(undefined), [SILENCE, 3], [frame, 1]);
    expect(onset).toMatchObject({ type: 'agent-sounds', atMs: 71 });
  });
});
