import type { TurnSettings } from '../business/line/agents/agents.ts';
import type { CancelTimer, Clock } from '../platform/process/clock.ts';
import {
  decideTurn,
  initialTurnState,
  nextDeadlineMs,
  type TurnDecision,
  type TurnEvent,
  type TurnState,
} from './turn/turn.ts';

export interface TurnRunnerDeps {
  readonly settings: TurnSettings;
  readonly language: string;
  readonly clock: Clock;
  /** Carries out one decision. Events dispatched meanwhile are queued. */
  readonly perform: (decision: TurnDecision) => void;
  /** Wraps what a timer runs, because an error in it would not be caught. */
  readonly onTimer: (run: () => void) => void;
}

/** Runs the pure turn machine of one call: one event, all its decisions, then the next; and its timer. */
export class TurnRunner {
  readonly #deps: TurnRunnerDeps;
  readonly #pending: TurnEvent[] = [];
  #state: TurnState;
  #isDeciding = false;
  #isClosed = false;
  #cancelTimer: CancelTimer | undefined;

  constructor(deps: TurnRunnerDeps) {
    this.#deps = deps;
    this.#state = initialTurnState(deps.settings, deps.language, deps.clock.nowMs());
  }

  /** Events that arise while decisions are carried out are queued until all of these are. */
  dispatch(event: TurnEvent): void {
    if (this.#isClosed) return;
    this.#pending.push(event);
    if (this.#isDeciding) return;
    this.#isDeciding = true;
    for (let next = this.#pending.shift(); next; next = this.#pending.shift()) this.#decide(next);
    this.#isDeciding = false;
    this.#armTimer();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimer?.();
  }

  #decide(event: TurnEvent): void {
    const { state, decisions } = decideTurn(this.#state, event, this.#deps.clock.nowMs());
    this.#state = state;
    for (const decision of decisions) if (!this.#isClosed) this.#deps.perform(decision);
  }

  #armTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const deadlineMs = nextDeadlineMs(this.#state);
    if (deadlineMs === undefined || this.#isClosed) return;
    const { clock, onTimer } = this.#deps;
    const delayMs = deadlineMs - clock.nowMs();
    this.#cancelTimer = clock.after(delayMs, () => onTimer(() => this.dispatch({ type: 'timer' })));
  }
}
