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
 * Records an action of staff that concerns no business: on their accounts, sessions and jobs. Without a tenant it
 * cannot be an event; actions on a business are events, which the processor below adds here.
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

/** Adds events of staff on businesses to the log of staff actions. */
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
