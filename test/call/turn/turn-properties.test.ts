import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { turnSettingsSchema } from '../../../src/business/line/agents/agent-config.ts';
import type { TurnDecision, TurnEvent } from '../../../src/call/turn/turn-event.ts';
import { decideTurn, initialTurnState, nextDeadlineMs } from '../../../src/call/turn/turn-taking.ts';
import { TurnScript } from './turn-script.ts';

const texts = [
  '',
  'yes',
  'mhm',
  'thank you',
  'hello?',
  'wait',
  'hold on a second',
  'I need a cake',
  'I need a cake for two',
  'Tuesday at three',
  'we are open from nine to five',
  'oh seven seven four',
];
const replyTexts = [
  'We are open from nine to five.',
  'Would Tuesday suit you?',
  'Your name, please?',
  'One moment.',
  '',
];

/** What may happen next; what concerns replies is aimed at the reply outstanding, or at a stale one. */
type Happening =
  | { readonly type: 'event'; readonly event: TurnEvent }
  | {
      readonly type: 'reply';
      readonly what: 'text' | 'audible' | 'finished' | 'failed';
      readonly text: string;
    }
  | { readonly type: 'stale-reply'; readonly what: 'audible' | 'finished' | 'failed' }
  | { readonly type: 'wait'; readonly ms: number };

const text = fc.constantFrom(...texts);
const anyEvent = fc.oneof(
  fc.constantFrom<TurnEvent>(
    { type: 'speech-started' },
    { type: 'speech-ended' },
    { type: 'turn-resumed' },
    { type: 'speech-lost' },
    { type: 'tool-started' },
    { type: 'tool-ended' },
    { type: 'timer' },
    { type: 'stream-opened' },
  ),
  fc.record({
    type: fc.constantFrom(
      'turn-started' as const,
      'transcript-interim' as const,
      'turn-ended-eager' as const,
    ),
    text,
  }),
  text.map((said): TurnEvent => ({ type: 'turn-ended', text: said, words: [] })),
  fc.constantFrom('0', '1', '2', '3', '#').map((digit): TurnEvent => ({ type: 'digit', digit })),
);
const rareEvent = fc.constantFrom<TurnEvent>(
  { type: 'transfer-started' },
  { type: 'transfer-failed' },
  { type: 'ending' },
);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 10, arbitrary: anyEvent.map((one): Happening => ({ type: 'event', event: one })) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('reply' as const),
      what: fc.constantFrom('text' as const, 'audible' as const, 'finished' as const, 'failed' as const),
      text: fc.constantFrom(...replyTexts),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('stale-reply' as const),
      what: fc.constantFrom('audible' as const, 'finished' as const, 'failed' as const),
    }),
  },
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 3_000 }).map((ms): Happening => ({ type: 'wait', ms })) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 3_000, max: 20_000 }).map((ms): Happening => ({ type: 'wait', ms })),
  },
);
const rareHappening = rareEvent.map((one): Happening => ({ type: 'event', event: one }));
const calls = fc.array(
  fc.oneof({ weight: 60, arbitrary: happening }, { weight: 1, arbitrary: rareHappening }),
  {
    minLength: 5,
    maxLength: 120,
  },
);
const settings = fc.record({
  interruptible: fc.boolean(),
  maxCallMs: fc.constantFrom(60_000, 1_800_000),
  maxSpeculations: fc.integer({ min: 0, max: 3 }),
  protectGreetingMs: fc.constantFrom(0, 1_000),
});

/** A session as the machine's contract has it: it starts what it is asked for, and checks every decision. */
class CheckedCall {
  readonly script: TurnScript;
  /** The reply the session is busy with; its name once it has begun. */
  current: string | undefined;
  isPlaying = false;
  isPaused = false;
  isSpeculating = false;
  hasEnded = false;
  /** What did not hold, in words. */
  readonly broken: string[] = [];
  commits = 0;
  interruptions: { readonly text: string; readonly cause: string }[] = [];
  readonly #stale: string[] = [];
  readonly #atOnce: boolean;
  #lastText = '';
  #threshold: number;

  constructor(script: TurnScript, atOnce: boolean) {
    this.script = script;
    this.#atOnce = atOnce;
    this.#threshold = script.state.settings.endOfTurnThreshold;
  }

  run(happenings: readonly Happening[]): void {
    this.feed({ type: 'stream-opened' });
    for (const next of happenings) this.happens(next);
  }

  happens(next: Happening): void {
    switch (next.type) {
      case 'event':
        this.feed(next.event);
        return;
      case 'reply':
        this.reply(next.what, next.text);
        return;
      case 'stale-reply': {
        const replyId = this.#stale.at(-1);
        if (replyId !== undefined) this.feed({ type: `reply-${next.what}`, replyId });
        return;
      }
      case 'wait':
        this.wait(next.ms);
        return;
      default:
        next satisfies never;
    }
  }

