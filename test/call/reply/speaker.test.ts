import { describe, expect, it } from 'vitest';
import { mediaMs } from '../../../src/call/clocks.ts';
import { PlayoutClock } from '../../../src/call/reply/playout-clock.ts';
import { Speaker } from '../../../src/call/reply/speaker.ts';
import type { SpeechEvent } from '../../../src/call/reply/speech-events.ts';
import type { Speech } from '../../../src/call/reply/speech.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { PlayingCarrier, type PlayingCarrierOptions } from '../../support/playing-carrier.ts';
import { ScriptedVoice, type VoiceScript, loud } from '../../support/scripted-voice.ts';

const options = { voiceId: 'v', language: 'en-US', speed: 1 };

function setUp(
  settings: {
    primary?: Partial<VoiceScript>;
    fallback?: Partial<VoiceScript>;
    network?: PlayingCarrierOptions;
  } = {},
) {
  const clock = new FakeClock();
  const playoutClock = new PlayoutClock({ clock });
  const primary = new ScriptedVoice(clock, 'primary', settings.primary);
  const fallback = new ScriptedVoice(clock, 'fallback', settings.fallback);
  const idleFaults: SpeechEvent[] = [];
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
  const attach = (stream = carrier): void =>
    speaker.attach(stream, { offsetMs: () => mediaMs(clock.nowMs()) });
  attach();
  clock.advance(500);
  const events: { id: string; atMs: number; event: SpeechEvent }[] = [];
  const begin = (id: string, held = false): Speech =>
    speaker.begin({ held }, (event) => events.push({ id, atMs: clock.nowMs(), event }));
  const typesOf = (id: string): string[] =>
    events
      .filter((e) => e.id === id)
      .map(({ event }) => (event.type === 'closed' ? event.outcome : event.type));
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

  it('[L2] connects the voice before there is a stream, and says ready audio at once', () => {
    const { clock, begin, carrier, primary, typesOf } = setUp({ primary: { isSilent: true } });
    expect(primary.opened).toBe(1);
    const greeting = loud(0, 8_000);
    const reply = begin('greeting');
    reply.pushPhrase('Hello, this is the salon.', greeting);
    reply.endText();
    expect(typesOf('greeting')).toEqual(['voice-requested', 'text-chunk', 'voice-answered', 'audible']);
    expect(carrier.sentBytes).toBe(1_600);
    clock.advance(1_100);
    expect(carrier.heard()).toEqual(Buffer.from(greeting));
    expect(typesOf('greeting').at(-1)).toBe('finished');
    expect(primary.texts).toEqual([]);
  });

  it('keeps 200 to 300 ms at the carrier, and marks every 200 ms and the end', () => {
    const { clock, begin, carrier } = setUp();
    const reply = begin('a');
    reply.pushPhrase('A long line.', loud(0, 20_000));
    reply.endText();
    clock.advance(200);
    while (clock.nowMs() < 500 + 2_100) {
      clock.advance(20);
      expect(carrier.queuedMs).toBeGreaterThanOrEqual(180);
      expect(carrier.queuedMs).toBeLessThanOrEqual(300);
    }
    clock.advance(1_000);
    const positions = carrier.marks
      .filter((name) => /^\d+:/.test(name))
      .map((name) => Number(name.split(':')[1]));
    expect(positions.at(-1)).toBe(20_000);
    const gaps = positions.map((position, n) => position - (positions[n - 1] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2_400);
    expect(Math.min(...gaps.slice(0, -1))).toBeGreaterThanOrEqual(1_600);
    expect(carrier.sent.filter(({ type }) => type === 'audio').length).toBeLessThanOrEqual(26);
  });

  it('says text, ready audio and text again in the order they came', () => {
    const { clock, begin, carrier, primary, typesOf } = setUp();
    const reply = begin('a');
    reply.pushText('Let me check that for you. ');
    const filler = loud(5_000, 4_000);
    reply.pushPhrase('One moment.', filler);
    reply.pushText('You are booked for three.');
    reply.endText();
    clock.advance(15_000);
    const [before, after] = ['Let me check that for you.', 'You are booked for three.'];
    const expected = Buffer.concat([loud(0, before.length * 480), filler, loud(0, after.length * 480)]);
    expect(primary.texts).toEqual([`${before} `, `${after} `]);
    expect(expected.equals(carrier.heard())).toBe(true);
    expect(reply.heard().heardText).toBe('Let me check that for you. One moment. You are booked for three.');
    expect(typesOf('a').at(-1)).toBe('finished');
  });

  it('synthesises a phrase that has no ready audio', () => {
    const { clock, begin, primary, typesOf } = setUp();
    const reply = begin('a');
    reply.pushPhrase('Are you still there?', undefined);
    reply.endText();
    clock.advance(5_000);
    expect(primary.spokenText).toBe('Are you still there?');
    expect(typesOf('a').at(-1)).toBe('finished');
  });

  it('finishes at once when there is nothing to say', () => {
    const { begin, typesOf } = setUp();
    const reply = begin('a');
    reply.pushText(' 👍 ');
    reply.endText();
    expect(typesOf('a')).toEqual(['finished']);
    expect(reply.heard()).toMatchObject({ generatedText: '', heardText: '', complete: true });
  });

  it('gives a held reply to nobody before its release', () => {
    const { clock, begin, primary, carrier, typesOf, speaker } = setUp();
    const reply = begin('a', true);
    reply.pushText(sentence);
    reply.endText();
    clock.advance(3_000);
    expect([primary.texts.length, carrier.sentBytes, typesOf('a').length, speaker.characters]).toEqual([
      0, 0, 0, 0,
    ]);
    expect(reply.heard()).toMatchObject({ generatedText: sentence, heardText: '', complete: false });
    reply.release();
    clock.advance(10_000);
    expect(typesOf('a').at(-1)).toBe('finished');
    expect(reply.heard().heardText).toBe(sentence);
  });

  it('[L6] lets only the latest reply reach the carrier, whatever the older ones still do', () => {
    const { clock, begin, carrier, typesOf } = setUp();
    const held = begin('held', true);
    held.pushText(sentence);
    const first = begin('first');
    first.pushText(sentence);
    clock.advance(400);
    const before = carrier.sentBytes;
    const second = begin('second');
    expect(carrier.clears).toBe(1);
    held.release();
    first.pushText('More of the first. ');
    first.resume();
    clock.advance(5_000);
    expect(carrier.sentBytes).toBe(before);
    second.pushPhrase('Only this.', loud(0, 1_600));
    second.endText();
    clock.advance(2_000);
    expect(carrier.sentBytes).toBe(before + 1_600);
    expect(typesOf('held')).toEqual([]);
    expect(typesOf('first')).toEqual(['voice-requested', 'text-chunk', 'voice-answered', 'audible']);
    expect(typesOf('second').at(-1)).toBe('finished');
  });

  it('lets a reply go on while another is held, and ends it at the release', () => {
    const { clock, begin, carrier, typesOf } = setUp();
    const current = begin('current');
    current.pushPhrase('A long line.', loud(0, 40_000));
    const held = begin('held', true);
    held.pushText(sentence);
    clock.advance(1_000);
    expect(carrier.clears).toBe(0);
    held.release();
    expect(carrier.clears).toBe(1);
    expect(current.heard().heardMs).toBeCloseTo(1_000, -1);
    clock.advance(500);
    expect(typesOf('held')).toContain('audible');
  });

  it('[L8] goes on after a pause at the first unheard sample', () => {
    const { clock, begin, carrier, primary, typesOf, cleared } = setUp({
      network: { uplinkMs: () => 30, downlinkMs: () => 30 },
    });
    const reply = begin('a');
    reply.pushText(sentence);
    reply.endText();
    clock.advance(1_234);
    reply.pause();
    reply.pause();
    expect(carrier.clears).toBe(1);
    clock.advance(1_500);
    const heardMs = reply.heard().heardMs;
    expect(carrier.heard()).toHaveLength(heardMs * 8);
    expect(cleared).toHaveLength(1);
    reply.resume();
    clock.advance(10_000);
    expect(Buffer.from(carrier.heard())).toEqual(Buffer.concat(primary.audio));
    expect(typesOf('a').at(-1)).toBe('finished');
    expect(reply.heard().complete).toBe(true);
  });

  it('[L8] holds back while paused what the voice still delivers', () => {
    const { clock, begin, carrier } = setUp({ primary: { speedup: 1 } });
    const reply = begin('a');
    reply.pushText(sentence);
    clock.advance(700);
    reply.pause();
    const before = carrier.sentBytes;
    clock.advance(5_000);
    expect(carrier.sentBytes).toBe(before);
    reply.resume();
    expect(carrier.sentBytes).toBe(before + 1_600);
  });

  it('has no effect to pause what is not heard yet, or to resume what is not paused', () => {
    const { clock, begin, carrier, typesOf } = setUp();
    const reply = begin('a');
    reply.pause();
    reply.pushText(sentence);
    reply.endText();
    reply.resume();
    clock.advance(10_000);
    expect(carrier.clears).toBe(0);
    expect(typesOf('a').at(-1)).toBe('finished');
  });

  it('[L7] [F32] keeps of an interrupted reply the words that were heard', () => {
    const { clock, begin, carrier, typesOf, primary } = setUp();
    const reply = begin('a');
    reply.pushText(`${sentence} Is there anything else`);
    // First audio after 80 ms; "Your appointment is on" ends at character 22.
    clock.advance(80 + 22 * 60 + 30);
    reply.close();
    const heard = reply.heard();
    expect(carrier.clears).toBe(1);
    expect(heard).toMatchObject({
      generatedText: `${sentence} Is there anything else`,
      heardText: 'Your appointment is on',
      complete: false,
    });
    expect(heard.words.filter((word) => word.heard).map(({ text }) => text)).toEqual([
      'Your',
      'appointment',
      'is',
      'on',
    ]);
    expect(heard.words.filter((word) => word.heard === false)).toHaveLength(6);
    expect(heard.words[1]).toMatchObject({
      startOffsetMs: 500 + 80 + 5 * 60,
      endOffsetMs: 500 + 80 + 16 * 60,
    });
    reply.close();
    expect(reply.heard()).toEqual(heard);
    expect(primary.openUtterances).toBe(0);
    clock.advance(10_000);
    expect(typesOf('a')).not.toContain('finished');
    expect(reply.heard()).toEqual(heard);
    expect(clock.pendingTimers).toBe(0);
  });

  it('counts a reply cut in its last 300 ms as heard, but not a short one that was hardly begun', () => {
    const { clock, begin } = setUp();
    const long = begin('long');
    long.pushPhrase('All of this was heard.', loud(0, 16_000));
    long.endText();
    clock.advance(1_750);
    long.close();
    expect(long.heard()).toMatchObject({ heardText: 'All of this was heard.', complete: true });
    const short = begin('short');
    short.pushPhrase('Yes.', loud(0, 2_400));
    short.endText();
    clock.advance(60);
    short.close();
    expect(short.heard()).toMatchObject({ heardText: '', complete: false });
  });

  it('[F32] survives a storm of interruptions without a trace', () => {
    const { clock, begin, carrier, primary, speaker } = setUp();
    for (let n = 0; n < 60; n += 1) {
      const reply = begin(`storm-${n}`);
      reply.pushText(sentence);
      clock.advance((n * 37) % 400);
      if (n % 3 === 0) reply.pause();
      if (n % 2 === 0) reply.close();
    }
    const last = begin('last');
    last.pushText('Finally. ');
    last.endText();
    clock.advance(5_000);
    expect(last.heard()).toMatchObject({ heardText: 'Finally.', complete: true });
    expect(carrier.heard().subarray(-100)).toEqual(Buffer.from(loud(0, 8 * 480)).subarray(-100));
    expect(primary.openUtterances).toBe(0);
    speaker.close();
    expect(primary.openSessions).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('trims the silence in front of an utterance, and its words move with it', () => {
    const { clock, begin, carrier } = setUp({ primary: { leadingSilenceMs: 340 } });
    const reply = begin('a');
    reply.pushText('Hello there. ');
    reply.endText();
    clock.advance(5_000);
    expect(carrier.heard()).toHaveLength(40 * 8 + 12 * 480);
    expect(reply.heard().words.map(({ startOffsetMs }) => startOffsetMs)).toEqual([
      500 + 80 + 40,
      500 + 80 + 40 + 360,
    ]);
  });

  for (const cutMs of [10, 250, 777, 1_500, 2_600, 3_300]) {
    it(`[F7] goes on with the fallback voice when the voice dies after ${cutMs} ms of audio`, () => {
      const { clock, begin, events, primary, fallback, typesOf, speaker, carrier } = setUp({
        primary: { dieAfterBytes: cutMs * 8 },
      });
      const reply = begin('a');
      reply.pushText(sentence);
      reply.endText();
      clock.advance(15_000);
      expect(typesOf('a').at(-1)).toBe('finished');
      expect(reply.heard()).toMatchObject({ generatedText: sentence, heardText: sentence, complete: true });
      // Cut at a word: what the second voice says is the end of what the first was given.
      expect(sentence.endsWith(fallback.spokenText)).toBe(true);
      expect(sentence.at(-fallback.spokenText.length - 1) ?? ' ').toBe(' ');
      const saidByPrimary = sentence.slice(0, -fallback.spokenText.length).trim();
      expect(saidByPrimary.length * 60).toBeLessThanOrEqual(cutMs);
      expect(saidByPrimary.length * 60).toBeGreaterThan(cutMs - 14 * 60);
      // Of the word that was cut only what had already gone out is heard twice.
      const saidMs = sentence.indexOf(fallback.spokenText) * 60 + fallback.spokenText.length * 60;
      expect(carrier.heard().length / 8 - saidMs).toBeLessThanOrEqual(cutMs <= 250 ? 200 : 5);
      const fault = events.find(({ event }) => event.type === 'fault')?.event;
      expect(fault).toMatchObject({ kind: 'tts.failover', vendor: 'primary' });
      expect(fault?.type === 'fault' && fault.gapMs).toBeLessThanOrEqual(700);
      expect(typesOf('a').filter((type) => type === 'text-chunk')).toHaveLength(1);

      const next = begin('b');
      next.pushText('And another thing. ');
      next.endText();
      clock.advance(5_000);
      expect(fallback.texts.at(-1)).toBe('And another thing. ');
      expect(primary.openSessions).toBe(0);
      expect(speaker.vendor).toBe('fallback');
      expect(speaker.characters).toBe(
        [...primary.texts, ...fallback.texts].join('').length - primary.texts.length - fallback.texts.length,
      );
    });
  }

  it('[F7] needs no second voice for a sentence whose last word was said', () => {
    const { clock, begin, events, fallback, typesOf } = setUp({ primary: { dieAfterBytes: 3_390 * 8 } });
    const reply = begin('a');
    reply.pushText(sentence);
    reply.endText();
    clock.advance(15_000);
    expect(fallback.texts).toEqual([]);
    expect(typesOf('a').at(-1)).toBe('finished');
    expect(reply.heard()).toMatchObject({ heardText: sentence, complete: true });
    expect(events.map(({ event }) => event)).toContainEqual(
      expect.objectContaining({ kind: 'tts.failover', gapMs: undefined }),
    );
  });

  for (const tells of ['text-spoken', 'nothing'] as const) {
    it(`[F7] says each word at least once when a voice that tells ${tells} dies`, () => {
      const { clock, begin, primary, fallback, typesOf } = setUp({
        primary: { dieAfterBytes: 1_800 * 8, tells },
        fallback: { tells },
      });
      const reply = begin('a');
      reply.pushText(`First of all. ${sentence}`);
      reply.endText();
      clock.advance(15_000);
      expect(typesOf('a').at(-1)).toBe('finished');
      expect(`First of all. ${sentence}`.endsWith(fallback.spokenText)).toBe(true);
      // 1,800 ms at 60 ms a character: the first sentence, and two words of the second.
      expect(sentence.length - fallback.spokenText.length).toBeLessThanOrEqual('Your appointment '.length);
      expect(primary.texts).toHaveLength(2);
      expect(reply.heard()).toMatchObject({ heardText: `First of all. ${sentence}`, complete: true });
    });
  }

  it('[F7] [L13] gives up a voice that takes text and is silent for 1.5 s', () => {
    const { clock, begin, events, fallback } = setUp({ primary: { isSilent: true } });
    const reply = begin('a');
    reply.pushText(sentence);
    reply.endText();
    clock.advance(1_499);
    expect(fallback.texts).toEqual([]);
    clock.advance(1);
    expect(fallback.spokenText).toBe(sentence);
    clock.advance(80);
    expect(events.map(({ event }) => event.type)).toContain('audible');
    clock.advance(10_000);
    expect(reply.heard()).toMatchObject({ heardText: sentence, complete: true });
  });

  it('[L13] says again what a voice ended without saying', () => {
    const { clock, begin, fallback } = setUp({ primary: { msPerCharacter: 0, pieceMs: 1 } });
    const reply = begin('a');
    reply.pushText('Not a sound of this. ');
    reply.endText();
    clock.advance(5_000);
    expect(fallback.spokenText).toBe('Not a sound of this.');
    expect(reply.heard().complete).toBe(true);
  });

  it('[L10] stalls of a voice in mid-sentence heal, with what was said kept', () => {
    const { clock, begin, primary, fallback, typesOf } = setUp();
    const reply = begin('a');
    reply.pushText('The first sentence is fine. ');
    clock.advance(3_000);
    primary.script.isSilent = true;
    reply.pushText('The second is never said. ');
    reply.endText();
    clock.advance(8_000);
    expect(fallback.spokenText).toBe('The second is never said.');
    expect(typesOf('a').at(-1)).toBe('finished');
    expect(reply.heard().heardText).toBe('The first sentence is fine. The second is never said.');
  });

  it('[L10] does without the last word of a voice that has said everything', () => {
    const { clock, begin, primary, fallback, typesOf } = setUp();
    const reply = begin('a');
    reply.pushText('All of it was said. ');
    clock.advance(400);
    primary.script.isSilent = true;
    reply.endText();
    clock.advance(5_000);
    expect(typesOf('a').at(-1)).toBe('finished');
    expect(fallback.texts).toEqual([]);
  });

  it('[F8] fails when all voices are down, and still says what needs none', () => {
    const { clock, begin, events, typesOf, carrier, speaker } = setUp({
      primary: { dieAfterBytes: 800 * 8 },
      fallback: { isRefusing: true },
    });
    const reply = begin('a');
    reply.pushText(sentence);
    clock.advance(6_000);
    const faults = events.flatMap(({ event }) => (event.type === 'fault' ? [event.kind] : []));
    expect(faults).toEqual(['tts.exhausted']);
    expect(typesOf('a').at(-1)).toBe('failed');
    // 800 ms are thirteen characters; the word they end in was not said.
    expect(reply.heard()).toMatchObject({ generatedText: sentence, heardText: 'Your', complete: false });
    const apology = begin('b');
    apology.pushPhrase('I am sorry, something is wrong here.', loud(0, 8_000));
    apology.endText();
    clock.advance(2_000);
    expect(typesOf('b').at(-1)).toBe('finished');
    expect(carrier.heard().subarray(-8_000)).toEqual(Buffer.from(loud(0, 8_000)));
    speaker.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('[F8] says nothing twice when voices die one after the other', () => {
    const { clock, begin, fallback, primary, typesOf } = setUp({
      primary: { dieAfterBytes: 800 * 8 },
      fallback: { dieAfterBytes: 900 * 8 },
    });
    const reply = begin('a');
    reply.pushText(sentence);
    reply.endText();
    clock.advance(10_000);
    expect(primary.texts).toHaveLength(2);
    expect(fallback.texts).toHaveLength(1);
    expect(typesOf('a').at(-1)).toBe('finished');
    expect(reply.heard()).toMatchObject({ heardText: sentence, complete: true });
  });

  it('stays connected: an idle session that the vendor closes is opened again', () => {
    const { clock, primary, fallback, idleFaults, begin, typesOf } = setUp();
    clock.advance(20_000);
    primary.break('idle timeout');
    expect([primary.opened, primary.openSessions, fallback.opened]).toEqual([2, 1, 0]);
    expect(idleFaults).toEqual([]);
    const reply = begin('a');
    reply.pushText('Here I am. ');
    reply.endText();
    clock.advance(5_000);
    expect(typesOf('a').at(-1)).toBe('finished');
  });

  it('[F7] turns to the fallback while the phone rings when the first voice refuses', () => {
    const { fallback, idleFaults } = setUp({ primary: { isRefusing: true } });
    expect(fallback.openSessions).toBe(1);
    expect(idleFaults).toMatchObject([
      { kind: 'tts.failover', vendor: 'primary', detail: expect.stringContaining('refused') },
    ]);
  });

  it('[L4] speaks a clause, then words, of a model that drips', () => {
    const { clock, begin, primary } = setUp();
    const reply = begin('a');
    for (const token of ['Well', ', ', 'I ', 'think ', 'we ', 'might ', 'still ', 'have ', 'a ', 'place ']) {
      reply.pushText(token);
      clock.advance(300);
    }
    clock.advance(1_000);
    expect(primary.texts[0]).toBe('Well, ');
    expect(primary.spokenText).toBe('Well, I think we might still have a place');
    reply.close();
  });

  it('[L11] [L20] ends by its own clock when the carrier says nothing at all', () => {
    const { clock, begin, carrier, typesOf } = setUp();
    carrier.isMute = true;
    const reply = begin('a');
    reply.pushText(`${sentence} ${sentence}`);
    reply.endText();
    const totalMs = sentence.length * 60 * 2;
    clock.advance(80 + totalMs + 1_800);
    expect(carrier.heard()).toHaveLength(totalMs * 8);
    expect(typesOf('a')).not.toContain('finished');
    clock.advance(400);
    expect(typesOf('a').at(-1)).toBe('finished');
    expect(reply.heard().complete).toBe(true);
  });

  it('[F20] stops feeding a carrier that does not read, and goes on when it does', () => {
    const { clock, begin, carrier, typesOf } = setUp();
    const reply = begin('a');
    reply.pushText(`${sentence} ${sentence}`);
    reply.endText();
    clock.advance(1_000);
    carrier.bufferedBytes = 64 * 1024 + 1;
    const before = carrier.sentBytes;
    clock.advance(10_000);
    expect(carrier.sentBytes).toBe(before);
    carrier.bufferedBytes = 0;
    clock.advance(10_000);
    expect(typesOf('a').at(-1)).toBe('finished');
    expect(carrier.heard()).toHaveLength(sentence.length * 480 * 2);
  });

  it('[F20] gives a long text to the voice no more than some 20 s ahead of the ear', () => {
    const { clock, begin, primary, typesOf } = setUp();
    const reply = begin('a');
    for (let n = 0; n < 40; n += 1) reply.pushText(`${sentence} `);
    reply.endText();
    clock.advance(2_000);
    const aheadMs = primary.spokenText.length * 60;
    expect(aheadMs).toBeGreaterThan(18_000);
    expect(aheadMs).toBeLessThan(28_000);
    clock.advance(40 * sentence.length * 60 + 5_000);
    expect(typesOf('a').at(-1)).toBe('finished');
    expect(reply.heard().complete).toBe(true);
  });

  it('[L21] goes on in a new stream at what was heard in the old one', () => {
    const { clock, begin, carrier, attach, primary, typesOf, speaker } = setUp();
    const reply = begin('a');
    reply.pushText(sentence);
    reply.endText();
    clock.advance(1_080);
    const second = new PlayingCarrier(clock);
    second.onMark = (name) => speaker.onMark(name);
    const heardBefore = Buffer.from(carrier.heard());
    attach(second);
    clock.advance(10_000);
    expect(Buffer.concat([heardBefore, second.heard()])).toEqual(Buffer.concat(primary.audio));
    expect(typesOf('a').at(-1)).toBe('finished');
  });

  it('waits for the stream with what it has to say', () => {
    const clock = new FakeClock();
    const voice = new ScriptedVoice(clock, 'primary');
    const speaker = new Speaker({
      voices: [{ tts: voice, options }],
      clock,
      playoutClock: new PlayoutClock({ clock }),
      emitFault: () => undefined,
    });
    const reply = speaker.begin({ held: false }, () => undefined);
    reply.pushPhrase('Hello.', loud(0, 4_000));
    clock.advance(1_000);
    const carrier = new PlayingCarrier(clock);
    speaker.attach(carrier, { offsetMs: () => mediaMs(0) });
    clock.advance(600);
    expect(carrier.heard()).toHaveLength(4_000);
  });

  it('hands the recording what is sent, with the place where it is played', () => {
    const { clock, begin, recorded, cleared } = setUp({
      network: { uplinkMs: () => 25, downlinkMs: () => 15 },
    });
    const reply = begin('a');
    reply.pushPhrase('A long line.', loud(0, 16_000));
    clock.advance(1_000);
    reply.pause();
    clock.advance(1_000);
    reply.resume();
    reply.endText();
    clock.advance(2_000);
    const heardBytes = 1_000 * 8;
    expect(cleared).toEqual([500 + 40 + 1_000]);
    let expectedOffsetMs = 500 + 40;
    let bytes = 0;
    for (const { mulaw, offsetMs } of recorded) {
      if (offsetMs >= 2_000 && expectedOffsetMs < 2_000) {
        expectedOffsetMs = 500 + 2_000 + 40;
        bytes = heardBytes;
      }
      expect(offsetMs).toBeCloseTo(expectedOffsetMs, 6);
      expect(Buffer.from(mulaw)).toEqual(Buffer.from(loud(0, 16_000).subarray(bytes, bytes + mulaw.length)));
      expectedOffsetMs += mulaw.length / 8;
      bytes += mulaw.length;
    }
    expect(bytes).toBe(16_000);
  });

  it('[L15] leaves neither timer nor session nor member of the playout clock behind', () => {
    const { clock, begin, speaker, primary, fallback, playoutClock } = setUp();
    begin('a').pushText(`${sentence} and so`);
    begin('held', true).pushText('Something');
    clock.advance(500);
    speaker.close();
    // What is left then are the carrier's own: marks on their way back.
    clock.advance(0);
    expect([
      primary.openSessions,
      fallback.openSessions,
      playoutClock.memberCount,
      clock.pendingTimers,
    ]).toEqual([0, 0, 0, 0]);
  });
});
