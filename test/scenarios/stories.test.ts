import { describe, expect, it } from 'vitest';
import { findBooking } from '../../src/business/desk/bookings/bookings.ts';
import { findOrder } from '../../src/business/desk/orders/orders.ts';
import { findTicket } from '../../src/business/desk/tickets/tickets.ts';
import { expectGoodCall, expectLatencies, expectRecording, expectUsage } from '../support/call-checks.ts';
import { eventsOf, type PlayedCall } from '../support/call-world.ts';
import { playStories, STORY_TIMEOUT_MS } from '../support/stories.ts';

const { played, world } = playStories({
  appointment: { scenario: 'appointment' },
  order: { scenario: 'order' },
  ticket: { scenario: 'ticket' },
  message: { scenario: 'message' },
  withheld: { scenario: 'withheld-number' },
  backchannel: { scenario: 'backchannel' },
  stop: { scenario: 'wait-stop' },
  yes: { scenario: 'yes-after-question' },
  silent: { scenario: 'silent-caller' },
  keypad: { scenario: 'keypad' },
  noisy: { scenario: 'noisy-line' },
  echoing: { scenario: 'echoing-line' },
  storm: { scenario: 'barge-in-storm' },
  transferAnswered: { scenario: 'transfer-answered' },
  transferNoAnswer: { scenario: 'transfer-no-answer' },
  transferTalkedOver: { scenario: 'transfer-talked-over' },
  otherVendors: {
    scenario: 'ticket',
    agent: {
      recognisers: [
        { provider: 'deepgram', model: 'nova' },
        { provider: 'deepgram', model: 'flux' },
      ],
      voices: [
        { provider: 'deepgram', voiceId: 'aura-2-thalia-en' },
        { provider: 'elevenlabs', voiceId: '21m00Tcm4TlvDq8ikWAM' },
      ],
    },
  },
  notEager: { scenario: 'order', agent: { turnTaking: { eagerEndOfTurnThreshold: null } } },
});

const said = ({ call }: PlayedCall, kind: 'caller' | 'agent'): string[] =>
  call.transcript.flatMap((turn) => (turn.kind === kind ? (turn.text ?? '') : []));

const referenceIn = ({ call }: PlayedCall, tool: string): string => {
  const { result } = call.transcript.find((turn) => turn.tool === tool && turn.toolStatus === 'ok')!;
  return /"reference":"([A-Z]-\d+)"/.exec(JSON.stringify(result))![1]!;
};

