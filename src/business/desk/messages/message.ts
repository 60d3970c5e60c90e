import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idInput, idOf } from '../../../platform/http/rest-ids.ts';
import { instant, queryFlag } from '../../../platform/http/rest-values.ts';
import type { CallId, CustomerId } from '../../tenancy/ids/ids.ts';

/* Schemas of a caller's message to the business, in responses and events. */

const status = z.enum(['new', 'handled']);
export type MessageStatus = z.output<typeof status>;

export const messageSchema = z
  .object({
    id: idOf('msg'),
    customerId: idOf('cus').nullable(),
    callId: idOf('call').nullable(),
    callerName: z.string().nullable(),
    callbackPhone: z.string().nullable().describe('E.164.'),
    body: z.string(),
    urgent: z.boolean(),
    status,
    assigneeId: idOf('mem').nullable(),
    handledAt: instant.nullable(),
    handledBy: z.string().nullable().describe('Id of the member or API key.'),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({
    id: 'PhoneMessage',
    examples: [
      {
        id: 'msg_01h2xcejqtf2nbrexx3vqjhp41',
        customerId: 'cus_01h2xcejqtf2nbrexx3vqjhp41',
        callId: 'call_01h2xcejqtf2nbrexx3vqjhp41',
        callerName: 'Maya Lindgren',
        callbackPhone: '+14155550123',
        body: 'Please call back about the invoice.',
        urgent: false,
        status: 'new',
        assigneeId: null,
        handledAt: null,
        handledBy: null,
        createdAt: '2026-11-24T15:30:00.000Z',
        updatedAt: '2026-11-24T15:30:00.000Z',
      },
    ],
  });

export type PhoneMessage = z.output<typeof messageSchema> & { readonly version: number };

export const messagePageSchema = pageOf(messageSchema).meta({ id: 'PhoneMessagePage' });

export const messageQuery = z.object({
  ...pageQuery.shape,
  status: status.optional(),
  urgent: queryFlag.optional(),
  assigneeId: z
    .union([idInput('mem'), z.literal('none').transform(() => null)])
    .optional()
    .describe('A member, or `none` for messages nobody has taken.'),
  customerId: idInput('cus').optional(),
  callId: idInput('call').optional(),
});

export const messageChangesSchema = z
  .strictObject({
    status,
    assigneeId: idInput('mem').nullable().describe('Null: nobody any more.'),
  })
  .partial()
  .meta({ id: 'PhoneMessageChanges', examples: [{ status: 'handled' }] });

export type MessageChanges = z.output<typeof messageChangesSchema>;

/** A message as the agent takes it. */
export interface TakenMessage {
  readonly body: string;
  readonly callerName?: string | undefined;
  /** The number as the caller said it; a missing country code is that of `callerPhone`. */
  readonly callbackPhone?: string | undefined;
  readonly callerPhone?: string | undefined;
  readonly urgent?: boolean | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly callId?: CallId | undefined;
  /** For imports; now by default. */
  readonly createdAt?: Date | undefined;
}
