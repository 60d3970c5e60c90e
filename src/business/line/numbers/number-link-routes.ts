import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Db } from '../../../platform/data/db.ts';
import { idInPath, idInput, idOutput, idParams } from '../../../platform/http/rest-ids.ts';
import { actorOf, tenantOf } from '../../tenancy/access/actor.ts';
import { changing, reading } from '../../tenancy/access/responses.ts';
import { linkNumbers, listLinkedNumbers, unlinkNumber } from './number-links.ts';
import { weight } from './number.ts';

const tags = ['Agents'];
const read = { access: { permission: 'phone-numbers:read' } } as const;
const write = { access: { permission: 'phone-numbers:write' } } as const;

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
        phoneNumberId: idOutput('num'),
        phoneNumber: z.string(),
        label: z.string(),
        status: z.string(),
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
export const numberLinkRoutes: FastifyPluginAsyncZod<{ readonly db: Db }> = async (app, { db }) => {
  app.post(
    '/v1/agents/:id/link-numbers',
    {
      config: write,
      schema: {
        tags,
        summary: 'Have an agent answer numbers',
        description: 'Added to the numbers it answers; a number that is linked already gets the new weight.',
        params: idParams,
        body: linkSchema,
        response: { 200: linkedSchema, ...changing },
      },
    },
    async (request) => {
      const agentId = idInPath('agt', request.params.id, 'agent');
      const data = await linkNumbers(db, actorOf(request), agentId, request.body.phoneNumbers);
      return { data: [...data], nextCursor: null };
    },
  );

  app.get(
    '/v1/agents/:id/linked-numbers',
    {
      config: read,
      schema: {
        tags,
        summary: 'List the numbers an agent answers',
        params: idParams,
        response: { 200: linkedSchema, ...reading },
      },
    },
    async (request) => {
      const agentId = idInPath('agt', request.params.id, 'agent');
      const data = await listLinkedNumbers(db, tenantOf(request), agentId);
      return { data: [...data], nextCursor: null };
    },
  );

  app.delete(
    '/v1/agents/:id/linked-numbers/:numberId',
    {
      config: write,
      schema: {
        tags,
        summary: 'Have an agent answer a number no more',
        params: z.object({ ...idParams.shape, numberId: z.string().max(100) }),
        response: { 204: z.null(), ...changing },
      },
    },
    async (request, reply) => {
      const agentId = idInPath('agt', request.params.id, 'agent');
      const numberId = idInPath('num', request.params.numberId, 'phone number');
      await unlinkNumber(db, actorOf(request), { agentId, numberId });
      return reply.code(204).send(null);
    },
  );
};
