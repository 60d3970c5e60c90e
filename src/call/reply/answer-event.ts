import type { CallAction } from '../../agent/tools/tools.ts';
import type { TurnEvent } from '../turn/turn.ts';

/** What answers tell the session: turn events, what must happen once one was heard, and the end of all voices. */
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
