import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mediaMs, streamMs } from '../../../src/call/clocks.ts';
import { Listener } from '../../../src/call/listening/listener.ts';
import type { ListenerEvent } from '../../../src/call/listening/listener-event.ts';
import type { OpenVoiceActivity } from '../../../src/call/listening/voice-activity.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { ScriptedRecogniser } from './scripted-recogniser.ts';

const FRAME_MS = 20;
const options = {
  language: 'en-US',
  keyterms: [],
  endOfTurnThreshold: 0.7,
  eagerEndOfTurnThreshold: 0.4,
  endOfTurnTimeoutMs: 5_000,
};

/** Loud bytes (below 128) are voice; speech counts as begun after 250 ms of it and as ended after 300 ms without. */
const byLoudness: OpenVoiceActivity = ({ startAfterMs }, onChange) => {
  let voicedMs = 0;
  let quietMs = 0;
  let isActive = false;
  return {
    get isVoiced() {
      return voicedMs > 0;
    },
    hear(mulaw) {
      const ms = mulaw.length / 8;
      const isLoud = (mulaw[0] ?? 255) < 128;
      voicedMs = isLoud ? voicedMs + ms : 0;
      quietMs = isLoud ? 0 : quietMs + ms;
      if (!isActive && voicedMs >= startAfterMs) {
        isActive = true;
        onChange('speech-started');
      } else if (isActive && quietMs >= 300) {
        isActive = false;
        onChange('speech-ended');
      }
    },
    close() {
      voicedMs = 0;
    },
  };
};

function listening(
  vendors: { primary?: ScriptedRecogniser; fallback?: ScriptedRecogniser | undefined } = {},
) {
  const clock = new FakeClock();
  const primary = vendors.primary ?? new ScriptedRecogniser('first');
  const fallback = 'fallback' in vendors ? vendors.fallback : new ScriptedRecogniser('second');
  const events: ListenerEvent[] = [];
  const listener = new Listener({
    recognisers: fallback === undefined ? [primary] : [primary, fallback],
    options,
    settings: { pauseAfterSpeechMs: 250 },
    voiceActivity: byLoudness,
    ownVoice: { explains: () => false },
    clock,
    emit: (event) => events.push(event),
  });
  let offsetMs = 0;
  const frames = (durationMs: number, value: number, beat: () => void = () => undefined) => {
    for (let ms = 0; ms < durationMs; ms += FRAME_MS) {
      listener.hear(new Uint8Array(160).fill(value), mediaMs(offsetMs));
      offsetMs += FRAME_MS;
      beat();
      clock.advance(FRAME_MS);
    }
  };
  const inUse = () => (listener.vendor === primary.vendor ? primary.latest : fallback!.latest);
  return {
    clock,
    listener,
    primary,
    second: fallback!,
    events,
    /** A recogniser in good health tells of every 80 ms it has heard. */
    quiet: (durationMs: number) => frames(durationMs, 0xff, () => inUse().heartbeat()),
    speech: (durationMs: number, value = 0x10) => frames(durationMs, value, () => inUse().heartbeat()),
    unheard: (durationMs: number, value = 0x10) => frames(durationMs, value),
    told: () => events.filter((event) => !event.type.startsWith('speech-') && event.type !== 'fault'),
    faults: () => events.filter((event) => event.type === 'fault'),
    turns: () => events.filter((event) => event.type === 'turn-ended').map((event) => event.text),
    skip: (durationMs: number) => {
      offsetMs += durationMs;
    },
  };
}

