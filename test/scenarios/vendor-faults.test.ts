import { describe, expect, it } from 'vitest';
import { demoAgent } from '../../db/seed/demo-business.ts';
import type { ChatFault, ListenFault, SpeakFault, VendorFaults } from '../../simulator/faults.ts';
import type { Scenario } from '../../simulator/scenario.ts';
import { expectGoodCall, expectWholeRecord } from '../support/call-checks.ts';
import { eventsOf, type PlayedCall } from '../support/call-world.ts';
import { playStories, STORY_TIMEOUT_MS, type Story } from '../support/stories.ts';

/** Everything but the last word of it is missed by somebody below. */
const prices: Scenario = {
  name: 'prices',
  description: 'Asks what is offered and what two things cost.',
  caller: { phone: '+14155550161' },
  steps: [
    { say: 'Hello, which services do you offer, and what does a tune-up cost?' },
    { say: 'And how much is a puncture repair, please?', when: { afterAgentSays: 'dollars' } },
    { say: 'Thank you, that is all.', when: { afterAgentSays: 'dollars' } },
    { say: 'Goodbye.', when: { afterMs: 15_000 } },
  ],
};
const ANSWERS = [
  'We offer a full service, a puncture repair, a tune-up and a wheel truing. A tune-up costs eighty five dollars and takes an hour. Would you like one?',
  'A puncture repair costs twenty five dollars and takes thirty minutes. Would you like one?',
];
/** A caller who asks once, and waits for what will come of it. */
const oneQuestion: Scenario = { ...prices, steps: prices.steps.slice(0, 1) };

const ears = (...faults: ListenFault[]): VendorFaults => ({ deepgram: { listen: { faults } } });
const mind = (...faults: ChatFault[]): VendorFaults => ({ openai: { faults } });
const voice = (...faults: SpeakFault[]): VendorFaults => ({ elevenlabs: { faults } });
const story = (faults: VendorFaults): Story => ({ scenario: prices, faults });
const noVoice: SpeakFault[] = [
  { type: 'refuse', status: 500 },
  { type: 'reset', unit: 'byte', after: 0 },
];
const voicesDown: VendorFaults = {
  elevenlabs: { faults: noVoice },
  deepgram: { speak: { faults: noVoice } },
};
const nobodyElse = {
  tools: demoAgent.tools.filter((tool) => tool !== 'transfer_call'),
  transferTargets: [],
};
/** Asks once per turn, so that a fault that happens once happens to what is said. */
const patient = { turnTaking: { eagerEndOfTurnThreshold: null } };
const PRIMARY = 'gpt-6-luna';

const { played } = playStories({
  // Of the second sentence, so that there is something before and after.
  earsReset0: story(ears({ type: 'reset', unit: 'word', after: 0, everyNth: 2, times: 1 })),
  earsReset2: story(ears({ type: 'reset', unit: 'word', after: 2, everyNth: 2, times: 1 })),
  earsReset5: story(ears({ type: 'reset', unit: 'word', after: 5, everyNth: 2, times: 1 })),
  earsClose: story(ears({ type: 'close', unit: 'word', after: 7, everyNth: 2, times: 1 })),
  earsResetThrice: story(ears({ type: 'reset', unit: 'word', after: 4, times: 3 })),
  earsStall: story(ears({ type: 'stall', unit: 'word', after: 3, everyNth: 2, times: 1 })),
  earsDeaf: story(ears({ type: 'stall', unit: 'byte', after: 1, times: 1 })),
  earsUnfinished: story(ears({ type: 'unfinished', unit: 'word', after: 0, everyNth: 2, times: 1 })),
  earsMalformed: story(ears({ type: 'malformed', unit: 'word', after: 3 })),
  mind429: story(mind({ type: 'refuse', status: 429, retryAfterSeconds: 20, model: PRIMARY })),
  mind500: story(mind({ type: 'refuse', status: 500, everyNth: 2 })),
  mindHangs: story(mind({ type: 'stall', unit: 'token', after: 0, model: PRIMARY })),
  mindsHang: {
    scenario: oneQuestion,
    faults: mind({ type: 'stall', unit: 'token', after: 0 }),
    agent: patient,
  },
  mindCut1: story(mind({ type: 'reset', unit: 'token', after: 1, model: PRIMARY })),
  mindCut6: story(mind({ type: 'close', unit: 'token', after: 6, model: PRIMARY })),
  mindCut11: story(mind({ type: 'reset', unit: 'token', after: 11, model: PRIMARY })),
  mindCut16: story(mind({ type: 'stall', unit: 'token', after: 16, model: PRIMARY })),
  badArguments: { ...story(mind({ type: 'invalid-arguments', times: 1 })), agent: patient },
  unknownTool: { ...story(mind({ type: 'unknown-tool', times: 1 })), agent: patient },
  voiceReset: story(voice({ type: 'reset', unit: 'byte', after: 8_000, everyNth: 2, times: 1 })),
  voiceStall: story(voice({ type: 'stall', unit: 'byte', after: 12_000, everyNth: 2, times: 1 })),
  voiceMute: story(voice({ type: 'stall', unit: 'byte', after: 0, times: 1 })),
  voiceUnfinished: story(voice({ type: 'unfinished', unit: 'byte', after: 0 })),
  voicesDown: { scenario: oneQuestion, faults: voicesDown },
  voicesDownAlone: { scenario: oneQuestion, faults: voicesDown, agent: nobodyElse },
});

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z0-9'-]+/g) ?? [];

