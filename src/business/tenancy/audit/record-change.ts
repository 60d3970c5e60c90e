import type { Db } from '../../../platform/data/db.ts';
import { newId } from '../../../platform/data/ids.ts';
import { actorIdOf, type TenantActor } from '../actor/actor.ts';
import { differing } from './differing.ts';
import { masked } from './mask.ts';
import { insertAuditEntry } from './audit-service.ts';

export interface Change {
  /** Resource and past participle: `ticket.created`, `member.role-changed`. */
  readonly action: string;
  /** In the singular: `ticket`. */
  readonly resource: string;
  readonly resourceId?: string | undefined;
  /** What the resource was; left out when it is new. Given both, only the fields that differ are kept. */
  readonly before?: object | undefined;
  readonly after?: object | undefined;
}

/** Puts a change into the audit log, in the transaction that makes it: both are there, or neither. */
export async function recordChange(transaction: Db, actor: TenantActor, change: Change): Promise<void> {
  const { before, after } = differing(change.before, change.after);
  await insertAuditEntry(transaction, actor.tenantId, {
    id: newId('aud'),
    // In a tenant's place the tenant's log names the tenant's platform, and who of it.
    actorType: actor.type,
    actorId: actorIdOf(actor),
    impersonatedBy: actor.type === 'staff' ? actor.staffId : null,
    address: actor.address ?? null,
    action: change.action,
    resource: change.resource,
    resourceId: change.resourceId ?? null,
    before: before === undefined ? null : JSON.stringify(masked(before)),
    after: after === undefined ? null : JSON.stringify(masked(after)),
  });
}