describe('listening', () => {
  it('[L1] opens the recogniser before there is a stream, and hands it every frame as it comes', () => {
    const { primary, quiet, speech } = listening();
    expect(primary.streams).toHaveLength(0);
    const call = listening();
    call.listener.start();
    expect(call.primary.streams).toHaveLength(1);
    call.speech(100);
    expect(call.primary.latest.audio).toEqual(Buffer.alloc(800, 0x10));
    expect([quiet, speech]).toHaveLength(2);
  });

  it('[L1] keeps what is said before the recogniser is ready, and tells it then', () => {
    const call = listening({ primary: new ScriptedRecogniser('first', { isReadyAtOnce: false }) });
    call.listener.start();
    call.unheard(1_000, 0x20);
    expect(call.primary.latest.audioMs).toBe(0);
    call.primary.latest.ready();
    expect(call.primary.latest.audio).toEqual(Buffer.alloc(8_000, 0x20));
  });

  it('passes turns on in order, with word times on the call’s media clock', () => {
    const call = listening();
    call.listener.start();
    call.skip(3_000);
    call.speech(1_000);
    const stream = call.primary.latest;
    stream.tell({ type: 'turn-started', text: 'hi' }).interim('hi there');
    stream.tell({ type: 'turn-ended-eager', text: 'hi there' }).tell({ type: 'turn-resumed' });
    stream.ended('hi there', [
      { text: 'hi', startMs: streamMs(100), endMs: streamMs(300) },
      { text: 'there' },
    ]);
    expect(call.told()).toEqual([
      { type: 'turn-started', text: 'hi' },
      { type: 'transcript-interim', text: 'hi there' },
      { type: 'turn-ended-eager', text: 'hi there' },
      { type: 'turn-resumed' },
      {
        type: 'turn-ended',
        text: 'hi there',
        words: [{ text: 'hi', startMs: 3_100, endMs: 3_300 }, { text: 'there' }],
      },
    ]);
  });

  it('tells when a voice begins and ends', () => {
    const call = listening();
    call.listener.start();
    call.speech(400);
    call.quiet(400);
    expect(call.events.map(({ type }) => type)).toEqual(['speech-started', 'speech-ended']);
  });

  it('puts in silence when the carrier stays away, so that turn timers go on; ten seconds at most', () => {
    const call = listening();
    call.listener.start();
    call.quiet(100);
    call.clock.advance(2_150);
    expect(call.primary.latest.audioMs).toBe(100 + 2_150 + 20);
    call.clock.advance(60_000);
    expect(call.primary.latest.audioMs).toBe(100 + 10_000);
    expect(call.primary.latest.audio.includes(0)).toBe(false);
  });

  it('keeps the recogniser alive while the stream is long in opening', () => {
    const call = listening();
    call.listener.start();
    call.clock.advance(4_900);
    expect(call.primary.latest.audioMs).toBe(0);
    call.clock.advance(4_000);
    expect(call.primary.latest.audioMs).toBeGreaterThan(0);
  });

  it('passes new thresholds on, also to a recogniser opened later', () => {
    const call = listening();
    call.listener.start();
    call.listener.configure({ endOfTurnThreshold: 0.85 });
    expect(call.primary.latest.configured).toEqual([{ endOfTurnThreshold: 0.85 }]);
    call.primary.latest.die();
    expect(call.primary.latest.options.endOfTurnThreshold).toBe(0.85);
  });

  it('[L15] leaves no timer and no open stream behind, and is silent after its end', () => {
    const call = listening();
    call.listener.start();
    call.speech(500);
    const stream = call.primary.latest;
    call.listener.close();
    call.listener.close();
    const told = call.events.length;
    stream.ended('too late');
    call.listener.hear(new Uint8Array(160), mediaMs(600));
    expect(stream.isClosed).toBe(true);
    expect(call.clock.pendingTimers).toBe(0);
    expect(call.events).toHaveLength(told);
  });
});

