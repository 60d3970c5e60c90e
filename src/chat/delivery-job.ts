import { z } from 'zod';
import { findMessage, getConversation } from '../business/record/conversations/conversations.ts';
import { getCustomer } from '../business/customers/customers.ts';
import type { ConversationId } from '../business/tenancy/ids/ids.ts';
import type { Tx } from '../business/tenancy/tenancy.ts';
import { declareJob, enqueue } from '../jobs/jobs.ts';
import type { TenantId } from '../platform/data/ids.ts';
import type { OutgoingMessage } from './channel.ts';
import type { ChatParts } from './chat-parts.ts';

const name = 'deliver-chat-message';

const dataSchema = z.object({
  tenantId: z.string().transform((id) => id as TenantId),
  conversationId: z.string().transform((id) => id as ConversationId),
  sequence: z.int(),
});
type Delivery = z.output<typeof dataSchema>;

/** Has a message carried to the customer, in the transaction that stores it. */
export async function enqueueDelivery(
  tx: Tx,
  conversationId: ConversationId,
  sequence: number,
): Promise<void> {
  const { tenantId } = tx;
  const jobId = `${name}-${conversationId}-${sequence}`;
  await enqueue(tx, { tenantId, job: name, data: { tenantId, conversationId, sequence }, jobId });
}

/** Carries a message to the customer by its channel. A crash after it was carried makes another attempt. */
export function deliverChatMessageJob({ tenancy, channels }: ChatParts) {
  return declareJob({
    name,
    schema: dataSchema,
    async run(delivery) {
      const { channel, message } = await tenancy.run(delivery, (tx) => messageToDeliver(tx, delivery));
      if (message === undefined) return;
      await channels.find((known) => known.name === channel)?.deliver?.(message);
    },
  });
}

/** Without a message where its customer was erased meanwhile. */
async function messageToDeliver(tx: Tx, { tenantId, conversationId, sequence }: Delivery) {
  const { channel, customerId } = await getConversation(tx, conversationId);
  const message = await findMessage(tx, conversationId, sequence);
  const to = customerId === null ? null : (await getCustomer(tx, customerId)).phone;
  const text = message?.kind === 'text' ? message.text : null;
  if (to === null || text === null) return { channel, message: undefined };
  const idempotencyKey = `${conversationId}-${sequence}`;
  return {
    channel,
    message: { tenantId, conversationId, to, text, idempotencyKey } satisfies OutgoingMessage,
  };
}
