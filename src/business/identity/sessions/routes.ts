import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Clock } from '../../../platform/process/clock.ts';
import type { Db } from '../../../platform/data/db.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import { parseId } from '../../../platform/data/ids.ts';
import type { SessionId } from '../../tenancy/references/ids.ts';
import { decodeCursor, pageOf, pageQuery, toPage } from '../../../platform/data/paging.ts';
import { problemSchema } from '../../../platform/http/problem.ts';
import { memberOf } from '../../tenancy/access/actor.ts';
import { describeDevice } from './device.ts';
import { endOtherSessions, endOwnSession, listSessions, type LiveSession } from './service.ts';

const sessionSchema = z
  .object({
    id: z.string(),
    device: z.string().describe('What its owner would recognise it by.'),
    userAgent: z.string(),
    address: z.string().describe('Where it was last seen from.'),
    tenant: z.object({ id: z.string(), name: z.string() }),
    createdAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime().describe('To about a quarter of an hour.'),
    expiresAt: z.iso.datetime(),
    isCurrent: z.boolean().describe('The one this request is made with.'),
  })
  .meta({
    id: 'Session',
    examples: [
      {
        id: 'ses_01jz5m3k9qe8xr4t6v2w7y0abc',
        device: 'Firefox on Windows',
        userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
        address: '203.0.113.7',
        tenant: { id: 'tnt_01jz5m3k9qe8xr4t6v2w7y0abd', name: 'Harbour Street Cycles' },
        createdAt: '2026-03-02T09:00:00.000Z',
        lastSeenAt: '2026-03-02T11:30:00.000Z',
        expiresAt: '2026-04-01T11:30:00.000Z',
        isCurrent: true,
      },
    ],
  });

const refused = { 401: problemSchema, 403: problemSchema, 503: problemSchema };
const shared = { tags: ['Sessions'] };

/** Where a person is signed in, on every device and in every business. */
export const sessionRoutes: FastifyPluginAsyncZod<{ readonly db: Db; readonly clock: Clock }> = async (
  app,
  { db, clock },
) => {
  app.get(
    '/v1/sessions',
    {
      config: { access: 'signed-in' },
      schema: {
        ...shared,
        summary: 'List where you are signed in',
        querystring: pageQuery,
        response: { 200: pageOf(sessionSchema), 400: problemSchema, ...refused },
      },
    },
    async (request) => {
      const { personId, sessionId } = memberOf(request);
      const { limit, cursor } = request.query;
      const before =
        cursor === undefined ? undefined : decodeCursor(cursor, z.tuple([z.string().max(100)]))[0];
      const page = { now: clock.date(), limit: limit + 1, before: before as SessionId | undefined };
      const rows = await listSessions(db, personId, page);
      return toPage(
        rows,
        limit,
        (row) => [row.id],
        (row) => present(row, sessionId),
      );
    },
  );

  app.delete(
    '/v1/sessions/:id',
    {
      config: { access: 'signed-in', changesAccess: true },
      schema: {
        ...shared,
        summary: 'End one of your sessions',
        params: z.object({ id: z.string().max(100) }),
        response: { 204: z.null(), 404: problemSchema, ...refused },
      },
    },
    async (request, reply) => {
      const sessionId = parseId('ses', request.params.id);
      if (sessionId === undefined) throw new NotFound('There is no such session.');
      await endOwnSession(db, memberOf(request), sessionId, 'ended', clock.date());
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/v1/sessions/end-others',
    {
      config: { access: 'signed-in', changesAccess: true },
      schema: {
        ...shared,
        summary: 'End all your sessions but this one',
        response: {
          200: z.object({ ended: z.number().int().describe('How many there were.') }),
          ...refused,
        },
      },
    },
    async (request) => ({ ended: await endOtherSessions(db, memberOf(request), clock.date()) }),
  );
};

function present(session: LiveSession, currentId: SessionId): z.infer<typeof sessionSchema> {
  return {
    id: session.id,
    device: describeDevice(session.device),
    userAgent: session.device,
    address: session.address,
    tenant: { id: session.tenantId, name: session.tenantName },
    createdAt: session.createdAt.toISOString(),
    lastSeenAt: session.lastSeenAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
    isCurrent: session.id === currentId,
  };
}
