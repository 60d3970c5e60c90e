import { describe, expect, it } from 'vitest';
import { begin, heard, isOver, textToSpeechContract, voiceOptions } from '../../contracts/text-to-speech.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { until } from '../../support/until.ts';
import { startAura } from './aura-harness.ts';

textToSpeechContract('Deepgram Aura', () => startAura());

const ignore = (): void => undefined;
const types = (end: { messages: readonly Record<string, unknown>[] }): unknown[] =>
  end.messages.map((message) => message['type']);

describe('the socket to Aura', () => {
  it('asks for telephone audio of the voice', async () => {
    await using harness = await startAura();
    harness.textToSpeech.open({ ...voiceOptions, voiceId: 'aura-2-thalia-en', speed: 1.1 }, ignore);
    const end = await harness.server.end();
    expect(end.url.pathname).toBe('/prefix/v1/speak');
    expect(end.headers.authorization).toBe('Token test-key');
    expect(Object.fromEntries(end.url.searchParams)).toEqual({
      model: 'aura-2-thalia-en',
      encoding: 'mulaw',
      sample_rate: '8000',
      speed: '1.1',
    });
  });

  it('flushes every text, and clears what is cancelled', async () => {
    await using harness = await startAura();
    const session = harness.textToSpeech.open(voiceOptions, ignore);
    const speaking = begin(session);
    speaking.utterance.push('One.');
    await until(() => heard(speaking) === 'One. ');
    harness.isHolding = true;
    speaking.utterance.push('Two.');
    speaking.utterance.cancel();
    const end = harness.server.ends[0]!;
    await until(() => end.texts.length === 5);
    expect(types(end)).toEqual(['Speak', 'Flush', 'Speak', 'Flush', 'Clear']);
    session.close();
  });

  it('clears nothing when all of a cancelled reply has been spoken', async () => {
    await using harness = await startAura();
    const session = harness.textToSpeech.open(voiceOptions, ignore);
    const speaking = begin(session);
    speaking.utterance.push('One.');
    await until(() => speaking.events.some(({ type }) => type === 'text-spoken'));
    speaking.utterance.cancel();
    const next = begin(session);
    next.utterance.push('Two.');
    next.utterance.end();
    await until(() => isOver(next));
    expect(types(harness.server.ends[0]!)).toEqual(['Speak', 'Flush', 'Speak', 'Flush']);
    session.close();
  });

  it('stays below 20 flushes a minute: then a text waits for the end of its reply, and speaks on as time passes', async () => {
    const clock = new FakeClock();
    await using harness = await startAura(clock);
    const session = harness.textToSpeech.open(voiceOptions, ignore);
    const end = await harness.server.end();
    // The ping is scheduled when the socket opens; what is pushed before is flushed in one.
    await until(() => clock.pendingTimers === 1);
    const flushes = (): number => types(end).filter((type) => type === 'Flush').length;
    const first = begin(session);
    for (let count = 0; count < 20; count += 1) first.utterance.push(`${count}.`);
    await until(() => types(end).filter((type) => type === 'Speak').length === 20);
    expect(flushes()).toBe(14);
    first.utterance.end();
    await until(() => isOver(first));
    expect(flushes()).toBe(15);
    expect(heard(first)).toBe(Array.from({ length: 20 }, (_, count) => `${count}. `).join(''));

    const replies = Array.from({ length: 4 }, () => begin(session));
    for (const { utterance } of replies) {
      utterance.push('So.');
      utterance.end();
    }
    await until(() => isOver(replies[2]!));
    expect(flushes()).toBe(18);
    expect(isOver(replies[3]!)).toBe(false);
    clock.advance(60_000);
    await until(() => isOver(replies[3]!));
    expect(flushes()).toBe(19);
    session.close();
  });

  it('asks again later when the vendor ignores a flush all the same', async () => {
    const clock = new FakeClock();
    await using harness = await startAura(clock);
    const session = harness.textToSpeech.open(voiceOptions, ignore);
    const speaking = begin(session);
    harness.ignoresFlushes = true;
    speaking.utterance.push('One.');
    speaking.utterance.end();
    const end = await harness.server.end();
    await until(() => types(end).includes('Flush') && clock.pendingTimers === 2);
    harness.ignoresFlushes = false;
    clock.advance(60_000);
    await until(() => isOver(speaking));
    expect(heard(speaking)).toBe('One. ');
    expect(types(end)).toEqual(['Speak', 'Flush', 'Flush']);
    session.close();
  });

  it('[L18] pings, and is opened again when it dies idle', async () => {
    const clock = new FakeClock();
    await using harness = await startAura(clock);
    const closings: unknown[] = [];
    const session = harness.textToSpeech.open(voiceOptions, (error) => closings.push(error));
    const end = await harness.server.end();
    await until(() => clock.pendingTimers === 1);
    clock.advance(20_000);
    await until(() => end.pings === 1);
    end.close(1011, 'NET-0003');
    await harness.server.end(1);
    const speaking = begin(session);
    speaking.utterance.push('Hello.');
    speaking.utterance.end();
    await until(() => isOver(speaking));
    expect(heard(speaking)).toBe('Hello. ');
    session.close();
    await until(() => closings.length === 1);
    expect(closings).toEqual([undefined]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('cuts a text longer than the vendor takes', async () => {
    await using harness = await startAura();
    const session = harness.textToSpeech.open(voiceOptions, ignore);
    const speaking = begin(session);
    speaking.utterance.push('x'.repeat(4_500));
    speaking.utterance.end();
    await until(() => isOver(speaking));
    const lengths = harness.server.ends[0]!.messages.map(
      (message) => (message as { text?: string }).text?.length,
    );
    expect(lengths).toEqual([2_000, 2_000, 501, undefined]);
    expect(speaking.events.filter(({ type }) => type === 'text-spoken')).toHaveLength(1);
    session.close();
  });
});
