import { describe, expect, it } from 'vitest';
import { PlayoutClock } from '../../../src/call/speaking/playout-clock.ts';
import { Speaker } from '../../../src/call/speaking/speaker.ts';
import type { SpokenReply, SpokenReplyEvent } from '../../../src/call/speaking/spoken-reply.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { PlayingCarrier, type PlayingCarrierOptions } from '../../support/playing-carrier.ts';
import { ScriptedVoice, type VoiceScript, loud } from '../../support/scripted-voice.ts';

const options = { voiceId: 'v', language: 'en-US', speed: 1 };

function setUp(settings: {
  primary?: Partial<VoiceScript>;
  fallback?: Partial<VoiceScript>;
  network?: PlayingCarrierOptions;
} = {}) {
  const clock = new FakeClock();
  const playoutClock = new PlayoutClock({ clock });
  const primary = new ScriptedVoice(clock, 'primary', settings.primary);
  const fallback = new ScriptedVoice(clock, 'fallback', settings.fallback);
  const idleFaults: SpokenReplyEvent[] = [];
  const recorded: { mulaw: Uint8Array; offsetMs: number }[] = [];
  const cleared: number[] = [];
  const speaker = new Speaker({
    voices: [
      { tts: primary, options },
      { tts: fallback, options },
    ],
    clock,
    playoutClock,
    emitFault: (fault) => idleFaults.push(fault),
    tap: {
      onSent: (mulaw, offsetMs) => recorded.push({ mulaw: Uint8Array.from(mulaw), offsetMs }),
      onCleared: (offsetMs) => cleared.push(offsetMs),
    },
  });
  speaker.start();
  const carrier = new PlayingCarrier(clock, settings.network);
  carrier.onMark = (name) => speaker.onMark(name);
  const attach = (stream = carrier): void => speaker.attach(stream, { offsetMs: () => clock.nowMs() });
  attach();
  clock.advance(500);
  const events: { id: string; atMs: number; event: SpokenReplyEvent }[] = [];
  const begin = (id: string, held = false): SpokenReply =>
    speaker.begin(id, { held }, (event) => events.push({ id, atMs: clock.nowMs(), event }));
  const typesOf = (id: string): string[] => events.filter((e) => e.id === id).map(({ event }) => event.type);
  return {
    clock,
    playoutClock,
    primary,
    fallback,
    speaker,
    carrier,
    attach,
    begin,
    events,
    typesOf,
    idleFaults,
    recorded,
    cleared,
  };
}

const sentence = 'Your appointment is on Tuesday at three in the afternoon.';

describe('Speaker', () => {
  it('says a text and finishes when its last mark has come back', () => {
    const { clock, begin, typesOf, carrier, primary, playoutClock } = setUp();
    const reply = begin('a');
    reply.pushText(sentence);
    reply.endText();
    clock.advance(10_000);
    expect(typesOf('a')).toEqual(['voice-requested', 'text-chunk', 'voice-answered', 'audible', 'finished']);
    expect(carrier.heard()).toEqual(Buffer.concat(primary.audio));
    expect(reply.heard()).toMatchObject({
      generatedText: sentence,
      heardText: sentence,
      heardMs: sentence.length * 60,
      complete: true,
    });
    expect(playoutClock.memberCount).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });
});
