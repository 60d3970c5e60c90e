import { describe, expect, it } from 'vitest';
import type {
  TextToSpeech,
  TextToSpeechSession,
  Utterance,
  UtteranceEvent,
} from '../../src/call/reply/text-to-speech.ts';
import { VendorError } from '../../src/platform/process/errors.ts';
import { until } from '../support/until.ts';

/** How a pretended voice speaks: every character lasts 10 ms, in samples that have the character's code. */
export const CHARACTER_BYTES = 80;

export function audioOf(text: string): Buffer {
  return Buffer.concat(Array.from(text, (character) => Buffer.alloc(CHARACTER_BYTES, character)));
}

export interface VoiceHarness extends AsyncDisposable {
  readonly textToSpeech: TextToSpeech;
  readonly timesCharacters: boolean;
  readonly tellsTexts: boolean;
  /** While true, what should be spoken is held back. */
  isHolding: boolean;
  /** Speaks what was held back, and everything from now on. */
  release(): void;
  /** All text the vendor was given. */
  readonly given: string;
  readonly connections: number;
  tellNonsense(): void;
  drop(): void;
  refuse(status: number, reason: string): void;
}

export const voiceOptions = { voiceId: 'voice-1', language: 'en-US', speed: 1 };

interface Speaking {
  readonly utterance: Utterance;
  readonly events: UtteranceEvent[];
}

export function begin(session: TextToSpeechSession): Speaking {
  const events: UtteranceEvent[] = [];
  return { utterance: session.begin((event) => events.push(event)), events };
}

export function isOver({ events }: Speaking): boolean {
  return events.some(({ type }) => type === 'ended' || type === 'failed');
}

/** What was said, read off the samples. */
export function heard({ events }: Speaking): string {
  const audio = Buffer.concat(events.flatMap((event) => (event.type === 'audio' ? [event.mulaw] : [])));
  const codes = Array.from(
    { length: audio.byteLength / CHARACTER_BYTES },
    (_, at) => audio[at * CHARACTER_BYTES]!,
  );
  return String.fromCharCode(...codes);
}

interface OpenVoice {
  readonly session: TextToSpeechSession;
  readonly closings: (VendorError | undefined)[];
}

function open(harness: VoiceHarness): OpenVoice {
  const closings: (VendorError | undefined)[] = [];
  const session = harness.textToSpeech.open(voiceOptions, (error) => closings.push(error));
  return { session, closings };
}