describe('the demo’s call', () => {
  it(
    'books, is interrupted once, opens a ticket and ends politely, with rows to show for it',
    async () => {
      const call = await played('appointment');
      expectGoodCall(call);
      expect(call.call.endedReason).toBe('agent-said-goodbye');
      expect(call.call.outcome).toEqual(['booked', 'ticket-opened']);
      const { app, tenantId } = world();
      const reference = referenceIn(call, 'book_appointment');
      const booking = await app.tenancy.run({ tenantId }, (tx) => findBooking(tx, { reference }));
      expect(booking).toMatchObject({ status: 'booked', serviceName: 'Tune-up' });
      const ticket = await app.tenancy.run({ tenantId }, (tx) =>
        findTicket(tx, { reference: referenceIn(call, 'create_ticket') }),
      );
      expect(ticket).toMatchObject({ status: 'open' });
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[L7] has in its transcript only what was heard: the interrupted sentence ends in mid-air, and is marked',
    async () => {
      const { call, report } = await played('appointment');
      const cut = call.transcript.filter(({ interrupted }) => interrupted);
      expect(cut).toHaveLength(1);
      const [{ text, generatedText, words, interruptionCause }] = cut as [(typeof cut)[number]];
      expect(interruptionCause).toBe('barge-in');
      expect(generatedText!.startsWith(text!)).toBe(true);
      expect(text!.length).toBeLessThan(generatedText!.length);
      const heard = words!;
      expect(
        heard
          .filter((word) => word.heard !== false)
          .map((word) => word.text)
          .join(' '),
      ).toBe(text);
      expect(heard.some((word) => word.heard === false)).toBe(true);
      // The caller understood no word more than that, and at most one less: the one that was cut in two.
      const plain = (sentence: string): string[] => sentence.toLowerCase().match(/[a-z']+/g) ?? [];
      const understood = report.agentSaid.flatMap(plain).join(' ');
      const unheard = plain(generatedText!).slice(plain(text!).length);
      expect(understood).toContain(plain(text!).slice(0, -1).join(' '));
      expect(understood).not.toContain(unheard.slice(1, 5).join(' '));
      expect(report.interruptions.some(({ silentAfterMs }) => silentAfterMs !== undefined)).toBe(true);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[L3] has the stages of every answer, which add up to what the caller waited',
    async () => {
      expectLatencies(await played('appointment'));
    },
    STORY_TIMEOUT_MS,
  );

  it(
    'has its usage, and a cost by component that adds up',
    async () => {
      expectUsage(await played('appointment'));
    },
    STORY_TIMEOUT_MS,
  );

  it(
    'is recorded, both sides in place: the transcript’s offsets agree with the audio within 100 ms',
    async () => {
      await expectRecording(await played('appointment'), world());
    },
    STORY_TIMEOUT_MS,
  );
});

describe('what people call for', () => {
  it(
    'an order is placed as it was said',
    async () => {
      const call = await played('order');
      expectGoodCall(call);
      expect(call.call.outcome).toEqual(['ordered']);
      const { app, tenantId } = world();
      const order = await app.tenancy.run({ tenantId }, (tx) =>
        findOrder(tx, { reference: referenceIn(call, 'create_order') }),
      );
      expect(order).toMatchObject({ status: 'placed', totalMinor: 5_600 });
      await expectRecording(call, world());
    },
    STORY_TIMEOUT_MS,
  );

  it(
    'a ticket is opened',
    async () => {
      const call = await played('ticket');
      expectGoodCall(call);
      expect(call.call.outcome).toEqual(['ticket-opened']);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    'a message is taken',
    async () => {
      const call = await played('message');
      expectGoodCall(call);
      expect(call.call.outcome).toEqual(['message-taken']);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    'keys are taken for what was asked, and cut what is being said',
    async () => {
      const call = await played('keypad');
      expectGoodCall(call);
      expect(
        call.call.transcript.filter(({ source }) => source === 'digits').map(({ text }) => text),
      ).toEqual(['1042', '1']);
      const cut = call.call.transcript.find(({ interrupted }) => interrupted);
      expect(cut?.interruptionCause).toBe('digit');
    },
    STORY_TIMEOUT_MS,
  );

  it(
    'who withholds the number is asked for one',
    async () => {
      const call = await played('withheld');
      expectGoodCall(call);
      expect(call.call.outcome).toEqual(['ticket-opened']);
      expect(said(call, 'agent').join(' ')).toContain('what number can we reach you on');
    },
    STORY_TIMEOUT_MS,
  );

  it(
    'who says nothing is asked twice, then told goodbye',
    async () => {
      const call = await played('silent');
      expectGoodCall(call);
      expect(call.call.transcript.map(({ replyKind }) => replyKind)).toEqual([
        'greeting',
        'reprompt',
        'reprompt',
        'goodbye',
      ]);
      expect(call.call.endedReason).toBe('silence');
      expect(call.call.outcome).toEqual(['no-conversation']);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[L20] every goodbye is heard out before the line goes dead',
    async () => {
      const ended = await Promise.all([played('order'), played('ticket'), played('silent'), played('noisy')]);
      for (const { call, report } of ended) {
        const last = call.transcript.findLast(({ kind }) => kind === 'agent');
        expect(last).toMatchObject({ interrupted: false, text: last!.generatedText });
        expect(report.agentSaid.at(-1)?.toLowerCase()).toContain('goodbye');
        expect(report.endedBy).toBe('instructions');
      }
    },
    STORY_TIMEOUT_MS,
  );
});

describe('speaking over the agent', () => {
  it(
    '[L8] [L9] sounds of listening do not cut it: it goes on where it was, and says everything',
    async () => {
      const call = await played('backchannel');
      expectGoodCall(call);
      expect(call.call.interruptionCount).toBe(0);
      expect(eventsOf(call, 'speech-ignored').map(({ reason }) => reason)).toEqual([
        'backchannel',
        'backchannel',
      ]);
      const [answer] = call.call.transcript.filter(({ replyKind }) => replyKind === 'answer');
      expect(answer!.text).toBe(answer!.generatedText);
      // Each word was heard once, however often it was stopped and went on.
      const understood = call.report.agentSaid.join(' ').toLowerCase();
      for (const words of ['full service', 'puncture repair', 'tune-up', 'wheel truing']) {
        expect(understood.split(words).length - 1).toBeLessThanOrEqual(1);
      }
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[L9] "stop" cuts it at once, one word though it is',
    async () => {
      const call = await played('stop');
      expectGoodCall(call);
      const cut = call.call.transcript.filter(({ interrupted }) => interrupted);
      expect(cut.map(({ interruptionCause }) => interruptionCause)).toEqual(['command']);
      expect(said(call, 'caller')[1]).toBe('Stop.');
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[L9] a quick "yes" right after a question is an answer',
    async () => {
      const call = await played('yes');
      expectGoodCall(call);
      expect(said(call, 'caller')).toContain('Yes.');
      expect(call.call.outcome).toEqual(['booked']);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F32] a storm of interruptions stops it each time, and the last question gets its answer',
    async () => {
      const call = await played('storm');
      expectGoodCall(call);
      expect(call.call.interruptionCount).toBe(6);
      for (const { silentAfterMs } of call.report.interruptions) expect(silentAfterMs).toBeLessThan(1_500);
      for (const { interrupted, text, generatedText } of call.call.transcript) {
        if (interrupted) expect(text!.length).toBeLessThan(generatedText!.length);
      }
      expect(said(call, 'agent').at(-2)).toContain('a full service, a puncture repair');
      await expectRecording(call, world());
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F32] its own echo, 20 dB lower, neither interrupts it nor makes it falter; the caller still does',
    async () => {
      const call = await played('echoing');
      expectGoodCall(call);
      expect(eventsOf(call, 'reply-resumed')).toEqual([]);
      const cut = call.call.transcript.filter(({ interrupted }) => interrupted);
      expect(cut.map(({ replyKind }) => replyKind)).toEqual(['answer']);
      expect(said(call, 'caller')).toEqual([
        'Hello, which services do you offer, and what do they cost?',
        'Sorry, how much is a puncture repair?',
        'Thank you, that is all. Goodbye.',
      ]);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F32] noise, an echo and a cough are no interruption',
    async () => {
      const call = await played('noisy');
      expectGoodCall(call);
      expect(call.call.interruptionCount).toBe(0);
      expect(said(call, 'caller')).toEqual([
        'Hello, when are you open on Saturday, and do you sell helmets?',
        'Thank you, that is all. Goodbye.',
      ]);
    },
    STORY_TIMEOUT_MS,
  );
});

describe('passing the call on', () => {
  it(
    'to a person who answers ends our part',
    async () => {
      const call = await played('transferAnswered');
      expectGoodCall(call);
      expect(call.call.endedReason).toBe('transferred');
      expect(call.call.outcome).toEqual(['transferred']);
      expect(call.report.instructions.map(({ verb }) => verb)).toContain('dial');
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F33] to nobody brings the agent back, on a second stream, with its memory',
    async () => {
      const call = await played('transferNoAnswer');
      expectGoodCall(call);
      expect(call.report.streams).toBe(2);
      expect(eventsOf(call, 'transfer-ended')).toMatchObject([{ outcome: 'no-answer' }]);
      expect(said(call, 'agent').join(' ')).toContain('nobody could take the call just now');
      expect(call.call.outcome).toEqual(['message-taken']);
      expect(call.call.endedReason).toBe('agent-said-goodbye');
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F33] is not called off by talking over the line that announces it',
    async () => {
      const call = await played('transferTalkedOver');
      expectGoodCall(call);
      const cut = call.call.transcript.filter(({ interrupted }) => interrupted);
      expect(cut).toHaveLength(1);
      expect(eventsOf(call, 'transfer-started')).toHaveLength(1);
      expect(eventsOf(call, 'transfer-ended')).toMatchObject([{ outcome: 'busy' }]);
    },
    STORY_TIMEOUT_MS,
  );
});

describe('other ways to listen and to speak', () => {
  it(
    'Nova listens and Aura speaks when the agent says so',
    async () => {
      const call = await played('otherVendors');
      expectGoodCall(call);
      expect(call.call.outcome).toEqual(['ticket-opened']);
      expect(call.call.usage).toMatchObject({ sttVendor: 'deepgram-nova', ttsVendor: 'deepgram-aura' });
      expectUsage(call);
      const words = said(call, 'caller').join(' ');
      expect(words).toContain('there is a problem with my repair. The rear wheel you trued last week');
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[L6] nothing is prepared beforehand where speculation is switched off',
    async () => {
      const call = await played('notEager');
      expectGoodCall(call);
      expectLatencies(call);
      expect(call.call.outcome).toEqual(['ordered']);
      const latencies = call.call.transcript.flatMap(({ latency }) => latency ?? []);
      expect(latencies.every((latency) => !(latency as { speculative: boolean }).speculative)).toBe(true);
      expect(eventsOf(call, 'speculation-discarded')).toEqual([]);
    },
    STORY_TIMEOUT_MS,
  );
});

it(
  'leaves nothing for a person to look at',
  async () => {
    await Promise.all([played('appointment'), played('silent'), played('storm'), played('withheld')]);
    expect(world().errors).toEqual([]);
  },
  STORY_TIMEOUT_MS,
);
