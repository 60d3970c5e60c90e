import type { Insertable } from 'kysely';
import type { AuditEntryTable } from './audit-entry-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { AuditEntryId } from '../references/ids.ts';

export function insertEntry(
  db: Db,
  tenantId: TenantId,
  entry: Omit<Insertable<AuditEntryTable>, 'tenantId' | 'at'>,
) {
  return db
    .insertInto('auditEntry')
    .values({ tenantId, ...entry })
    .execute();
}

export interface EntryFilter {
  readonly actorId?: string | undefined;
  readonly resource?: string | undefined;
  readonly resourceId?: string | undefined;
  readonly action?: string | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

/** Newest first: ids sort by time. `earliest` and `latest` are ids around the filter's times, for the index. */
export function listEntries(
  db: Db,
  tenantId: TenantId,
  filter: EntryFilter & {
    readonly before: string | undefined;
    readonly earliest: string | undefined;
    readonly latest: string | undefined;
    readonly limit: number;
  },
) {
  const { actorId, resource, resourceId, action, since, until, before, earliest, latest } = filter;
  return db
    .selectFrom('auditEntry')
    .select([
      'id',
      'at',
      'actorType',
      'actorId',
      'impersonatedBy',
      'address',
      'action',
      'resource',
      'resourceId',
      'before',
      'after',
    ])
    .where('tenantId', '=', tenantId)
    .$if(actorId !== undefined, (query) => query.where('actorId', '=', actorId!))
    .$if(resource !== undefined, (query) => query.where('resource', '=', resource!))
    .$if(resourceId !== undefined, (query) => query.where('resourceId', '=', resourceId!))
    .$if(action !== undefined, (query) => query.where('action', '=', action!))
    .$if(since !== undefined, (query) => query.where('at', '>=', since!))
    .$if(until !== undefined, (query) => query.where('at', '<', until!))
    .$if(earliest !== undefined, (query) => query.where('id', '>=', earliest as AuditEntryId))
    .$if(latest !== undefined, (query) => query.where('id', '<=', latest as AuditEntryId))
    .$if(before !== undefined, (query) => query.where('id', '<', before as AuditEntryId))
    .orderBy('id', 'desc')
    .limit(filter.limit)
    .execute();
}

export type EntryRow = Awaited<ReturnType<typeof listEntries>>[number];