  reply(what: 'text' | 'audible' | 'finished' | 'failed', said: string): void {
    if (this.current === undefined) return;
    const replyId = this.current;
    if (what === 'text') this.feed({ type: 'reply-text', replyId, text: said });
    else if (what === 'audible') {
      this.isPlaying = true;
      this.feed({ type: 'reply-audible', replyId });
    } else if (!this.isPaused || what === 'failed') {
      this.#close();
      this.feed({ type: `reply-${what}`, replyId });
    }
  }

  feed(event: TurnEvent): void {
    if ('text' in event) this.#lastText = event.text;
    const before = this.hasEnded;
    const { state, decisions } = decideTurn(this.script.state, event, this.script.nowMs);
    this.script.state = state;
    for (const decision of decisions) {
      if (before)
        this.#must(
          decision.type === 'ignore-speech' && decision.reason === 'ending',
          'silence after the end',
        );
      this.#perform(decision);
    }
    if (event.type === 'ending') this.hasEnded = true;
    if (event.type === 'transfer-started') {
      this.#close();
      // Another recogniser listens afterwards, with the settings.
      if (state.phase.name === 'transferring') this.#threshold = state.settings.endOfTurnThreshold;
    }
  }

  /** Time passes with the timer armed as the session arms it. */
  wait(durationMs: number): void {
    const untilMs = this.script.nowMs + durationMs;
    for (;;) {
      const deadlineMs = nextDeadlineMs(this.script.state);
      if (deadlineMs === undefined || deadlineMs > untilMs) break;
      this.script.nowMs = Math.max(this.script.nowMs, deadlineMs);
      this.feed({ type: 'timer' });
      const nextMs = nextDeadlineMs(this.script.state);
      // A timer that leaves its own deadline standing would fire without end.
      this.#must(nextMs === undefined || nextMs > this.script.nowMs, 'a timer that moves on');
    }
    this.script.nowMs = untilMs;
  }

  #perform(decision: TurnDecision): void {
    switch (decision.type) {
      case 'greet':
        this.#begin('greeting');
        return;
      case 'commit-turn':
        this.#must(decision.text.trim() !== '', 'words in a commit');
        this.#must(decision.useSpeculation === this.isSpeculating, 'a speculation used or dropped');
        this.isSpeculating = false;
        this.commits += 1;
        this.#begin('answer');
        return;
      case 'say':
        this.#begin(decision.kind);
        return;
      case 'say-goodbye':
        this.#begin('goodbye');
        this.hasEnded = true;
        return;
      case 'speculate':
        this.#must(!this.isSpeculating, 'one speculation at a time');
        this.#must(this.current === undefined, 'no speculation beside a reply');
        this.isSpeculating = true;
        return;
      case 'discard-speculation':
        this.#must(this.isSpeculating, 'a speculation to discard');
        this.isSpeculating = false;
        return;
      case 'pause-playout':
        this.#must(this.isPlaying && !this.isPaused, 'sound to pause');
        this.isPaused = true;
        return;
      case 'resume-playout':
        this.#must(this.isPaused, 'a pause to resume from');
        this.isPaused = false;
        return;
      case 'interrupt-reply':
        this.#must(this.current !== undefined, 'a reply to cut');
        this.interruptions.push({ text: this.#lastText, cause: decision.cause });
        this.#close();
        return;
      case 'amend-turn':
        this.#must(this.commits > 0, 'a turn to amend');
        return;
      case 'set-endpointing':
        this.#must(decision.endpointing.endOfTurnThreshold !== this.#threshold, 'news in what is set');
        this.#threshold = decision.endpointing.endOfTurnThreshold;
        return;
      case 'ignore-speech':
        return;
      default:
        decision satisfies never;
    }
  }

  /** Never two replies outstanding: what is there must have been cut or have ended. */
  #begin(kind: Extract<TurnEvent, { type: 'reply-started' }>['kind']): void {
    this.#must(this.current === undefined, 'one reply at a time');
    this.current = this.#atOnce ? this.script.start(kind) : 'not begun';
  }

  #must(isSo: boolean, what: string): void {
    if (!isSo) this.broken.push(what);
  }

  #close(): void {
    if (this.current !== undefined) this.#stale.push(this.current);
    this.current = undefined;
    this.isPlaying = false;
    this.isPaused = false;
  }
}

function checked(custom: Partial<Parameters<typeof initialTurnState>[0]>, atOnce = true): CheckedCall {
  return new CheckedCall(new TurnScript(custom), atOnce);
}

const runs = { numRuns: 400 };

