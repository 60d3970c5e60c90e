import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { pageQuery, toPage } from '../../../platform/data/paging.ts';
import { idParams } from '../../../platform/http/rest-ids.ts';
import { actorOf, tenantOf } from '../../tenancy/access/actor.ts';
import { ifMatchOf, withEtag } from '../../tenancy/access/etag.ts';
import { changing, reading } from '../../tenancy/access/responses.ts';
import { presentConfig } from './config-schema.ts';
import {
  compareVersions,
  type DraftDependencies,
  getVersion,
  listVersions,
  publishDraft,
  restoreVersion,
} from './agent-service.ts';
import { agentIdIn, matching } from './agent-endpoints.ts';
import {
  agentSchema,
  comparisonSchema,
  presentAgent,
  presentVersion,
  versionDetailSchema,
  versionPageSchema,
  presentPublication,
  publicationSchema,
} from './agent.ts';

const tags = ['Agents'];
const read = { access: { permission: 'agents:read' } } as const;
const write = { access: { permission: 'agents:write' } } as const;

const versionNumber = z.coerce.number().int().min(1).max(1_000_000);
const versionOrDraft = z.union([z.literal('draft'), versionNumber]);
const versionParams = z.object({ ...idParams.shape, version: versionNumber });
const comparisonParams = z.object({ ...idParams.shape, a: versionOrDraft, b: versionOrDraft });

/** What of an agent answers calls: versions that never change, made of its draft. */
export const agentVersionRoutes: FastifyPluginAsyncZod<DraftDependencies> = async (app, dependencies) => {
  const { db } = dependencies;

  app.post(
    '/v1/agents/:id/publish',
    {
      config: write,
      schema: {
        tags,
        summary: 'Publish the draft',
        description:
          'Makes a version that never changes, and has it answer from the next call on: every node knows it within two seconds. Calls going on keep theirs. A draft that is published already makes no new version (200).',
        params: idParams,
        response: { 200: publicationSchema, 201: publicationSchema, ...changing },
      },
    },
    async (request, reply) => {
      const agentId = agentIdIn(request.params.id);
      const check = matching(ifMatchOf(request));
      const publication = await publishDraft(dependencies, actorOf(request), agentId, check);
      return reply.code(publication.isNew ? 201 : 200).send(presentPublication(publication));
    },
  );

  app.get(
    '/v1/agents/:id/versions',
    {
      config: read,
      schema: {
        tags,
        summary: 'List the versions, newest first',
        params: idParams,
        querystring: pageQuery,
        response: { 200: versionPageSchema, ...reading },
      },
    },
    async (request) => {
      const agentId = agentIdIn(request.params.id);
      const versions = await listVersions(db, tenantOf(request), agentId, request.query);
      return toPage(versions, request.query.limit, ({ version }) => [version], presentVersion);
    },
  );

  app.get(
    '/v1/agents/:id/versions/:version',
    {
      config: read,
      schema: {
        tags,
        summary: 'Read one version',
        params: versionParams,
        response: { 200: versionDetailSchema, ...reading },
      },
    },
    async (request) => {
      const { id, version } = request.params;
      const found = await getVersion(db, tenantOf(request), agentIdIn(id), version);
      return { ...presentVersion(found), config: presentConfig(found.config) };
    },
  );

  app.get(
    '/v1/agents/:id/versions/:a/compare/:b',
    {
      config: read,
      schema: {
        tags,
        summary: 'Compare two versions, field by field',
        description: 'Either of them may be `draft`.',
        params: comparisonParams,
        response: { 200: comparisonSchema, ...reading },
      },
    },
    async (request) => {
      const { id, a, b } = request.params;
      return { changes: await compareVersions(db, tenantOf(request), agentIdIn(id), [a, b]) };
    },
  );

  app.post(
    '/v1/agents/:id/versions/:version/restore',
    {
      config: write,
      schema: {
        tags,
        summary: 'Make a version the draft again',
        description: 'It answers calls once it is published.',
        params: versionParams,
        response: { 200: agentSchema, ...changing },
      },
    },
    async (request, reply) => {
      const { id, version } = request.params;
      const check = matching(ifMatchOf(request));
      const agent = await restoreVersion(db, actorOf(request), agentIdIn(id), version, check);
      return withEtag(reply, presentAgent(agent));
    },
  );
};
