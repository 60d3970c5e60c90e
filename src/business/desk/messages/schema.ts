import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idInput, idOutput } from '../../../platform/http/rest-ids.ts';
import { instantOutput, queryFlag } from '../../../platform/http/rest-values.ts';
import type { PhoneMessage } from './service.ts';

const status = z.enum(['new', 'handled']);

export const messageSchema = z
  .object({
    id: idOutput('msg'),
    customerId: idOutput('cus').nullable(),
    callId: idOutput('call').nullable(),
    callerName: z.string().nullable(),
    callbackPhone: z.string().nullable().describe('E.164.'),
    body: z.string(),
    urgent: z.boolean(),
    status,
    assigneeId: idOutput('mem').nullable(),
    handledAt: instantOutput.nullable(),
    handledBy: z.string().nullable().describe('Id of the member or API key.'),
    createdAt: instantOutput,
    updatedAt: instantOutput,
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

export function presentMessage(message: PhoneMessage): z.output<typeof messageSchema> {
  return {
    ...message,
    handledAt: message.handledAt?.toISOString() ?? null,
    createdAt: message.createdAt.toISOString(),
    updatedAt: message.updatedAt.toISOString(),
  };
}
