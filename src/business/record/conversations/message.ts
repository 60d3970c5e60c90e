import type { CallId, MemberId } from '../../tenancy/references/ids.ts';

export type MessageAuthor = 'customer' | 'agent' | 'member' | 'system';

/** What the agent did while it wrote a message. */
export interface ToolCallOfMessage {
  readonly tool: string;
  readonly arguments: unknown;
  readonly status: string;
  readonly result: unknown;
}

interface Placed {
  /** Grows within the conversation, with gaps: other events lie in between. */
  readonly sequence: number;
  readonly at: Date;
}

/** What was written, or that there was a call, whose words are in its transcript. */
export type ConversationMessage =
  | (Placed & {
      readonly kind: 'text';
      readonly author: MessageAuthor;
      readonly authorId: string | null;
      /** Null once its customer was erased. */
      readonly text: string | null;
      readonly toolCalls: readonly ToolCallOfMessage[];
    })
  | (Placed & { readonly kind: 'call'; readonly callId: CallId });

/** What the people of the business tell each other; the customer never sees it. */
export interface ConversationNote extends Placed {
  readonly memberId: MemberId | null;
  readonly text: string | null;
}
