import { idAt } from '../../../platform/data/ids.ts';
import type { Processor } from '../events/events.ts';
import { differing } from './differing.ts';
import { insertAuditEntry } from './audit-service.ts';

/** Writes an entry of the audit log for every audited event, in its transaction. */
export const auditProcessor: Processor = {
  name: 'audit',
  runs: 'in-transaction',
  handles: ({ eventType }) => eventType.audited,
  async handle(tx, { tenantId, position, eventType, subject, actor, at, data }) {
    const { details } = data;
    const now = details === undefined ? data.after : { ...data.after, ...details };
    const { before, after } = differing(data.before, now);
    await insertAuditEntry(tx, tenantId, {
      id: idAt('aud', at.getTime(), position),
      at,
      actorType: actor.type,
      actorId: actor.id,
      impersonatedBy: actor.impersonatedBy,
      address: actor.address,
      action: eventType.type,
      resource: eventType.resource,
      resourceId: subject,
      before: before === undefined ? null : JSON.stringify(before),
      after: after === undefined ? null : JSON.stringify(after),
    });
  },
};
