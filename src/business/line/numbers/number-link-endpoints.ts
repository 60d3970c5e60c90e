import { z } from 'zod';
import { idInput, idOf } from '../../../platform/http/rest-ids.ts';
import { endpoint, pathId } from '../../tenancy/access/access.ts';
import { weight } from './number.ts';
import { type LinkedNumber, linkNumbers, listLinkedNumbers, unlinkNumber } from './number-links.ts';
import { numberStatuses } from './phone-number-table.ts';

const tag = 'Agents';
const id = pathId('agt', 'agent');

const linkSchema = z
  .strictObject({
    phoneNumbers: z
      .array(z.strictObject({ phoneNumberId: idInput('num'), weight }))
      .min(1)
      .max(100),
  })
  .meta({
    id: 'NumberLinks',
    examples: [{ phoneNumbers: [{ phoneNumberId: 'num_01h2xcejqtf2nbrexx3vqjhp41', weight: 100 }] }],
  });

const linkedSchema = z
  .object({
    data: z.array(
      z.object({
        phoneNumberId: idOf('num'),
        phoneNumber: z.string(),
        label: z.string(),
        status: z.enum(numberStatuses),
        weight: z.int().nullable().describe('Null where the agent answers after hours alone.'),
        answersAfterHours: z.boolean(),
      }),
    ),
    nextCursor: z.null(),
  })
  .meta({
    id: 'LinkedNumbers',
    examples: [
      {
        data: [
          {
            phoneNumberId: 'num_01h2xcejqtf2nbrexx3vqjhp41',
            phoneNumber: '+13125550100',
            label: 'Front desk',
            status: 'active',
            weight: 100,
            answersAfterHours: false,
          },
        ],
        nextCursor: null,
      },
    ],
  });

/** Which numbers an agent answers: many numbers to many agents. */
export const numberLinkEndpoints = [
  endpoint({
    method: 'POST',
    path: '/v1/agents/:id/link-numbers',
    needs: 'phone-numbers:write',
    tag,
    summary: 'Have an agent answer numbers',
    description: 'Added to the numbers it answers; a number that is linked already gets the new weight.',
    params: { id },
    body: linkSchema,
    answers: { 200: linkedSchema },
    handle: async ({ tx, actor, params, body }) =>
      onePage(await linkNumbers(tx, actor, params.id, body.phoneNumbers)),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/agents/:id/linked-numbers',
    needs: 'phone-numbers:read',
    tag,
    summary: 'List the numbers an agent answers',
    params: { id },
    answers: { 200: linkedSchema },
    handle: async ({ tx, params }) => onePage(await listLinkedNumbers(tx, params.id)),
  }),
  endpoint({
    method: 'DELETE',
    path: '/v1/agents/:id/linked-numbers/:numberId',
    needs: 'phone-numbers:write',
    tag,
    summary: 'Have an agent answer a number no more',
    params: { id, numberId: pathId('num', 'phone number') },
    answers: { 204: z.null() },
    handle: ({ tx, actor, params }) =>
      unlinkNumber(tx, actor, { agentId: params.id, numberId: params.numberId }),
  }),
];

function onePage(numbers: readonly LinkedNumber[]) {
  return { data: [...numbers], nextCursor: null };
}
