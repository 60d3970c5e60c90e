import type { Channel } from '../agent/agent.ts';
import type { ConversationId } from '../business/tenancy/ids/ids.ts';
import type { TenantId } from '../platform/data/ids.ts';

/** One way of writing to an agent; listed in `chat/channels/channels.ts`. */
export interface ChatChannel extends Channel {
  /**
   * Carries an answer to the customer; rejects when it is to be tried again. Left out where the customer's program
   * fetches the answer itself: in the response, or from the conversation.
   */
  readonly deliver?: (message: OutgoingMessage) => Promise<void>;
}

export interface OutgoingMessage {
  readonly tenantId: TenantId;
  readonly conversationId: ConversationId;
  /** E.164. */
  readonly to: string;
  readonly text: string;
  /** The same for each attempt at one message: a vendor that takes such a key sends it once. */
  readonly idempotencyKey: string;
}
