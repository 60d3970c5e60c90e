import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';

interface KeyOfActor {
  readonly actorId: string;
  readonly key: string;
}

/** Takes the key; undefined when it is taken. Whoever comes at the same moment waits here for the first. */
export function insertKey(
  db: Db,
  tenantId: TenantId,
  row: KeyOfActor & { readonly requestSha256: string; readonly createdAt: Date },
) {
  return db
    .insertInto('idempotencyKey')
    .values({ tenantId, ...row })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst();
}

export function findKey(db: Db, tenantId: TenantId, { actorId, key }: KeyOfActor) {
  return db
    .selectFrom('idempotencyKey')
    .select(['requestSha256', 'status', 'contentType', 'bodyEncrypted'])
    .where('tenantId', '=', tenantId)
    .where('actorId', '=', actorId)
    .where('key', '=', key)
    .executeTakeFirst();
}

/** This key, when its answer has been stored long enough, or when the request that took it never ended. */
export function dropOldKey(
  db: Db,
  tenantId: TenantId,
  { actorId, key }: KeyOfActor,
  { keptSince, startedSince }: { readonly keptSince: Date; readonly startedSince: Date },
) {
  return db
    .deleteFrom('idempotencyKey')
    .where('tenantId', '=', tenantId)
    .where('actorId', '=', actorId)
    .where('key', '=', key)
    .where((row) =>
      row.or([
        row('createdAt', '<', keptSince),
        row.and([row('status', 'is', null), row('createdAt', '<', startedSince)]),
      ]),
    )
    .execute();
}

/** Across tenants. */
export function deleteKeysBefore(db: Db, before: Date) {
  return db.deleteFrom('idempotencyKey').where('createdAt', '<', before).execute();
}

export function keepAnswer(
  db: Db,
  tenantId: TenantId,
  { actorId, key }: KeyOfActor,
  answer: { readonly status: number; readonly contentType: string | null; readonly bodyEncrypted: string },
) {
  return db
    .updateTable('idempotencyKey')
    .set(answer)
    .where('tenantId', '=', tenantId)
    .where('actorId', '=', actorId)
    .where('key', '=', key)
    .execute();
}

export function releaseKey(db: Db, tenantId: TenantId, { actorId, key }: KeyOfActor) {
  return db
    .deleteFrom('idempotencyKey')
    .where('tenantId', '=', tenantId)
    .where('actorId', '=', actorId)
    .where('key', '=', key)
    .execute();
}
