import { describe, expect, it } from 'vitest';
import { begin, heard, isOver, textToSpeechContract, voiceOptions } from '../../contracts/text-to-speech.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { until } from '../../support/until.ts';
import { startElevenLabs, type AlignmentStyle } from './elevenlabs-harness.ts';

textToSpeechContract('ElevenLabs', () => startElevenLabs());

const ignore = (): void => undefined;

describe('the socket to ElevenLabs', () => {
  it('asks for telephone audio, timing and no buffering', async () => {
    await using harness = await startElevenLabs();
    harness.textToSpeech.open({ ...voiceOptions, voiceId: 'a/b' }, ignore);
    const end = await harness.server.end();
    expect(end.url.pathname).toBe('/prefix/v1/text-to-speech/a%2Fb/multi-stream-input');
    expect(end.headers['xi-api-key']).toBe('test-key');
    expect(Object.fromEntries(end.url.searchParams)).toEqual({
      model_id: 'eleven_flash_v2_5',
      output_format: 'ulaw_8000',
      auto_mode: 'true',
      sync_alignment: 'true',
      inactivity_timeout: '180',
      language_code: 'en',
    });
  });

  it('carries one context per reply: opened with a space and its settings, flushed, closed', async () => {
    await using harness = await startElevenLabs();
    const session = harness.textToSpeech.open({ ...voiceOptions, speed: 1.5 }, ignore);
    const speaking = begin(session);
    speaking.utterance.push('Hello.');
    speaking.utterance.push('Bye. ');
    speaking.utterance.end();
    await until(() => isOver(speaking));
    expect(harness.server.ends[0]!.messages).toEqual([
      { text: ' ', context_id: 'u1', voice_settings: { speed: 1.2 } },
      { text: 'Hello. ', context_id: 'u1', flush: true },
      { text: 'Bye. ', context_id: 'u1', flush: true },
      { context_id: 'u1', close_context: true },
    ]);
    session.close();
  });

  it('opens no context for a reply that never says anything', async () => {
    await using harness = await startElevenLabs();
    const session = harness.textToSpeech.open(voiceOptions, ignore);
    const end = await harness.server.end();
    begin(session).utterance.cancel();
    begin(session).utterance.push(' ');
    const speaking = begin(session);
    speaking.utterance.push('Hi.');
    await until(() => heard(speaking) === 'Hi. ');
    expect(end.messages.filter((message) => message['text'] === ' ')).toHaveLength(1);
    session.close();
  });

  it('[F32] never has more than four contexts: a second socket takes over, and the first goes when unused', async () => {
    await using harness = await startElevenLabs();
    harness.withholdsFinal = true;
    const closings: unknown[] = [];
    const session = harness.textToSpeech.open(voiceOptions, (error) => closings.push(error));
    for (let count = 0; count < 11; count += 1) {
      const speaking = begin(session);
      speaking.utterance.push('Well.');
      await until(() => heard(speaking) === 'Well. ');
      speaking.utterance.cancel();
    }
    expect(harness.connections).toBe(3);
    await until(() => harness.server.ends.slice(0, 2).every((end) => end.closeCode !== undefined));
    expect(harness.server.ends[2]!.closeCode).toBeUndefined();
    expect(closings).toEqual([]);
    session.close();
    await until(() => closings.length === 1);
  });

  it('lets a reply finish on the first socket when a second has taken over', async () => {
    await using harness = await startElevenLabs();
    const session = harness.textToSpeech.open(voiceOptions, ignore);
    const replies = Array.from({ length: 5 }, () => begin(session));
    for (const { utterance } of replies) utterance.push('One.');
    await until(() => replies.every((reply) => heard(reply) === 'One. '));
    expect(harness.connections).toBe(2);
    for (const { utterance } of replies) {
      utterance.push('Two.');
      utterance.end();
    }
    await until(() => replies.every(isOver));
    expect(replies.map(heard)).toEqual(replies.map(() => 'One. Two. '));
    await until(() => harness.server.ends[0]!.closeCode !== undefined);
    session.close();
  });

  it('[L18] keeps idle contexts and the socket alive, but says nothing to one that is closing', async () => {
    const clock = new FakeClock();
    await using harness = await startElevenLabs(clock);
    harness.withholdsFinal = true;
    const closings: unknown[] = [];
    const session = harness.textToSpeech.open(voiceOptions, (error) => closings.push(error));
    const [open, closing] = [begin(session), begin(session)];
    open.utterance.push('One.');
    closing.utterance.push('Two.');
    await until(() => heard(open) === 'One. ' && heard(closing) === 'Two. ');
    closing.utterance.end();
    const end = harness.server.ends[0]!;
    clock.advance(8_000);
    await until(() => end.pings === 1 && end.messages.length === 6);
    expect(end.messages.at(-1)).toEqual({ text: '', context_id: 'u1' });
    session.close();
    await until(() => closings.length === 1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('[L18] is opened again when the vendor closes it while it is idle', async () => {
    const clock = new FakeClock();
    await using harness = await startElevenLabs(clock);
    const closings: unknown[] = [];
    const session = harness.textToSpeech.open(voiceOptions, (error) => closings.push(error));
    const first = begin(session);
    first.utterance.push('One.');
    first.utterance.end();
    await until(() => isOver(first));
    clock.advance(60_000);
    harness.drop();
    await harness.server.end(1);
    const second = begin(session);
    second.utterance.push('Two.');
    second.utterance.end();
    await until(() => isOver(second));
    expect(heard(second)).toBe('Two. ');
    expect(closings).toEqual([]);
    session.close();
  });

  it.each([
    ['quota_exceeded', false],
    ['invalid_api_key', false],
    ['voice_not_found', false],
    ['input_timeout_exceeded', true],
    ['system_busy', true],
  ])('[F7] fails with the vendor’s own error %s, worth another try: %s', async (slug, isRetryable) => {
    await using harness = await startElevenLabs();
    const session = harness.textToSpeech.open(voiceOptions, ignore);
    const speaking = begin(session);
    harness.isHolding = true;
    speaking.utterance.push('Hello.');
    const end = await harness.server.end();
    await until(() => end.texts.length === 2);
    end.send({ message: 'no, test-key', error: slug, code: 1008 });
    await until(() => isOver(speaking));
    expect(speaking.events).toMatchObject([
      { type: 'failed', error: { code: slug, isRetryable, message: `elevenlabs: ${slug}: no, ***` } },
    ]);
    session.close();
  });

  it('[L13] fails a reply whose context ends by itself', async () => {
    await using harness = await startElevenLabs();
    const session = harness.textToSpeech.open(voiceOptions, ignore);
    const speaking = begin(session);
    speaking.utterance.push('Hello.');
    await until(() => heard(speaking) === 'Hello. ');
    harness.server.ends[0]!.send({ is_final: true, context_id: 'u1' });
    await until(() => isOver(speaking));
    expect(speaking.events.at(-1)).toMatchObject({ type: 'failed', error: { isRetryable: true } });
    session.close();
  });

  it.each<AlignmentStyle>(['with-each', 'late', 'other-spelling', 'never'])(
    'times every character once when the vendor tells it %s',
    async (style) => {
      await using harness = await startElevenLabs();
      harness.alignment = style;
      const session = harness.textToSpeech.open(voiceOptions, ignore);
      const speaking = begin(session);
      speaking.utterance.push('One two. ');
      speaking.utterance.push('Three. ');
      speaking.utterance.end();
      await until(() => isOver(speaking));
      const characters = speaking.events.flatMap((event) =>
        event.type === 'alignment' ? event.characters : [],
      );
      expect(characters).toEqual(
        Array.from('One two. Three. ', (character, at) => ({
          character,
          startMs: at * 10,
          endMs: at * 10 + 10,
        })),
      );
      session.close();
    },
  );
});
