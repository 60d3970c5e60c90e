import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idInput, idOf } from '../../../platform/http/rest-ids.ts';
import {
  currencyCode,
  instant,
  instantInput,
  oneOrMore,
  priceMinor,
  searchText,
} from '../../../platform/http/rest-values.ts';
import { type Address, addressSchema } from '../../catalog/company/company.ts';
import type { CallId, CustomerId } from '../../tenancy/ids/ids.ts';
import { linkFields } from '../links/links.ts';

/* Schemas of an order and of its history in responses and events. */

const status = z.enum(['placed', 'preparing', 'shipped', 'delivered', 'cancelled']);
const entryKind = z.enum(['placed', 'status-changed', 'details-changed']);
const note = z.string().trim().max(2_000);
const reason = z.string().trim().max(500).describe('Goes into the history.');

export type OrderStatus = z.output<typeof status>;
export type OrderEntryKind = z.output<typeof entryKind>;

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
  id: idOf('ord'),
  reference: z.string().describe('Short enough to say.'),
  status,
  customerId: idOf('cus'),
  callId: idOf('call').nullable(),
  items: z.array(
    z.object({
      productId: idOf('prd'),
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
  createdAt: instant,
  updatedAt: instant,
};

export const orderSchema = z.object(orderFields).meta({ id: 'Order', examples: [example] });
export type Order = z.output<typeof orderSchema> & { readonly version: number };

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
    kind: entryKind,
    author: z.string().describe('Id of the member or API key; `agent` on the line.'),
    fromStatus: status.nullable(),
    toStatus: status.nullable(),
    note: z.string().nullable(),
    at: instant,
  })
  .meta({ id: 'OrderEntry', examples: [entryExample] });
export type OrderEntry = z.output<typeof orderEntrySchema>;

export const orderDetailSchema = z
  .object({ ...orderFields, history: z.array(orderEntrySchema).describe('Oldest first, 200 at most.') })
  .meta({ id: 'OrderDetail', examples: [{ ...example, history: [entryExample] }] });
export type OrderDetail = Order & { history: OrderEntry[] };

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
export type OrderChanges = z.output<typeof orderChangesSchema>;

export const cancellationSchema = z
  .strictObject({ reason: reason.optional() })
  .meta({ id: 'OrderCancellation', examples: [{ reason: 'Out of stock.' }] });

export const orderQuery = z.object({
  ...pageQuery.shape,
  status: oneOrMore(status, 5).optional(),
  customerId: idInput('cus').optional(),
  callId: idInput('call').optional(),
  from: instantInput.optional().describe('Placed then or later.'),
  to: instantInput.optional().describe('Placed before.'),
  q: searchText(40)
    .optional()
    .meta({ description: 'A reference.', examples: ['O-1042'] }),
});

/** A requested product by id, slug or name, case-insensitively. */
export interface RequestedItem {
  readonly product: string;
  readonly quantity: number;
}

/** A new order with its customer and call. */
export interface NewOrder {
  readonly customerId: CustomerId;
  readonly items: readonly RequestedItem[];
  readonly callId?: CallId | undefined;
  readonly note?: string | undefined;
  readonly address?: Address | undefined;
  /** For imports; now by default. */
  readonly createdAt?: Date | undefined;
}