/** What every voice must do. */
export function textToSpeechContract(name: string, start: () => Promise<VoiceHarness>): void {
  describe(`the text-to-speech contract, fulfilled by ${name}`, () => {
    it('speaks what was pushed, in order, before and after the connection is there, and ends once', async () => {
      await using harness = await start();
      const { session } = open(harness);
      const speaking = begin(session);
      speaking.utterance.push('Hello there.');
      await until(() => speaking.events.some(({ type }) => type === 'audio'));
      speaking.utterance.push('How are you?');
      speaking.utterance.end();
      speaking.utterance.end();
      speaking.utterance.push('Too late.');
      await until(() => isOver(speaking));
      expect(heard(speaking)).toBe('Hello there. How are you? ');
      expect(speaking.events.filter(({ type }) => type === 'ended')).toHaveLength(1);
      expect(speaking.events.at(-1)).toEqual({ type: 'ended' });
      session.close();
    });

    it('tells where each text ended, or when each character was spoken', async () => {
      await using harness = await start();
      const { session } = open(harness);
      const speaking = begin(session);
      speaking.utterance.push('Hello there. ');
      speaking.utterance.push('Fine?');
      speaking.utterance.end();
      await until(() => isOver(speaking));
      const characters = speaking.events.flatMap((event) =>
        event.type === 'alignment' ? event.characters : [],
      );
      const text = 'Hello there. Fine?';
      expect(characters).toEqual(
        harness.timesCharacters
          ? Array.from(text, (character, at) => ({ character, startMs: at * 10, endMs: at * 10 + 10 }))
          : [],
      );
      const spoken = speaking.events.flatMap((event) => (event.type === 'text-spoken' ? [event.index] : []));
      expect(spoken).toEqual(harness.tellsTexts ? [0, 1] : []);
      session.close();
    });

    it('speaks each text as it is pushed, not only at the end', async () => {
      await using harness = await start();
      const { session } = open(harness);
      const speaking = begin(session);
      speaking.utterance.push('First.');
      await until(() => heard(speaking).startsWith('First.'));
      expect(isOver(speaking)).toBe(false);
      session.close();
    });

    it('says nothing more after a cancel, and speaks the next reply clean of the last', async () => {
      await using harness = await start();
      const { session, closings } = open(harness);
      harness.isHolding = true;
      const cut = begin(session);
      cut.utterance.push('This will be cut.');
      cut.utterance.push('All of it.');
      await until(() => harness.given.includes('All of it.'));
      cut.utterance.cancel();
      cut.utterance.cancel();
      cut.utterance.push('Too late.');
      cut.utterance.end();
      const next = begin(session);
      next.utterance.push('Next.');
      next.utterance.end();
      await until(() => harness.given.includes('Next.'));
      harness.release();
      await until(() => isOver(next));
      expect(cut.events).toEqual([]);
      expect(heard(next)).toBe('Next. ');
      expect(harness.given).not.toContain('Too late.');
      expect(closings).toEqual([]);
      session.close();
    });

    it('has several replies open at once, each with its own audio', async () => {
      await using harness = await start();
      const { session } = open(harness);
      const [first, second, idle] = [begin(session), begin(session), begin(session)];
      first.utterance.push('One.');
      second.utterance.push('Two.');
      second.utterance.end();
      first.utterance.end();
      await until(() => isOver(first) && isOver(second));
      expect([heard(first), heard(second)]).toEqual(['One. ', 'Two. ']);
      expect(idle.events).toEqual([]);
      session.close();
    });

    it('ends a reply without words', async () => {
      await using harness = await start();
      const { session } = open(harness);
      const speaking = begin(session);
      speaking.utterance.end();
      expect(speaking.events).toEqual([]);
      await until(() => isOver(speaking));
      expect(speaking.events).toEqual([{ type: 'ended' }]);
      session.close();
    });

    it('[F7] fails every open reply once when the connection dies in mid-sentence, then says that it closed', async () => {
      await using harness = await start();
      const { session, closings } = open(harness);
      const [first, second] = [begin(session), begin(session)];
      first.utterance.push('One.');
      await until(() => heard(first) === 'One. ');
      harness.isHolding = true;
      first.utterance.push('Two.');
      second.utterance.push('Three.');
      await until(() => harness.given.includes('Two.'));
      harness.drop();
      await until(() => closings.length > 0);
      expect(first.events.at(-1)).toMatchObject({ type: 'failed', error: { isRetryable: true } });
      expect(second.events).toMatchObject([{ type: 'failed', error: { isRetryable: true } }]);
      expect(first.events.filter(({ type }) => type === 'failed')).toHaveLength(1);

      const late = begin(session);
      expect(late.events).toMatchObject([{ type: 'failed' }]);
      late.utterance.push('Too late.');
      first.utterance.cancel();
      session.close();
      expect(closings).toHaveLength(1);
      expect(closings[0]).toBeInstanceOf(VendorError);
    });

    it.each([
      [401, false],
      [429, true],
      [503, true],
    ])(
      '[F8] reports a refusal with %s once, worth another try: %s, and without the key',
      async (status, isRetryable) => {
        await using harness = await start();
        harness.refuse(status, 'bad key test-key');
        const { session, closings } = open(harness);
        const speaking = begin(session);
        speaking.utterance.push('Hello.');
        await until(() => closings.length > 0);
        expect(closings).toMatchObject([{ isRetryable, code: String(status) }]);
        expect(closings[0]!.message).toContain('bad key ***');
        expect(speaking.events).toMatchObject([{ type: 'failed', error: { isRetryable } }]);
        session.close();
        expect(closings).toHaveLength(1);
      },
    );

    it('goes on after messages that make no sense', async () => {
      await using harness = await start();
      const { session } = open(harness);
      const speaking = begin(session);
      speaking.utterance.push('One.');
      await until(() => heard(speaking) === 'One. ');
      harness.tellNonsense();
      speaking.utterance.push('Two.');
      speaking.utterance.end();
      await until(() => isOver(speaking));
      expect(heard(speaking)).toBe('One. Two. ');
      session.close();
    });

    it('closes every reply without a further word, and says once that it is closed', async () => {
      await using harness = await start();
      const { session, closings } = open(harness);
      harness.isHolding = true;
      const speaking = begin(session);
      speaking.utterance.push('Hello.');
      await until(() => harness.given.includes('Hello.'));
      session.close();
      session.close();
      harness.release();
      await until(() => closings.length > 0);
      expect(closings).toEqual([undefined]);
      expect(speaking.events).toEqual([]);
    });

    it('can be closed while it is still connecting', async () => {
      await using harness = await start();
      const { session, closings } = open(harness);
      const speaking = begin(session);
      speaking.utterance.push('Hello.');
      session.close();
      await until(() => closings.length > 0);
      expect(closings).toEqual([undefined]);
      expect(speaking.events).toEqual([]);
    });

    it('can be cancelled from inside an event', async () => {
      await using harness = await start();
      const { session } = open(harness);
      const events: UtteranceEvent[] = [];
      const utterance = session.begin((event) => {
        events.push(event);
        utterance.cancel();
      });
      utterance.push('Hello.');
      utterance.end();
      const next = begin(session);
      next.utterance.push('Next.');
      next.utterance.end();
      await until(() => isOver(next));
      expect(events).toHaveLength(1);
      expect(heard(next)).toBe('Next. ');
      session.close();
    });
  });
}
