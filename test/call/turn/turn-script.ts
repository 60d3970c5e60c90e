import { turnSettingsSchema, type TurnSettings } from '../../../src/business/line/agents/agent-config.ts';
import type { ReplyKind, TurnDecision, TurnEvent } from '../../../src/call/turn/turn-event.ts';
import {
  decideTurn,
  initialTurnState,
  nextDeadlineMs,
  type TurnState,
} from '../../../src/call/turn/turn-taking.ts';

/**
 * A call told to the turn machine line by line, with its timers fired on time. Decisions pile up until `decided()`
 * takes them, written short: `commit "hello"`, `pause`, `interrupt barge-in`.
 */
export class TurnScript {
  state: TurnState;
  nowMs = 0;
  #decided: TurnDecision[] = [];
  #replies = 0;

  constructor(settings: Partial<TurnSettings> = {}, language = 'en-US') {
    this.state = initialTurnState({ ...turnSettingsSchema.parse({}), ...settings }, language, 0);
  }

  /** A call whose greeting has been said, so that the caller has the floor. */
  static afterGreeting(settings: Partial<TurnSettings> = {}, language = 'en-US'): TurnScript {
    const script = new TurnScript(settings, language);
    script.feed({ type: 'stream-opened' });
    const greeting = script.reply('greeting', 'Good morning, this is the bakery.');
    script.wait(2_000);
    script.finish(greeting);
    script.wait(1_000);
    script.decided();
    return script;
  }

  feed(event: TurnEvent): this {
    const { state, decisions } = decideTurn(this.state, event, this.nowMs);
    this.state = state;
    this.#decided.push(...decisions);
    return this;
  }

  /** Lets time pass, with the timer armed for the earliest deadline as the session does it. */
  wait(durationMs: number): this {
    const untilMs = this.nowMs + durationMs;
    for (let fired = 0; ; fired += 1) {
      const deadlineMs = nextDeadlineMs(this.state);
      if (deadlineMs === undefined || deadlineMs > untilMs) break;
      if (fired > 1_000) throw new Error('the machine asks for timers without end');
      this.nowMs = Math.max(this.nowMs, deadlineMs);
      this.feed({ type: 'timer' });
    }
    this.nowMs = untilMs;
    return this;
  }

  hears(text: string): this {
    return this.feed({ type: 'transcript-interim', text });
  }

  /** A whole turn: its first word, all of it, its end. */
  says(text: string): this {
    this.feed({ type: 'turn-started', text: text.split(' ')[0]! });
    return this.hears(text).ends(text);
  }

  ends(text: string): this {
    return this.feed({ type: 'turn-ended', text, words: [] });
  }

  start(kind: ReplyKind = 'answer'): string {
    this.#replies += 1;
    const replyId = `reply-${this.#replies}`;
    this.feed({ type: 'reply-started', replyId, kind });
    return replyId;
  }

  /** A reply of which the first sound is just being heard. */
  reply(kind: ReplyKind, text: string): string {
    const replyId = this.start(kind);
    this.feed({ type: 'reply-text', replyId, text });
    this.feed({ type: 'reply-audible', replyId });
    return replyId;
  }

  finish(replyId: string): this {
    return this.feed({ type: 'reply-finished', replyId });
  }

  /** What was decided since the last time of asking. */
  decided(): readonly string[] {
    const decided = this.#decided.map(inShort);
    this.#decided = [];
    return decided;
  }

  get decisions(): readonly TurnDecision[] {
    return this.#decided;
  }
}

function inShort(decision: TurnDecision): string {
  switch (decision.type) {
    case 'greet':
      return 'greet';
    case 'speculate':
      return `speculate "${decision.text}"`;
    case 'discard-speculation':
      return 'discard';
    case 'commit-turn': {
      const notes = [
        ...(decision.source === 'digits' ? ['digits'] : []),
        ...(decision.useSpeculation ? ['held'] : []),
        ...(decision.amendsTurn ? ['amends'] : []),
      ];
      return [`commit "${decision.text}"`, ...notes].join(' ');
    }
    case 'amend-turn':
      return `amend "${decision.text}"`;
    case 'pause-playout':
      return 'pause';
    case 'resume-playout':
      return 'resume';
    case 'interrupt-reply':
      return `interrupt ${decision.cause}`;
    case 'ignore-speech':
      return `ignore ${decision.reason}`;
    case 'say':
      return `say ${decision.kind} ${decision.attempt}`;
    case 'set-endpointing': {
      const { endOfTurnThreshold, endOfTurnTimeoutMs } = decision.endpointing;
      return `endpointing ${endOfTurnThreshold} ${endOfTurnTimeoutMs}`;
    }
    case 'say-goodbye':
      return `goodbye ${decision.reason}`;
    default:
      return decision satisfies never;
  }
}
