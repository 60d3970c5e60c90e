import type { CallAction } from '../../agent/tools/tools.ts';
import type { TurnEvent } from '../turn/turn.ts';

/** Events of answers: turn events, actions to carry out once an answer was heard, and the loss of all voices. */
export type AnswerEvent =
  | Extract<
      TurnEvent,
      {
        type:
          | 'reply-started'
          | 'reply-text'
          | 'reply-audible'
          | 'reply-finished'
          | 'reply-failed'
          | 'tool-started'
          | 'tool-ended';
      }
    >
  | { readonly type: 'reply-actions'; readonly actions: readonly CallAction[] }
  | { readonly type: 'voices-exhausted' };
