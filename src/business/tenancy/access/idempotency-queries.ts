import type { SystemTx, Tx } from '../tx.ts';

interface KeyOfActor {
  readonly actorId: string;
  readonly key: string;
}

/** Takes the key; undefined when it is taken. Whoever comes at the same moment waits here for the first. */
export function insertKey(
  tx: Tx,
  row: KeyOfActor & { readonly requestSha256: string; readonly createdAt: Date },
) {
  return tx
    .insertInto('idempotencyKey')
    .values({ ...row, tenantId: tx.tenantId })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst();
}

export function findKey(tx: Tx, { actorId, key }: KeyOfActor) {
  return tx
    .selectFrom('idempotencyKey')
    .select(['requestSha256', 'status', 'contentType', 'bodyEncrypted'])
    .where('tenantId', '=', tx.tenantId)
    .where('actorId', '=', actorId)
    .where('key', '=', key)
    .executeTakeFirst();
}

/** This key, when its answer has been stored long enough, or when the request that took it never ended. */
export function dropOldKey(
  tx: Tx,
  { actorId, key }: KeyOfActor,
  { keptSince, startedSince }: { readonly keptSince: Date; readonly startedSince: Date },
) {
  return tx
    .deleteFrom('idempotencyKey')
    .where('tenantId', '=', tx.tenantId)
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
export function deleteKeysBefore(tx: SystemTx, before: Date) {
  return tx.deleteFrom('idempotencyKey').where('createdAt', '<', before).execute();
}

export function keepAnswer(
  tx: Tx,
  { actorId, key }: KeyOfActor,
  answer: { readonly status: number; readonly contentType: string | null; readonly bodyEncrypted: string },
) {
  return tx
    .updateTable('idempotencyKey')
    .set(answer)
    .where('tenantId', '=', tx.tenantId)
    .where('actorId', '=', actorId)
    .where('key', '=', key)
    .execute();
}

export function releaseKey(tx: Tx, { actorId, key }: KeyOfActor) {
  return tx
    .deleteFrom('idempotencyKey')
    .where('tenantId', '=', tx.tenantId)
    .where('actorId', '=', actorId)
    .where('key', '=', key)
    .execute();
}
