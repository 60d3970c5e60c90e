import type { TenantId } from '../../../platform/data/ids.ts';
import type { SystemTx } from '../../tenancy/tenancy.ts';

/** For the platform's staff: how many phone numbers a business has, given back ones too. */
export async function countNumbers(tx: SystemTx, tenantId: TenantId): Promise<number> {
  const { count } = await tx
    .selectFrom('phoneNumber')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('tenantId', '=', tenantId)
    .executeTakeFirstOrThrow();
  return Number(count);
}