describe('a recogniser that dies', () => {
  it('[F1] is replaced, and its successor hears the unfinished sentence again from its start', () => {
    const call = listening();
    call.listener.start();
    call.quiet(3_000);
    call.speech(1_000, 0x21);
    call.primary.latest.tell({ type: 'turn-started', text: 'I need' });
    call.primary.latest.die();
    const { audio } = call.primary.latest;
    expect(call.primary.streams).toHaveLength(2);
    expect(audio.subarray(-8_000)).toEqual(Buffer.alloc(8_000, 0x21));
    // A little of the silence before, not all of it.
    expect(audio.length).toBe(8_000 + 1_600);
  });

  it('[F1] says who was lost, who goes on, and how long nobody listened', () => {
    const call = listening({
      primary: new ScriptedRecogniser('first'),
      fallback: new ScriptedRecogniser('second', { isReadyAtOnce: false }),
    });
    call.listener.start();
    call.quiet(500);
    call.primary.latest.die(false);
    expect(call.faults()).toEqual([]);
    call.unheard(300, 0xff);
    call.second.latest.ready();
    expect(call.faults()).toEqual([
      {
        type: 'fault',
        kind: 'stt.failover',
        vendor: 'first',
        detail: 'deepgram: socket died; now second',
        gapMs: 300,
      },
    ]);
    expect(call.listener.vendor).toBe('second');
  });

  it('[F1] tells an open turn on as the same turn, never going back', () => {
    const call = listening();
    call.listener.start();
    call.quiet(1_000);
    call.speech(1_000);
    call.primary.latest.tell({ type: 'turn-started', text: 'I need' }).interim('I need a table');
    call.primary.latest.die();
    call.primary.latest.tell({ type: 'turn-started', text: 'I' }).interim('I need');
    call.primary.latest.interim('I need a table for two').ended('I need a table for two.');
    expect(call.told()).toEqual([
      { type: 'turn-started', text: 'I need' },
      { type: 'transcript-interim', text: 'I need a table' },
      { type: 'transcript-interim', text: 'I need a table for two' },
      { type: 'turn-ended', text: 'I need a table for two.', words: [] },
    ]);
  });

  it('[F1] keeps the beginning of a sentence longer than what can be replayed', () => {
    const call = listening();
    call.listener.start();
    call.speech(4_000);
    call.primary.latest.tell({ type: 'turn-started', text: 'so' });
    call.speech(4_000);
    call.primary.latest.interim('so last week I ordered a');
    call.speech(4_000);
    call.primary.latest.interim('so last week I ordered a cake from you and it was');
    call.primary.latest.die();
    call.primary.latest.ended('cake from you and it was not the one', [
      { text: 'cake', startMs: streamMs(0), endMs: streamMs(200) },
    ]);
    expect(call.turns()).toEqual(['so last week I ordered a cake from you and it was not the one']);
  });

  it('[F1] does not tell a turn twice that was over', () => {
    const call = listening();
    call.listener.start();
    call.speech(1_000);
    call.quiet(400);
    call.primary.latest.tell({ type: 'turn-started', text: 'a table' }).ended('a table for two');
    call.primary.latest.die();
    call.primary.latest.tell({ type: 'turn-started', text: 'two' }).ended('for two');
    call.quiet(3_000);
    call.speech(600);
    call.primary.latest.tell({ type: 'turn-started', text: 'for two' }).ended('for two');
    expect(call.turns()).toEqual(['a table for two', 'for two']);
  });

  it('[F1] does not replay silence', () => {
    const call = listening();
    call.listener.start();
    call.quiet(5_000);
    call.primary.latest.die();
    expect(call.primary.latest.audioMs).toBe(0);
  });

  it('[F1] asks for a repetition when the replay brings nothing', () => {
    const call = listening();
    call.listener.start();
    call.speech(1_000);
    call.primary.latest.die();
    call.quiet(5_000);
    expect(call.told()).toEqual([]);
    expect(call.events.filter(({ type }) => type === 'speech-lost')).toHaveLength(1);
  });

  it('[F1] keeps word times right across the change', () => {
    const call = listening();
    call.listener.start();
    call.quiet(2_000);
    call.speech(1_000);
    call.primary.latest.die();
    call.primary.latest.ended('hi', [{ text: 'hi', startMs: streamMs(200), endMs: streamMs(400) }]);
    const turn = call.events.find((event) => event.type === 'turn-ended');
    // The replay began 200 ms before the voice.
    expect(turn?.words).toEqual([{ text: 'hi', startMs: 2_000, endMs: 2_200 }]);
  });

  it('[F1] [F35] tries the same vendor once, then the other, then gives up with notice', () => {
    const call = listening({
      primary: new ScriptedRecogniser('first', { isReadyAtOnce: false }),
      fallback: new ScriptedRecogniser('second', { isReadyAtOnce: false }),
    });
    call.listener.start();
    const opened: string[] = [];
    for (let i = 0; i < 200; i += 1) {
      const streams = [...call.primary.streams, ...call.second.streams];
      const open = streams.find((stream) => !stream.isClosed);
      if (open !== undefined) {
        opened.push(call.primary.streams.includes(open) ? 'first' : 'second');
        open.isClosed = true;
        open.die();
      }
      call.clock.advance(100);
    }
    expect(opened).toEqual(['first', 'first', 'second', 'first', 'second', 'first', 'second']);
    expect(call.faults().map((fault) => fault.kind)).toEqual(['stt.exhausted']);
    call.unheard(1_000);
  });

  it('[F1] does not ask a vendor again that refuses us', () => {
    const call = listening();
    call.listener.start();
    call.primary.latest.die(false);
    call.second.latest.die();
    call.clock.advance(10_000);
    expect(call.primary.streams).toHaveLength(1);
    expect(call.second.streams.length).toBeGreaterThan(1);
  });

  it('[F1] gives up on one that does not get ready', () => {
    const call = listening({ primary: new ScriptedRecogniser('first', { isReadyAtOnce: false }) });
    call.listener.start();
    call.unheard(5_000, 0xff);
    expect(call.primary.streams).toHaveLength(2);
    call.unheard(1_500, 0xff);
    expect(call.listener.vendor).toBe('second');
  });

  it('counts a vendor’s seconds with everything that was sent twice', () => {
    const call = listening();
    call.listener.start();
    call.speech(1_000);
    call.primary.latest.die();
    call.quiet(1_000);
    expect(call.listener.sttSeconds).toBeCloseTo(3, 1);
  });

  it('[F1] loses no word, wherever in a sentence the recogniser dies', () => {
    const sentence =
      'could you tell me whether the blue cake with the long name is still to be had on Sunday'.split(' ');
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: sentence.length }),
        fc.integer({ min: 10, max: 35 }),
        (k, framesPerWord) => {
          const wordMs = framesPerWord * FRAME_MS;
          const call = listening();
          call.listener.start();
          call.quiet(500);
          const wordsUntil = (ms: number) =>
            sentence.slice(0, Math.min(sentence.length, Math.floor(ms / wordMs)));
          const aliveMs = k * wordMs;
          // A recogniser is a little behind the caller.
          for (let ms = wordMs; ms <= aliveMs; ms += wordMs) {
            call.speech(wordMs);
            const told = wordsUntil(ms - 200);
            if (told.length > 0) call.primary.latest.interim(told.join(' '));
          }
          call.primary.latest.die();
          const replayedMs = Math.min(aliveMs, 5_000);
          for (let ms = aliveMs; ms < sentence.length * wordMs; ms += wordMs) {
            call.speech(wordMs);
            call.primary.latest.interim('');
          }
          call.quiet(400);
          // It hears whole words only: one that was cut in two by the beginning of the replay is not among them.
          const firstWord = Math.ceil((aliveMs - replayedMs) / wordMs);
          call.primary.latest.ended(sentence.slice(firstWord).join(' '));
          expect(call.turns()).toEqual([sentence.join(' ')]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a recogniser that lives and says nothing', () => {
  it('[F2] is replaced after 1.5 s of speech without any news, by the other vendor', () => {
    const call = listening();
    call.listener.start();
    call.quiet(2_000);
    call.unheard(1_720);
    expect(call.faults()).toEqual([]);
    call.unheard(20);
    expect(call.faults().map((fault) => [fault.kind, fault.vendor])).toEqual([
      ['stt.latency_breaker', 'first'],
      ['stt.failover', 'first'],
    ]);
    expect(call.listener.vendor).toBe('second');
    expect(call.second.latest.audioMs).toBeGreaterThan(1_700);
    expect(call.primary.latest.isClosed).toBe(true);
  });

  it('[F2] is not mistaken for one while its heartbeats move on', () => {
    const call = listening();
    call.listener.start();
    call.speech(5_000);
    expect(call.faults()).toEqual([]);
  });

  it('[F2] is found out also when it repeats the same heartbeat', () => {
    const call = listening();
    call.listener.start();
    call.speech(500);
    for (let i = 0; i < 20; i += 1) {
      call.primary.latest.tell({ type: 'heartbeat', audioMs: 400 });
      call.unheard(100);
    }
    expect(call.faults().map((fault) => fault.kind)).toContain('stt.latency_breaker');
  });

  it('[F2] is changed once for want of words, and not again and again for a noise', () => {
    const call = listening();
    call.listener.start();
    call.speech(30_000);
    expect(call.faults().filter((fault) => fault.kind === 'stt.latency_breaker')).toHaveLength(1);
  });

  it('[L17] is replaced when its signs of life stop while audio flows, though nobody speaks', () => {
    const call = listening();
    call.listener.start();
    call.quiet(1_000);
    call.unheard(9_000, 0xff);
    expect(call.faults()).toEqual([]);
    call.unheard(1_300, 0xff);
    expect(call.faults().map((fault) => fault.kind)).toEqual(['stt.failover']);
  });

  it('[L17] is left in peace while no audio comes', () => {
    const call = listening();
    call.listener.start();
    call.quiet(1_000);
    call.clock.advance(60_000);
    expect(call.primary.streams).toHaveLength(1);
  });
});

describe('catching up', () => {
  it('[F1] replays two seconds at once and the rest at 1.25 times the speed of speech', () => {
    const call = listening({ primary: new ScriptedRecogniser('first', { isReadyAtOnce: false }) });
    call.listener.start();
    call.unheard(4_000);
    const stream = call.primary.latest.ready();
    expect(stream.audioMs).toBeGreaterThanOrEqual(2_000);
    expect(stream.audioMs).toBeLessThanOrEqual(2_080);
    const before = stream.audioMs;
    call.speech(2_000);
    expect(stream.audioMs - before).toBeGreaterThan(2_400);
    expect(stream.audioMs - before).toBeLessThan(2_600);
    stream.interim('so');
    call.speech(4_000);
    stream.interim('so I');
    call.speech(4_000);
    expect(stream.audioMs).toBe(14_000);
  });

  it('[F19] drops the oldest after a stall longer than what is kept, and does not stay behind', () => {
    const call = listening();
    call.listener.start();
    call.quiet(1_000);
    call.clock.advance(0);
    const sentBefore = call.primary.latest.audioMs;
    for (let ms = 0; ms < 9_000; ms += FRAME_MS)
      call.listener.hear(new Uint8Array(160).fill(0xfe), mediaMs(1_000 + ms));
    call.skip(9_000);
    call.quiet(20_000);
    const sent = call.primary.latest.audioMs - sentBefore;
    expect(sent).toBeGreaterThanOrEqual(20_000 + 5_000);
    expect(sent).toBeLessThan(20_000 + 9_000);
    call.primary.latest.ended('x', [{ text: 'x', startMs: streamMs(call.primary.latest.audioMs - 100) }]);
    const turn = call.events.find((event) => event.type === 'turn-ended');
    expect(turn?.words[0]?.startMs).toBe(30_000 - 100);
  });

  it('[F19] puts in no silence for frames that only we were late to read', () => {
    const call = listening();
    call.listener.start();
    call.quiet(1_000);
    const stalled = new StallingClock(call.clock);
    stalled.stall(2_000);
    expect(call.primary.latest.audioMs).toBe(1_000);
  });
});

/** Jumps over time as a blocked event loop does: what was due is called back once, late. */
class StallingClock {
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  stall(durationMs: number): void {
    const realNow = this.#clock.nowMs.bind(this.#clock);
    this.#clock.nowMs = () => realNow() + durationMs;
    this.#clock.advance(250);
  }
}
