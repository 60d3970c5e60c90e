import { sql } from 'kysely';
import type { Tx } from '../tenancy.ts';
import { formatReference } from './reference.ts';
import type { ReferenceKind } from './reference-counter-table.ts';

// Four digits from the start, which are read out in two pairs and do not look like a count.
const firstValue = 1001;

/** The tenant's next number of this kind. It locks the counter, so concurrent transactions wait for each other. */
export async function nextReference(tx: Tx, kind: ReferenceKind): Promise<string> {
  const { lastValue } = await tx
    .insertInto('referenceCounter')
    .values({ tenantId: tx.tenantId, kind, lastValue: firstValue })
    .onConflict((conflict) =>
      conflict.columns(['tenantId', 'kind']).doUpdateSet({
        lastValue: sql<number>`reference_counter.last_value + 1`,
      }),
    )
    .returning('lastValue')
    .executeTakeFirstOrThrow();
  return formatReference(kind, lastValue);
}