const faultsOf = (call: PlayedCall): string[] => eventsOf(call, 'fault').map(({ kind }) => kind);

/** What the caller said came out once, whole and in order: as turns, or as what was rightly ignored. */
function expectHeardOnce(call: PlayedCall): void {
  const heard = call.records.flatMap(({ event }) =>
    event.type === 'speech-ignored' || event.type === 'caller-turn' ? event : [],
  );
  const texts = heard.map((event) =>
    event.type === 'caller-turn'
      ? call.call.transcript.find(({ kind, turn }) => kind === 'caller' && turn === event.turn)!.text!
      : event.text,
  );
  const scripted = call.report.turns.map(({ said }) => said).join(' ');
  expect(wordsOf(texts.join(' '))).toEqual(wordsOf(scripted));
}

/** Every turn of the caller has one answer, and that was heard to its end. */
function expectAnsweredOnce({ call }: PlayedCall): void {
  const turns = call.transcript.flatMap(({ kind, turn }) => (kind === 'caller' ? turn : []));
  const answered = call.transcript.flatMap(({ replyKind, text, turn }) =>
    replyKind === 'answer' && text !== '' ? turn : [],
  );
  expect(answered).toEqual(turns);
}

/** The two answers that every caller here is due, each said once, whatever was said before it. */
function expectTheAnswers({ call, report }: PlayedCall): void {
  const texts = call.transcript.flatMap(({ replyKind, text }) => (replyKind === 'answer' ? text! : []));
  for (const [index, answer] of ANSWERS.entries()) {
    const text = texts[index]!;
    expect(text.slice(-answer.length)).toBe(answer);
    const before = text.slice(0, -answer.length).trim();
    expect(['', 'One moment, please.']).toContain(before);
  }
  const understood = report.agentSaid.join(' ').toLowerCase();
  expect(understood.split('takes thirty minutes').length - 1).toBeLessThanOrEqual(1);
}

describe('the recogniser', () => {
  it.each(['earsReset0', 'earsReset2', 'earsReset5', 'earsClose'] as const)(
    '[F1] that dies in mid-utterance loses no word and repeats none (%s)',
    async (name) => {
      const call = await played(name);
      expectGoodCall(call);
      expect(faultsOf(call)).toEqual(['stt.failover']);
      expectHeardOnce(call);
      expectAnsweredOnce(call);
      expectTheAnswers(call);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F1] [L17] that dies again and again, and its stand-in too, loses no word either',
    async () => {
      const call = await played('earsResetThrice');
      expectGoodCall(call);
      expect(faultsOf(call)).toEqual(['stt.failover', 'stt.failover', 'stt.failover']);
      expectHeardOnce(call);
      expectTheAnswers(call);
    },
    STORY_TIMEOUT_MS,
  );

  it.each(['earsStall', 'earsDeaf'] as const)(
    '[F2] [L17] that lives but says nothing is replaced while the caller speaks, without a word lost (%s)',
    async (name) => {
      const call = await played(name);
      expectGoodCall(call);
      expect(faultsOf(call)).toEqual(['stt.latency_breaker', 'stt.failover']);
      expect(call.call.usage!.sttVendor).toBe('deepgram-nova');
      expectHeardOnce(call);
      expectTheAnswers(call);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F2] [L10] that never ends a turn does not leave the caller without an answer',
    async () => {
      const call = await played('earsUnfinished');
      expectGoodCall(call);
      expectHeardOnce(call);
      expectTheAnswers(call);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F1] that sends nonsense now and then is listened to all the same',
    async () => {
      const call = await played('earsMalformed');
      expectGoodCall(call);
      expectHeardOnce(call);
      expectTheAnswers(call);
    },
    STORY_TIMEOUT_MS,
  );
});

