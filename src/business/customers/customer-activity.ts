import { z } from 'zod';
import { decodeCursor, type Page, pageOf, type PageRequest, toPage } from '../../platform/data/paging.ts';
import { instant } from '../../platform/http/rest-values.ts';
import type { CustomerId } from '../tenancy/ids/ids.ts';
import type { Tx } from '../tenancy/tenancy.ts';
import { activityKinds, type ActivityRow, type CustomerHolding } from './customer-holding.ts';
import { unlessMerged } from './customer-service.ts';
import { customerTable } from './customer-table.ts';

export const activityPageSchema = pageOf(
  z
    .object({
      kind: z.enum(activityKinds),
      id: z.string(),
      at: instant,
      reference: z.string().nullable().describe('Short enough to say.'),
      status: z.string(),
      title: z.string().nullable(),
    })
    .meta({
      id: 'CustomerActivity',
      examples: [
        {
          kind: 'order',
          id: 'ord_01h2xcejqtf2nbrexx3vqjhp41',
          at: '2026-11-24T15:00:00.000Z',
          reference: 'O-1042',
          status: 'placed',
          title: null,
        },
      ],
    }),
).meta({ id: 'CustomerActivityPage' });

/** All activity of a customer, newest first. */
export async function listActivity(
  tx: Tx,
  customerId: CustomerId,
  { limit, cursor }: PageRequest,
  holdings: readonly CustomerHolding[],
): Promise<Page<ActivityRow>> {
  const window = { limit: limit + 1, after: cursor === undefined ? undefined : positionOf(cursor) };
  unlessMerged(await customerTable.get(tx, customerId));
  const rows: ActivityRow[] = [];
  for (const holding of holdings) rows.push(...(await holding.activityOf(tx, customerId, window)));
  return toPage(
    rows.toSorted(newestFirst).slice(0, window.limit),
    limit,
    ({ at, id }) => [at.toISOString(), id],
    (row) => row,
  );
}

function newestFirst(one: ActivityRow, other: ActivityRow): number {
  const apart = other.at.getTime() - one.at.getTime();
  if (apart !== 0) return apart;
  return one.id < other.id ? 1 : -1;
}

function positionOf(cursor: string) {
  const [at, id] = decodeCursor(cursor, z.tuple([z.iso.datetime(), z.string()]));
  return { at: new Date(at), id };
}
