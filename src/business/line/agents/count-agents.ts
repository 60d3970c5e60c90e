import type { TenantId } from '../../../platform/data/ids.ts';
import type { SystemTx } from '../../tenancy/tenancy.ts';

/** For the platform's staff: how many agents a business has, archived ones too. */
export async function countAgents(tx: SystemTx, tenantId: TenantId): Promise<number> {
  const { count } = await tx
    .selectFrom('agent')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('tenantId', '=', tenantId)
    .executeTakeFirstOrThrow();
  return Number(count);
}
