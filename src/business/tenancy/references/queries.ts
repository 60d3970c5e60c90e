import { sql } from 'kysely';
import type { ReferenceKind } from './reference-counter-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';

export async function increment(
  db: Db,
  tenantId: TenantId,
  kind: ReferenceKind,
  firstValue: number,
): Promise<number> {
  const { lastValue } = await db
    .insertInto('referenceCounter')
    .values({ tenantId, kind, lastValue: firstValue })
    .onConflict((conflict) =>
      conflict.columns(['tenantId', 'kind']).doUpdateSet({
        lastValue: sql<number>`reference_counter.last_value + 1`,
      }),
    )
    .returning('lastValue')
    .executeTakeFirstOrThrow();
  return lastValue;
}
