import type { PhraseName } from '../agent/prompt/prompt.ts';
import type { CallAction } from '../agent/tools/tools.ts';
import type { TransferTarget } from '../business/line/agents/agents.ts';

/** Why the agent ends the call: a rule of turn-taking, or no recogniser or voice is left [F8]. */
export type EndingReason = 'silence' | 'max-duration' | 'vendors-failed';

export interface LastWords {
  readonly phrase: PhraseName;
  /** Carried out once the words were heard. */
  readonly action: CallAction;
}

/** Without a recogniser or a voice the caller is transferred if the agent has a target; otherwise the call ends. */
export function lastWordsOf(reason: EndingReason, targets: readonly TransferTarget[]): LastWords {
  const [target] = targets;
  switch (reason) {
    case 'silence':
      return { phrase: 'goodbye-silence', action: { type: 'end-call' } };
    case 'max-duration':
      return { phrase: 'goodbye-max-duration', action: { type: 'end-call' } };
    case 'vendors-failed':
      return {
        phrase: 'vendors-failed',
        action: target === undefined ? { type: 'end-call' } : { type: 'transfer', targetId: target.id },
      };
    default:
      return reason satisfies never;
  }
}
