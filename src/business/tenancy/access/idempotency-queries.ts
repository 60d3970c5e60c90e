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

/** What has been kept long enough, of the whole tenant; and this key, when the request that took it never ended. */
export function dropOldKeys(
  db: Db,
  tenantId: TenantId,
  { actorId, key }: KeyOfActor,
  { keptSince, startedSince }: { readonly keptSince: Date; readonly startedSince: Date },
) {
  return db
    .deleteFrom('idempotencyKey')
    .where('tenantId', '=', tenantId)
    .where((row) =>
      row.or([
        row('createdAt', '<', keptSince),
        row.and([
          row('actorId', '=', actorId),
          row('key', '=', key),
          row('status', 'is', null),
          row('createdAt', '<', startedSince),
        ]),
      ]),
    )
    .execute();
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
