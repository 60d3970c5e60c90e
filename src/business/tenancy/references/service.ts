import type { ReferenceKind } from './reference-counter-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import * as queries from './queries.ts';
import { formatReference } from './reference.ts';

// Four digits from the start: they are read out in two pairs and never mistaken for a count.
const firstValue = 1001;

/** The tenant's next number of this kind; two transactions that want one wait for each other. */
export async function nextReference(db: Db, tenantId: TenantId, kind: ReferenceKind): Promise<string> {
  return formatReference(kind, await queries.increment(db, tenantId, kind, firstValue));
}