describe('the model', () => {
  it.each(['mind429', 'mind500'] as const)(
    '[F3] that refuses is replaced by the other one, and nothing is answered twice (%s)',
    async (name) => {
      const call = await played(name);
      expectGoodCall(call);
      expect(new Set(faultsOf(call))).toEqual(new Set(['llm.failover']));
      expectHeardOnce(call);
      expectAnsweredOnce(call);
      expectTheAnswers(call);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F3] that asked for twenty seconds is not asked again before',
    async () => {
      const call = await played('mind429');
      const used = eventsOf(call, 'model-used').map(({ model }) => model);
      expect(new Set(used)).toEqual(new Set(['gpt-5.6-luna']));
      expect(call.call.cost).toMatchObject({ unpriced: [] });
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F4] [L5] that hangs is covered by a line after a second, and answered for by the other one',
    async () => {
      const call = await played('mindHangs');
      expectGoodCall(call);
      expect(new Set(faultsOf(call))).toEqual(new Set(['llm.timeout']));
      const [answer] = call.call.transcript.filter(({ replyKind }) => replyKind === 'answer');
      expect(answer!.text).toBe(`One moment, please. ${ANSWERS[0]}`);
      expectAnsweredOnce(call);
      expectTheAnswers(call);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F4] [L10] and its stand-in hang: two lines, then an apology, and the call goes on',
    async () => {
      const call = await played('mindsHang');
      expectWholeRecord(call);
      const kinds = call.call.transcript.flatMap(({ kind, replyKind }) =>
        kind === 'agent' ? replyKind : [],
      );
      expect(kinds.slice(0, 3)).toEqual(['greeting', 'answer', 'apology']);
      const [answer] = call.call.transcript.filter(({ replyKind }) => replyKind === 'answer');
      expect(answer!.text).toBe("One moment, please. I'm still on it, thank you for waiting.");
    },
    STORY_TIMEOUT_MS,
  );

  it.each(['mindCut1', 'mindCut6', 'mindCut11', 'mindCut16'] as const)(
    '[F5] that breaks off in mid-sentence is continued by the other one, without a word twice (%s)',
    async (name) => {
      const call = await played(name);
      expectGoodCall(call);
      expect(faultsOf(call)).toContain('llm.truncated');
      expectAnsweredOnce(call);
      expectTheAnswers(call);
    },
    STORY_TIMEOUT_MS,
  );

  it.each([
    ['badArguments', 'invalid-arguments'],
    ['unknownTool', 'unknown-tool'],
  ] as const)(
    '[F6] that writes nonsense for a tool runs nothing, is told so, and gets it right (%s)',
    async (name, status) => {
      const call = await played(name);
      expectGoodCall(call);
      const statuses = call.call.transcript.flatMap(({ toolStatus }) => toolStatus ?? []);
      expect(statuses.slice(0, 2)).toEqual([status, 'ok']);
      expectAnsweredOnce(call);
      expectTheAnswers(call);
    },
    STORY_TIMEOUT_MS,
  );
});

describe('the voice', () => {
  it.each(['voiceReset', 'voiceStall', 'voiceMute'] as const)(
    '[F7] [L13] that dies in mid-sentence is continued by the other one, which stays (%s)',
    async (name) => {
      const call = await played(name);
      expectGoodCall(call);
      expect(faultsOf(call)).toEqual(['tts.failover']);
      expect(call.call.usage!.ttsVendor).toBe('deepgram-aura');
      expect(call.call.interruptionCount).toBe(0);
      expectAnsweredOnce(call);
      expectTheAnswers(call);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[L10] [L13] that says everything but not that it has finished holds nothing up',
    async () => {
      const call = await played('voiceUnfinished');
      expectGoodCall(call);
      expectAnsweredOnce(call);
      expectTheAnswers(call);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F8] and its stand-in are down: an apology from ready audio, a person is rung, and then the line is given up',
    async () => {
      const call = await played('voicesDown');
      expectWholeRecord(call);
      expect(faultsOf(call)).toEqual(['tts.failover', 'tts.exhausted']);
      expect(call.report.agentSaid.join(' ')).toContain('technical trouble');
      expect(eventsOf(call, 'transfer-ended')).toMatchObject([{ outcome: 'no-answer' }]);
      expect(call.call.endedReason).toBe('vendors-failed');
      expect(call.report.endedBy).toBe('instructions');
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F8] and its stand-in are down, and there is nobody to ring: an apology, and the end',
    async () => {
      const call = await played('voicesDownAlone');
      expectWholeRecord(call);
      expect(call.report.agentSaid.join(' ')).toContain('technical trouble');
      expect(call.call.endedReason).toBe('vendors-failed');
      expect(call.report.endedBy).toBe('instructions');
    },
    STORY_TIMEOUT_MS,
  );
});
