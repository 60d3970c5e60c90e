import type { CallId } from '../../tenancy/references/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';

export async function callExists(tx: Tx, id: CallId): Promise<boolean> {
  const call = await tx
    .selectFrom('call')
    .select('id')
    .where('tenantId', '=', tx.tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
  return call !== undefined;
}
