import type { Conversation } from '../agent/agent.ts';
import type { CallEvent } from '../business/record/calls/calls.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { MediaMs } from './clocks.ts';
import type { TurnEnd } from './reply/reply.ts';
import type { CallerWord, TurnDecision } from './turn/turn.ts';

export interface CallerTurnsDeps {
  readonly clock: Clock;
  readonly conversation: Conversation;
  readonly record: (event: CallEvent) => void;
  readonly mediaClock: {
    offsetMs(): MediaMs;
    /** The monotonic instant of a position on it; undefined before there was a stream. */
    instantOf(offsetMs: MediaMs): number | undefined;
  };
}

type CommitTurn = Extract<TurnDecision, { type: 'commit-turn' }>;

/** Adds the caller's committed turns to the conversation and to the record. */
export class CallerTurns {
  readonly #deps: CallerTurnsDeps;
  #latest = 0;

  constructor(deps: CallerTurnsDeps) {
    this.#deps = deps;
  }

  /** The turn last committed; 0 before the first. */
  get latest(): number {
    return this.#latest;
  }

  /** Returns when the turn ended, for the latency of its answer. */
  commit(turn: CommitTurn): TurnEnd {
    const { clock, mediaClock } = this.#deps;
    if (turn.amendsTurn) this.amend(turn.text);
    else this.#add(turn);
    const lastWordEndMs = turn.words.at(-1)?.endMs;
    const lastWordEndAtMs = lastWordEndMs === undefined ? undefined : mediaClock.instantOf(lastWordEndMs);
    return { atMs: clock.nowMs(), lastWordEndAtMs };
  }

  amend(text: string): void {
    this.#deps.conversation.amendCallerTurn(text);
    this.#deps.record({ type: 'caller-turn-amended', turn: this.#latest, text });
  }

  #add({ text, words, source }: CommitTurn): void {
    const endOffsetMs = words.at(-1)?.endMs ?? this.#deps.mediaClock.offsetMs();
    this.#latest += 1;
    this.#deps.conversation.addCallerTurn(text);
    this.#deps.record({
      type: 'caller-turn',
      turn: this.#latest,
      text,
      source,
      startOffsetMs: words[0]?.startMs ?? endOffsetMs,
      endOffsetMs,
      words: words.map((word) => formatWord(word, endOffsetMs)),
    });
  }
}

/** A word without times is given the time at which its turn ends. */
function formatWord({ text, startMs, endMs }: CallerWord, turnEndMs: MediaMs) {
  return { text, startOffsetMs: startMs ?? turnEndMs, endOffsetMs: endMs ?? turnEndMs };
}