describe('whatever happens on a call', () => {
  it('[T3] [T20] [T22] [L6] [L8] has one reply at a time, pauses only what plays, and decides nothing after the end', () => {
    fc.assert(
      fc.property(settings, calls, (custom, happenings) => {
        const call = checked(custom);
        call.run(happenings);
        call.wait(120_000);
        expect(call.broken).toEqual([]);
      }),
      runs,
    );
  });

  it('[T20] [L8] ends every pause by a resume, a cut or the end, given only time', () => {
    fc.assert(
      fc.property(settings, calls, (custom, happenings) => {
        const call = checked(custom);
        call.run(happenings);
        call.wait(3_100);
        expect(call.isPaused).toBe(false);
        expect(call.broken).toEqual([]);
      }),
      runs,
    );
  });

  it('[T30] [T31] [L10] follows every committed turn by sound or an apology, given only time', () => {
    fc.assert(
      fc.property(settings, calls, (custom, happenings) => {
        const call = checked(custom);
        call.run(happenings);
        const { lastTurn, phase } = call.script.state;
        if (lastTurn === undefined || lastTurn.isAnswered || phase.name !== 'live') return;
        const { apologies, reply } = call.script.state;
        const isWaiting = reply.phase === 'requested' || reply.phase === 'preparing';
        if (!isWaiting || reply.kind !== 'answer') return;
        let wasCut = false;
        for (let ms = 0; ms < 30_000 && !wasCut; ms += 500) {
          call.wait(500);
          wasCut = call.script.state.apologies > apologies || call.script.state.phase.name !== 'live';
        }
        // A turn that was still going on may have been committed on top of it, and is then waited for itself.
        const isNewTurn = call.script.state.lastTurn !== lastTurn;
        expect(wasCut || isNewTurn).toBe(true);
        expect(call.broken).toEqual([]);
      }),
      runs,
    );
  });

  it('[T30] [L10] survives a session that never begins what it is asked for', () => {
    fc.assert(
      fc.property(calls, (happenings) => {
        const call = checked({}, false);
        call.run(happenings.filter(({ type }) => type !== 'reply' && type !== 'stale-reply'));
        call.wait(200_000);
        // Left alone with nobody speaking, every call comes to its end, unless it is somebody else's.
        expect(['ending', 'transferring']).toContain(call.script.state.phase.name);
      }),
      runs,
    );
  });

  it('[T17] [T21] [L9] never cuts a reply for a backchannel alone, but to answer a question', () => {
    const onlySmallWords = fc.array(
      fc.oneof(
        fc
          .constantFrom('mhm', 'yes', 'thank you', 'okay, great')
          .chain((said) =>
            fc.constantFrom<Happening>(
              { type: 'event', event: { type: 'turn-started', text: said } },
              { type: 'event', event: { type: 'transcript-interim', text: said } },
              { type: 'event', event: { type: 'turn-ended', text: said, words: [] } },
              { type: 'event', event: { type: 'speech-started' } },
              { type: 'event', event: { type: 'speech-ended' } },
            ),
          ),
        fc.integer({ min: 0, max: 1_500 }).map((ms): Happening => ({ type: 'wait', ms })),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(onlySmallWords, (happenings) => {
        const call = checked({});
        call.run([
          { type: 'reply', what: 'audible', text: '' },
          { type: 'reply', what: 'finished', text: '' },
          { type: 'event', event: { type: 'turn-ended', text: 'when are you open', words: [] } },
          { type: 'reply', what: 'text', text: 'We are open all day. '.repeat(100) },
          { type: 'reply', what: 'audible', text: '' },
        ]);
        for (const next of happenings) call.happens(next);
        expect(call.interruptions).toEqual([]);
        expect(call.broken).toEqual([]);
      }),
      runs,
    );
  });

  it('keeps its state small, however long the call', () => {
    fc.assert(
      fc.property(calls, (happenings) => {
        const call = checked({ maxCallMs: 14_400_000 });
        call.feed({ type: 'stream-opened' });
        for (let round = 0; round < 10; round += 1) for (const next of happenings) call.happens(next);
        expect(JSON.stringify(call.script.state).length).toBeLessThan(60_000);
      }),
      { numRuns: 60 },
    );
  });

  it('[T36] is the same for the same past: pure, and blind to timers that come early', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        const run = (early: boolean) => {
          let state = initialTurnState(turnSettingsSchema.parse({}), 'en-US', 0);
          const decisions: TurnDecision[] = [];
          const all: readonly TurnEvent[] = [{ type: 'stream-opened' }, ...events.filter(isNoTimer)];
          all.forEach((next, i) => {
            if (early) state = Object.freeze(decideTurn(state, { type: 'timer' }, i * 10).state);
            const step = decideTurn(Object.freeze(state), next, i * 10);
            state = step.state;
            decisions.push(...step.decisions);
          });
          return decisions;
        };
        expect(run(true)).toEqual(run(false));
      }),
      runs,
    );
  });
});

function isNoTimer({ type }: TurnEvent): boolean {
  return type !== 'timer';
}
