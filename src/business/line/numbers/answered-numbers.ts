import type { SystemTx } from '../../tenancy/tenancy.ts';

/** Across tenants: the numbers that are answered, for the line directory. */
export function listAnsweredNumbers(tx: SystemTx) {
  return tx
    .selectFrom('phoneNumber')
    .select(['number', 'id as numberId', 'tenantId', 'afterHoursAgentId', 'afterHoursMessage'])
    .where('status', '=', 'active')
    .execute();
}

/** Across tenants: which agents answer which numbers, those without a weight left out. */
export function listLinks(tx: SystemTx) {
  return tx
    .selectFrom('numberAgent')
    .select(['numberId', 'agentId', 'weight'])
    .where('weight', '>', 0)
    .orderBy('numberId')
    .orderBy('agentId')
    .execute();
}
