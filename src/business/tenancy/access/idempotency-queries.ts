import type { SystemTx, Tx } from '../tenancy.ts';

interface KeyOfActor {
  readonly actorId: string;
  readonly key: string;
}

/**
 * Takes the key; undefined if it is taken. A key is free again when its answer has expired, or its request was
 * abandoned. A concurrent request waits here for the first one.
 */
export function takeKey(
  tx: Tx,
  row: KeyOfActor & { readonly requestSha256: string; readonly createdAt: Date },
  { keptSince, startedSince }: { readonly keptSince: Date; readonly startedSince: Date },
) {
  const unused = { status: null, contentType: null, bodyEncrypted: null };
  return tx
    .insertInto('idempotencyKey')
    .values({ ...row, tenantId: tx.tenantId })
    .onConflict((conflict) =>
      conflict
        .columns(['tenantId', 'actorId', 'key'])
        .doUpdateSet({ requestSha256: row.requestSha256, createdAt: row.createdAt, ...unused })
        .where((old) =>
          old.or([
            old('idempotencyKey.createdAt', '<', keptSince),
            old.and([
              old('idempotencyKey.status', 'is', null),
              old('idempotencyKey.createdAt', '<', startedSince),
            ]),
          ]),
        ),
    )
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

/** Deletes keys across tenants. */
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
