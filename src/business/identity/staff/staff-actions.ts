import type { Insertable } from 'kysely';
import { idAt, newId } from '../../../platform/data/ids.ts';
import type { StaffActor } from '../../tenancy/actor/actor.ts';
import type { Processor } from '../../tenancy/events/events.ts';
import type { StaffId } from '../../tenancy/ids/ids.ts';
import type { SystemTx, Tx } from '../../tenancy/tenancy.ts';
import { tenantEvents } from '../../tenancy/tenants/tenants.ts';
import { impersonationEvents } from './impersonation-events.ts';
import type { StaffActionTable } from './staff-action-table.ts';

/**
 * Records what a member of staff did that concerns no business: their accounts and sessions, and jobs. It has no tenant,
 * so it is no event; what concerns a business is one, and the processor below adds it here.
 */
export function recordStaffAction(
  tx: SystemTx,
  by: Pick<StaffActor, 'staffId' | 'address'>,
  action: 'staff.created' | 'staff.signed-in' | 'staff.disabled' | 'job.replayed' | 'job.discarded',
  subjectId: string,
): Promise<void> {
  const { staffId, address = null } = by;
  return insertAction(tx, { id: newId('sta'), staffId, address, action, subjectId });
}

const platformEvents: ReadonlySet<string> = new Set(
  [tenantEvents.suspended, tenantEvents.restored, impersonationEvents.started, impersonationEvents.ended].map(
    ({ type }) => type,
  ),
);

/** What the staff did to businesses is on record with the staff as well as with the business. */
export const staffActionProcessor: Processor = {
  name: 'staff-actions',
  runs: 'in-transaction',
  handles: ({ eventType, actor }) => actor.type === 'staff' && platformEvents.has(eventType.type),
  within: 'system',
  async handle(tx, { eventType, position, tenantId, subject, actor, at, data }) {
    await insertAction(tx, {
      id: idAt('sta', at.getTime(), position),
      at,
      staffId: actor.id as StaffId,
      address: actor.address,
      action: eventType.type,
      subjectId: tenantId,
      details: JSON.stringify({ ...(subject === tenantId ? {} : { id: subject }), ...data.details }),
    });
  },
};

async function insertAction(tx: SystemTx | Tx, action: Insertable<StaffActionTable>): Promise<void> {
  await tx
    .insertInto('staffAction')
    .values(action)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}
