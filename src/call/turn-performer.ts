import type { PhraseName } from '../agent/prompt/prompt.ts';
import type { TransferTarget } from '../business/line/agents/agents.ts';
import type { CallEvent } from '../business/record/calls/calls.ts';
import { type EndingReason, lastWordsOf } from './call-ending.ts';
import type { CallerTurns } from './caller-turns.ts';
import type { MediaMs } from './clocks.ts';
import type { Replies } from './reply/reply.ts';
import type { Endpointing, TurnDecision, TurnEvent } from './turn/turn.ts';

export interface TurnPerformerDeps {
  readonly replies: Replies;
  readonly callerTurns: CallerTurns;
  readonly phrases: Readonly<Record<PhraseName, string>>;
  readonly greeting: string;
  readonly transferTargets: readonly TransferTarget[];
  readonly record: (event: CallEvent) => void;
  readonly offsetMs: () => MediaMs;
  readonly configureRecogniser: (endpointing: Endpointing) => void;
  readonly dispatch: (event: TurnEvent) => void;
}

/**
 * Carries out the decisions of the turn machine: the agent speaks, stops or resumes, and the caller's turns are
 * committed.
 */
export class TurnPerformer {
  readonly #deps: TurnPerformerDeps;
  #endingReason: EndingReason | undefined;

  constructor(deps: TurnPerformerDeps) {
    this.#deps = deps;
  }

  /** Why the agent is ending the call; undefined while it is not. */
  get endingReason(): EndingReason | undefined {
    return this.#endingReason;
  }

  perform(decision: TurnDecision): void {
    const { replies, callerTurns } = this.#deps;
    switch (decision.type) {
      case 'greet':
        replies.say('greeting', 0, this.#deps.greeting);
        return;
      case 'speculate':
        replies.speculate(callerTurns.latest + 1, decision.text);
        return;
      case 'discard-speculation':
        replies.discardSpeculation('caller went on');
        return;
      case 'commit-turn': {
        const turnEnd = callerTurns.commit(decision);
        replies.answer(callerTurns.latest, turnEnd, decision.useSpeculation);
        return;
      }
      case 'amend-turn':
        callerTurns.amend(decision.text);
        return;
      case 'pause-playout':
        replies.pause();
        return;
      case 'resume-playout':
        replies.resume();
        return;
      case 'interrupt-reply':
        replies.interrupt(decision.cause);
        return;
      case 'ignore-speech': {
        const { text, reason } = decision;
        this.#deps.record({ type: 'speech-ignored', text, reason, offsetMs: this.#deps.offsetMs() });
        return;
      }
      case 'set-endpointing':
        this.#deps.configureRecogniser(decision.endpointing);
        return;
      case 'say':
        this.say(decision.kind, phraseFor(decision));
        return;
      case 'say-goodbye':
        this.sayLast(decision.reason);
        return;
      default:
        decision satisfies never;
    }
  }

  say(kind: 'reprompt' | 'repeat-request' | 'apology' | 'wrap-up', phrase: PhraseName): void {
    this.#deps.replies.say(kind, this.#deps.callerTurns.latest, this.#deps.phrases[phrase]);
  }

  /** Says the last words of the call, pre-synthesised if possible; their action follows. */
  sayLast(reason: EndingReason): void {
    const { replies, callerTurns, phrases, transferTargets, dispatch } = this.#deps;
    // The apology for failed vendors is said once.
    if (this.#endingReason === 'vendors-failed') return;
    const { phrase, action } = lastWordsOf(reason, transferTargets);
    this.#endingReason = reason;
    dispatch({ type: 'ending' });
    replies.say('goodbye', callerTurns.latest, phrases[phrase], [action]);
  }
}

function phraseFor(say: Extract<TurnDecision, { type: 'say' }>): PhraseName {
  if (say.kind !== 'reprompt') return say.kind;
  return say.attempt === 1 ? 'reprompt-1' : 'reprompt-2';
}
