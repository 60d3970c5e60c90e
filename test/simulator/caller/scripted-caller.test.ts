import { describe, expect, it } from 'vitest';
import { FRAME_BYTES } from '../../../src/audio/frame.ts';
import { prepareCaller, type CallerEvent } from '../../../simulator/caller/scripted-caller.ts';
import type { LineQuality, Step } from '../../../simulator/scenario.ts';
import { agentSpeech } from '../../../simulator/speech/agent-speech.ts';
import { SpeechFinder, SpeechRegistry } from '../../../simulator/speech/heard-speech.ts';
import { levelOf } from '../../../simulator/speech/level.ts';
import { synthesise } from '../../../simulator/speech/synthesis.ts';

const SILENCE = new Uint8Array(FRAME_BYTES).fill(0xff);

/** A caller in virtual time: frames are heard as fast as the test can give them. */
async function phone(steps: readonly Step[], line: LineQuality = {}) {
  const speech = new SpeechRegistry();
  const events: CallerEvent[] = [];
  const caller = await prepareCaller({
    scenario: { caller: { phone: '+1', line }, steps },
    speech,
    agentSpeech,
    onEvent: (event) => events.push(event),
  });
  const sent: Uint8Array[] = [];
  const hear = (audio: Uint8Array): void => {
    for (let at = 0; at < audio.length; at += FRAME_BYTES) {
      const frame = audio.subarray(at, at + FRAME_BYTES);
      const heard = frame.length === FRAME_BYTES ? frame : SILENCE;
      sent.push(caller.frame(heard, sent.length * 20)?.slice() ?? SILENCE);
    }
  };
  return {
    events,
    sent,
    hear,
    agentSays: async (text: string) => hear((await synthesise(text, { voice: 'agent' })).mulaw),
    silence: (ms: number) => hear(new Uint8Array(ms * 8).fill(0xff)),
    nowMs: () => sent.length * 20,
    said: () => events.filter((event) => event.type === 'caller-speaks').map((event) => event.text),
    understood: () =>
      new SpeechFinder(speech)
        .push(Buffer.concat(sent))
        .flatMap(({ words }) => words.map(({ text }) => text))
        .join(' '),
  };
}

describe('ScriptedCaller', () => {
  it('speaks once the agent has finished, and not in its pauses', async () => {
    const line = await phone([{ say: 'Hello there.' }]);
    await line.agentSays('Good morning.');
    line.silence(400);
    await line.agentSays('How can I help?');
    expect(line.said()).toEqual([]);
    line.silence(1_000);
    expect(line.said()).toEqual(['Hello there.']);
  });

  it('waits for the words of its cue, however often the agent finishes before', async () => {
    const line = await phone([{ say: 'Ada.', when: { afterAgentSays: 'your name' } }]);
    await line.agentSays('One moment please.');
    line.silence(1_000);
    expect(line.said()).toEqual([]);
    await line.agentSays('What is your name?');
    line.silence(1_000);
    expect(line.said()).toEqual(['Ada.']);
  });

  it('speaks at once when the cue asks for no pause', async () => {
    const line = await phone([{ say: 'Yes.', when: { afterAgentSays: 'book it', quietMs: 120 } }]);
    await line.agentSays('Thursday at ten. Shall I book it?');
    expect(line.said()).toEqual([]);
    line.silence(240);
    expect(line.said()).toEqual(['Yes.']);
  });

  it('does not take the last sound of speech that it has cut short for an answer', async () => {
    const line = await phone([{ press: '1', when: { intoAgentSpeechMs: 500 } }, { say: 'Thanks.' }]);
    const speech = await synthesise('I shall now read the whole list to you.', { voice: 'agent' });
    line.hear(speech.mulaw.subarray(0, 900 * 8));
    line.silence(3_000);
    expect(line.said()).toEqual([]);
    await line.agentSays('One, you said.');
    line.silence(1_000);
    expect(line.said()).toEqual(['Thanks.']);
  });

  it('goes on without its cue after a while, and says so', async () => {
    const line = await phone([{ say: 'Ada.', when: { afterAgentSays: 'your name' } }]);
    await line.agentSays('Lovely weather.');
    line.silence(8_000);
    expect(line.said()).toEqual(['Ada.']);
    expect(line.events).toContainEqual(
      expect.objectContaining({ type: 'cue-missed', cue: 'your name', heard: 'Lovely weather.' }),
    );
  });

  it('cuts in so long into what the agent says', async () => {
    const line = await phone([{ say: 'Stop.', when: { intoAgentSpeechMs: 500 } }]);
    line.silence(2_000);
    await line.agentSays('I shall now read the whole list to you.');
    const start = line.events.find((event) => event.type === 'caller-speaks');
    expect(start?.atMs).toBeGreaterThanOrEqual(2_500);
    expect(start?.atMs).toBeLessThan(2_600);
  });

  it('is understood by the recogniser word by word, on a clean line and a noisy one', async () => {
    for (const quality of [{}, { noiseLevel: 300, echoesAgent: true }]) {
      const line = await phone([{ say: 'I would like a table for two.' }], quality);
      await line.agentSays('Hello, how can I help?');
      line.silence(6_000);
      expect(line.understood()).toBe('I would like a table for two.');
    }
  });

  it('echoes the agent twenty decibels lower', async () => {
    const line = await phone([], { echoesAgent: true });
    const speech = await synthesise('This is what comes back to you.', { voice: 'agent' });
    await line.agentSays('This is what comes back to you.');
    line.silence(100);
    const decibels = 20 * Math.log10(levelOf(Buffer.concat(line.sent)) / levelOf(speech.mulaw));
    expect(decibels).toBeGreaterThan(-22);
    expect(decibels).toBeLessThan(-18);
  });

  it('coughs with energy but no words', async () => {
    const line = await phone([{ coughMs: 400, when: { afterMs: 0 } }]);
    line.silence(1_000);
    expect(levelOf(Buffer.concat(line.sent.slice(0, 20)))).toBeGreaterThan(1_000);
    expect(line.understood()).toBe('');
  });

  it('presses its keys a quarter of a second apart, then hangs up', async () => {
    const line = await phone([
      { press: '12#', when: { afterMs: 100 } },
      { hangUp: 'politely', when: { afterMs: 100 } },
    ]);
    line.silence(2_000);
    expect(line.events).toEqual([
      { type: 'caller-presses', digit: '1', atMs: 100 },
      { type: 'caller-presses', digit: '2', atMs: 360 },
      { type: 'caller-presses', digit: '#', atMs: 620 },
      { type: 'caller-hangs-up', how: 'politely', atMs: 720, gaveUp: false },
    ]);
  });

  it('gives up when the agent is not heard for half a minute', async () => {
    const line = await phone([{ say: 'Hello?' }]);
    line.silence(31_000);
    expect(line.events).toEqual([
      expect.objectContaining({ type: 'caller-hangs-up', how: 'politely', gaveUp: true }),
    ]);
  });
});
