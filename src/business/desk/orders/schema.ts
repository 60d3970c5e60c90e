import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idInput, idOutput } from '../../../platform/http/rest-ids.ts';
import { currencyCode, instantInput, instantOutput, priceMinor } from '../../../platform/http/rest-values.ts';
import { addressSchema } from '../../catalog/company/company.ts';
import { linkFields } from '../links/links.ts';
import type { Order, OrderEntry } from './service.ts';

const status = z.enum(['placed', 'preparing', 'shipped', 'delivered', 'cancelled']);
const note = z.string().trim().max(2_000);
const reason = z.string().trim().max(500).describe('Goes into the history.');

const example = {
  id: 'ord_01h2xcejqtf2nbrexx3vqjhp41',
  reference: 'O-1042',
  status: 'placed',
  customerId: 'cus_01h2xcejqtf2nbrexx3vqjhp41',
  callId: null,
  items: [
    {
      productId: 'prd_01h2xcejqtf2nbrexx3vqjhp41',
      name: 'Steel U-lock',
      quantity: 2,
      unitPriceMinor: 4900,
      totalMinor: 9800,
    },
  ],
  totalMinor: 9800,
  currency: 'USD',
  note: null,
  address: null,
  createdAt: '2026-11-24T15:30:00.000Z',
  updatedAt: '2026-11-24T15:30:00.000Z',
};

const orderFields = {
  id: idOutput('ord'),
  reference: z.string().describe('Short enough to say.'),
  status,
  customerId: idOutput('cus'),
  callId: idOutput('call').nullable(),
  items: z.array(
    z.object({
      productId: idOutput('prd'),
      name: z.string().describe('As it was when it was ordered, as the price.'),
      quantity: z.int(),
      unitPriceMinor: priceMinor,
      totalMinor: z.int(),
    }),
  ),
  totalMinor: z.int().describe('In minor units of the currency.'),
  currency: currencyCode,
  note: z.string().nullable(),
  address: addressSchema.nullable().describe('Where it goes; null when it is collected.'),
  createdAt: instantOutput,
  updatedAt: instantOutput,
};

export const orderSchema = z.object(orderFields).meta({ id: 'Order', examples: [example] });
export const orderPageSchema = pageOf(orderSchema).meta({ id: 'OrderPage' });

const entryExample = {
  sequence: 2,
  kind: 'status-changed',
  author: 'mem_01h2xcejqtf2nbrexx3vqjhp41',
  fromStatus: 'placed',
  toStatus: 'preparing',
  note: null,
  at: '2026-11-24T16:00:00.000Z',
};

const orderEntrySchema = z
  .object({
    sequence: z.int().describe('Counts from 1 within the order.'),
    kind: z.enum(['placed', 'status-changed', 'details-changed']),
    author: z.string().describe('Id of the member or API key; `agent` on the line.'),
    fromStatus: status.nullable(),
    toStatus: status.nullable(),
    note: z.string().nullable(),
    at: instantOutput,
  })
  .meta({ id: 'OrderEntry', examples: [entryExample] });

export const orderDetailSchema = z
  .object({ ...orderFields, history: z.array(orderEntrySchema).describe('Oldest first, 200 at most.') })
  .meta({ id: 'OrderDetail', examples: [{ ...example, history: [entryExample] }] });

export const newOrderSchema = z
  .strictObject({
    items: z
      .array(
        z.strictObject({
          product: z.string().min(1).max(120).describe('Id, slug or name of a product on sale.'),
          quantity: z.int().min(1).max(100),
        }),
      )
      .min(1)
      .max(50),
    note: note.optional(),
    address: addressSchema.optional(),
    ...linkFields,
  })
  .meta({
    id: 'NewOrder',
    examples: [
      {
        items: [{ product: 'u-lock', quantity: 2 }],
        customer: { phone: '+14155550123', name: 'Maya Lindgren' },
      },
    ],
  });

export const orderChangesSchema = z
  .strictObject({
    status: status.describe('A step that is not allowed answers 409 with those that are.'),
    reason,
    note: note.nullable(),
    address: addressSchema.nullable(),
  })
  .partial()
  .meta({ id: 'OrderChanges', examples: [{ status: 'preparing' }] });

export const cancellationSchema = z
  .strictObject({ reason: reason.optional() })
  .meta({ id: 'OrderCancellation', examples: [{ reason: 'Out of stock.' }] });

export const orderQuery = z.object({
  ...pageQuery.shape,
  status: z
    .union([status, z.array(status).min(1).max(5)])
    .transform((value) => [value].flat())
    .optional(),
  customerId: idInput('cus').optional(),
  callId: idInput('call').optional(),
  from: instantInput.optional().describe('Placed then or later.'),
  to: instantInput.optional().describe('Placed before.'),
  q: z
    .string()
    .trim()
    .min(1)
    .max(40)
    .optional()
    .meta({ description: 'A reference.', examples: ['O-1042'] }),
});

export function presentOrder(order: Order): z.output<typeof orderSchema> {
  return {
    ...order,
    items: order.items.map((item) => ({ ...item, totalMinor: item.quantity * item.unitPriceMinor })),
    createdAt: order.createdAt.toISOString(),
    updatedAt: order.updatedAt.toISOString(),
  };
}

export function presentDetail(
  order: Order,
  entries: readonly OrderEntry[],
): z.output<typeof orderDetailSchema> {
  const history = entries.map((entry) => ({ ...entry, at: entry.at.toISOString() }));
  return { ...presentOrder(order), history };
}
