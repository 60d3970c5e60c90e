import { sql } from 'kysely';
import type { CallId } from '../../business/tenancy/ids/ids.ts';
import type { Tx } from '../../business/tenancy/tenancy.ts';
import { changedRows, onlyErases } from '../../business/customers/customers.ts';

/** Arguments and results of tools on the calls and in the chats of a customer. */
export const toolHolding = onlyErases('toolCalls', async (tx, { calls = [], conversations = [] }) => ({
  toolCalls: await changedRows(
    tx,
    sql`update tool_ledger set arguments = '{}', result = null
      where tenant_id = ${tx.tenantId} and (call_id = any(${calls}) or chat_id = any(${conversations}))
        and (arguments <> '{}' or result is not null)`,
  ),
}));

/** Deletes the ledger entries of a deleted call. */
export async function deleteToolCalls(tx: Tx, callId: CallId): Promise<void> {
  await tx
    .deleteFrom('toolLedger')
    .where('tenantId', '=', tx.tenantId)
    .where('callId', '=', callId)
    .execute();
}
