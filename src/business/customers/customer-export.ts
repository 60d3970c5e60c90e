import { z } from 'zod';
import type { TenantActor } from '../tenancy/actor/actor.ts';
import { happened } from '../tenancy/events/events.ts';
import type { Tenancy } from '../tenancy/tenancy.ts';
import type { CustomerId } from '../tenancy/ids/ids.ts';
import { customerExample, customerSchema } from './customer.ts';
import { customerEvents } from './customer-events.ts';
import type { CustomerHolding } from './customer-holding.ts';
import { toRecord } from './customer-records.ts';
import { unlessMerged } from './customer-service.ts';
import { customerTable } from './customer-table.ts';

/** A section per holding, under its name; the root says which there are. */
export const customerExportSchema = z
  .object({ customer: customerSchema })
  .catchall(z.array(z.looseObject({})))
  .meta({
    id: 'CustomerExport',
    description: 'A JSON file: the customer, and a list for each kind of thing on record.',
    examples: [
      {
        customer: customerExample,
        orders: [
          {
            id: 'ord_01h2xcejqtf2nbrexx3vqjhp41',
            reference: 'O-1042',
            status: 'placed',
            totalMinor: 4900,
            currency: 'USD',
            note: null,
            address: null,
            createdAt: '2026-11-24T15:00:00.000Z',
            items: [{ name: 'Steel U-lock', quantity: 1, unitPriceMinor: 4900 }],
          },
        ],
        tickets: [],
      },
    ],
  });

/** Exports all data of one person as one JSON document, after recording the export itself. */
export async function exportCustomer(
  { tenancy, holdings }: { readonly tenancy: Tenancy; readonly holdings: readonly CustomerHolding[] },
  actor: TenantActor,
  customerId: CustomerId,
): Promise<AsyncIterable<string>> {
  const customer = await tenancy.run(actor, async (tx) => {
    const row = unlessMerged(await customerTable.get(tx, customerId));
    await happened(tx, actor, customerEvents.exported({ subject: customerId }));
    const { version: _, ...record } = await toRecord(tx, row);
    return record;
  });
  return written(customer, holdings, (holding, cursor) =>
    tenancy.run(actor, (tx) => holding.exportPage(tx, customerId, cursor)),
  );
}

/** Writes a section per holding, page by page, so that a long history is never in memory as a whole. */
async function* written(
  customer: object,
  holdings: readonly CustomerHolding[],
  page: (holding: CustomerHolding, cursor: string | undefined) => ReturnType<CustomerHolding['exportPage']>,
): AsyncGenerator<string> {
  yield `{\n  "customer": ${JSON.stringify(customer, null, 2)}`;
  for (const holding of holdings.filter(({ hasEvents }) => hasEvents)) {
    yield `,\n  ${JSON.stringify(holding.name)}: [`;
    let separator = '';
    let cursor: string | undefined;
    do {
      const { rows, next } = await page(holding, cursor);
      for (const row of rows) {
        yield `${separator}\n${JSON.stringify(row, null, 2)}`;
        separator = ',';
      }
      cursor = next;
    } while (cursor !== undefined);
    yield '\n  ]';
  }
  yield '\n}\n';
}
