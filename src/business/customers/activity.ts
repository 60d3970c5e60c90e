import { z } from 'zod';
import type { Db } from '../../platform/data/db.ts';
import type { TenantId } from '../../platform/data/ids.ts';
import type { CustomerId } from '../tenancy/references/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../platform/data/paging.ts';
import { inTenant } from '../tenancy/tenants/unit-of-work.ts';
import * as everything from './everything-queries.ts';
import * as queries from './queries.ts';
import { orNotFound } from './service.ts';

/** Everything a customer did, newest first. */
export function listActivity(
  db: Db,
  tenantId: TenantId,
  customerId: CustomerId,
  { limit, cursor }: PageRequest,
): Promise<Page<everything.ActivityRow>> {
  const after = cursor === undefined ? undefined : positionOf(cursor);
  return inTenant(db, tenantId, async (transaction) => {
    orNotFound(await queries.findById(transaction, tenantId, customerId));
    const rows = await everything.listActivity(transaction, tenantId, customerId, {
      limit: limit + 1,
      after,
    });
    return toPage(
      rows,
      limit,
      ({ at, id }) => [at.toISOString(), id],
      (row) => row,
    );
  });
}

function positionOf(cursor: string) {
  const [at, id] = decodeCursor(cursor, z.tuple([z.iso.datetime(), z.string()]));
  return { at: new Date(at), id };
}
