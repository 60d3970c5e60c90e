import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PhraseAudio } from '../../../src/call/reply/phrase-audio.ts';
import type { Voice } from '../../../src/call/reply/voices.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { ScriptedVoice, type VoiceScript, loud } from '../../support/scripted-voice.ts';

let folder: string;
const opened: PhraseAudio[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phrases-'));
});

afterEach(async () => {
  for (const phrases of opened.splice(0)) phrases.close();
  await rm(folder, { recursive: true, force: true });
});

function setUp(script: Partial<VoiceScript> = {}, options: { maxMemoryBytes?: number } = {}) {
  const clock = new FakeClock();
  const tts = new ScriptedVoice(clock, 'elevenlabs', script);
  const voice: Voice = { tts, options: { voiceId: 'anna', language: 'en-US', speed: 1 } };
  const failures: unknown[] = [];
  const phrases = new PhraseAudio({
    folder: join(folder, 'phrases'),
    clock,
    onFailure: (error) => failures.push(error),
    ...options,
  });
  opened.push(phrases);
  /** Lets time pass only while the voice is at work: the disk keeps its own time. */
  const speakUntil = async (isDone: () => boolean): Promise<void> => {
    const deadlineMs = performance.now() + 5_000;
    while (!isDone() && performance.now() < deadlineMs) {
      if (tts.openSessions > 0) await clock.advanceAsync(100);
      else await sleep(1);
    }
    expect(isDone()).toBe(true);
  };
  const finish = async (work: Promise<void>): Promise<void> => {
    let isDone = false;
    await Promise.all([work.then(() => (isDone = true)), speakUntil(() => isDone)]);
  };
  return { clock, tts, voice, phrases, failures, finish, speakUntil };
}

const hello = 'Hello, this is the salon.';

describe('PhraseAudio', () => {
  it('makes phrases once, and then has them without waiting', async () => {
    const { phrases, voice, tts, finish } = setUp({ leadingSilenceMs: 300 });
    expect(phrases.find(voice, hello)).toBeUndefined();
    await finish(phrases.prepare(voice, [hello, 'One moment.', hello]));
    expect(phrases.find(voice, hello)).toHaveLength(40 * 8 + hello.length * 480);
    expect(phrases.find(voice, 'One moment.')).toBeDefined();
    expect(tts.texts).toEqual([`${hello} `, 'One moment. ']);
    expect(tts.openSessions).toBe(0);
  });

  it('keeps apart voices, speeds, languages and vendors', async () => {
    const { phrases, voice, finish, clock } = setUp();
    await finish(phrases.prepare(voice, [hello]));
    for (const options of [{ voiceId: 'bob' }, { speed: 1.1 }, { language: 'de-DE' }])
      expect(phrases.find({ ...voice, options: { ...voice.options, ...options } }, hello)).toBeUndefined();
    expect(phrases.find({ ...voice, tts: new ScriptedVoice(clock, 'deepgram') }, hello)).toBeUndefined();
    expect(phrases.find({ ...voice }, hello)).toBeDefined();
  });

  it('finds on disk what was made before the last start', async () => {
    const first = setUp();
    await first.finish(first.phrases.prepare(first.voice, [hello]));
    const files = await readdir(join(folder, 'phrases'));
    expect(files).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.ulaw$/)]);
    const second = setUp();
    await second.finish(second.phrases.prepare(second.voice, [hello]));
    expect(second.tts.texts).toEqual([]);
    expect(second.phrases.find(second.voice, hello)).toEqual(first.phrases.find(first.voice, hello));
  });

  it('makes a phrase again whose file is empty', async () => {
    const first = setUp();
    await first.finish(first.phrases.prepare(first.voice, [hello]));
    const [file] = await readdir(join(folder, 'phrases'));
    await writeFile(join(folder, 'phrases', file!), '');
    const second = setUp();
    await second.finish(second.phrases.prepare(second.voice, [hello]));
    expect(second.tts.texts).toHaveLength(1);
  });

  it.each(['isSilent', 'isRefusing'] as const)(
    'tries again later when the voice fails (%s)',
    async (fault) => {
      const { phrases, voice, tts, finish, failures, clock, speakUntil } = setUp({ [fault]: true });
      await finish(phrases.prepare(voice, [hello, 'One moment.']));
      expect(failures).toHaveLength(2);
      expect(phrases.find(voice, hello)).toBeUndefined();
      expect(tts.openSessions).toBe(0);
      tts.script[fault] = false;
      await clock.advanceAsync(30_000);
      await speakUntil(() => [hello, 'One moment.'].every((text) => phrases.find(voice, text) !== undefined));
      expect(phrases.find(voice, hello)).toEqual(Buffer.from(loud(0, hello.length * 480)));
    },
  );

  it('is as good without a disk, until the next start', async () => {
    await writeFile(join(folder, 'phrases'), 'a file where the folder should be');
    const { phrases, voice, finish, failures } = setUp();
    await finish(phrases.prepare(voice, [hello]));
    expect(phrases.find(voice, hello)).toBeDefined();
    expect(failures).toHaveLength(1);
  });

  it('forgets what was not used for the longest time when memory is full', async () => {
    const { phrases, voice, finish } = setUp({}, { maxMemoryBytes: 480 * 25 });
    await finish(phrases.prepare(voice, ['aaaaaaaaaa', 'bbbbbbbbbb']));
    phrases.find(voice, 'aaaaaaaaaa');
    await finish(phrases.prepare(voice, ['cccccccccc']));
    expect(phrases.find(voice, 'bbbbbbbbbb')).toBeUndefined();
    expect(phrases.find(voice, 'aaaaaaaaaa')).toBeDefined();
    expect(phrases.find(voice, 'cccccccccc')).toBeDefined();
  });

  it('[L15] leaves no timer behind', async () => {
    const { phrases, voice, finish, clock } = setUp({ isRefusing: true });
    await finish(phrases.prepare(voice, [hello]));
    expect(clock.pendingTimers).toBe(1);
    phrases.close();
    expect(clock.pendingTimers).toBe(0);
  });
});
