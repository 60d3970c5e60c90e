import { z } from 'zod';
import type { Db } from '../../../platform/data/db.ts';
import { idAt } from '../../../platform/data/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../platform/data/paging.ts';
import type { TenantActor } from '../access/actor.ts';
import { inTenant } from '../tenants/unit-of-work.ts';
import type { EntryFilter, EntryRow } from './queries.ts';
import * as queries from './queries.ts';

// An entry's time is its transaction's, its id is made within it: they are apart by no longer than that lasts.
const slackMs = 120_000;

/** Newest first. */
export async function listEntries(
  db: Db,
  { tenantId }: TenantActor,
  { limit, cursor, ...filter }: PageRequest & EntryFilter,
): Promise<Page<EntryRow>> {
  const before = cursor === undefined ? undefined : decodeCursor(cursor, z.tuple([z.string()]))[0];
  const { since, until } = filter;
  const rows = await inTenant(db, tenantId, (transaction) =>
    queries.listEntries(transaction, tenantId, {
      ...filter,
      before,
      earliest: since && idAt('aud', since.getTime() - slackMs),
      latest: until && idAt('aud', until.getTime() + slackMs),
      limit: limit + 1,
    }),
  );
  return toPage(
    rows,
    limit,
    (row) => [row.id],
    (row) => row,
  );
}
