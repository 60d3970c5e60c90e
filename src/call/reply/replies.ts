import type { CallAction } from '../../agent/tools/tools.ts';
import type { ReplyKind } from '../turn/turn.ts';
import { Answer, type AnswerDeps, type TurnEnd } from './answer.ts';

/**
 * The agent's replies of one call. There is one current answer, and it is closed before it is replaced, so that a
 * superseded answer cannot speak and is always recorded. Beside it at most one speculative answer is held.
 */
export class Replies {
  readonly #deps: AnswerDeps;
  #current: Answer | undefined;
  #speculation: Answer | undefined;

  constructor(deps: AnswerDeps) {
    this.#deps = deps;
  }

  /** Starts the answer to a committed turn, or releases the held one. */
  answer(turn: number, turnEnd: TurnEnd, useSpeculation: boolean): void {
    const held = useSpeculation ? this.#speculation : undefined;
    if (held === undefined) this.discardSpeculation('not used');
    this.#speculation = undefined;
    this.#current?.close('superseded');
    const answer = held ?? this.#create('answer', turn, false);
    this.#current = answer;
    answer.commit(turnEnd);
    if (held === undefined) answer.ask();
    else answer.release();
  }

  /** Starts an answer to what the caller has said so far; its text is held and its tools wait. */
  speculate(turn: number, text: string): void {
    this.discardSpeculation('superseded');
    this.#speculation = this.#create('answer', turn, true);
    this.#speculation.ask(text);
  }

  discardSpeculation(reason: string): void {
    this.#speculation?.discard(reason);
  }

  /** Says a given text, such as the greeting, a reprompt or an apology. `actions` follow when it has been heard. */
  say(kind: ReplyKind, turn: number, text: string, actions: readonly CallAction[] = []): void {
    this.discardSpeculation('superseded');
    this.#current?.close('superseded');
    const answer = this.#create(kind, turn, false);
    this.#current = answer;
    answer.say(text, actions);
  }

  pause(): void {
    this.#current?.pause();
  }

  resume(): void {
    this.#current?.resume();
  }

  /** Interrupts the current reply. A transfer among its actions still follows; the end of the call does not. */
  interrupt(cause: string): void {
    const transfers = this.#current?.transfers ?? [];
    this.#current?.close(cause);
    if (transfers.length > 0) this.#deps.emit({ type: 'reply-actions', actions: transfers });
  }

  close(reason: string): void {
    this.discardSpeculation(reason);
    this.#current?.close(reason);
  }

  #create(kind: ReplyKind, turn: number, held: boolean): Answer {
    return new Answer(this.#deps, { kind, turn, held }, (closed) => {
      if (closed === this.#current) this.#current = undefined;
      if (closed === this.#speculation) this.#speculation = undefined;
    });
  }
}
