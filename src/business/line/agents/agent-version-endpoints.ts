import { z } from 'zod';
import { pageQuery } from '../../../platform/data/paging.ts';
import { answer, type Endpoint, endpoint, pathId } from '../../tenancy/access/access.ts';
import { agentSchema } from './agent.ts';
import type { AgentCatalogue } from './agent-catalogue.ts';
import { restoreVersion } from './agent-service.ts';
import {
  comparisonSchema,
  publicationSchema,
  versionDetailSchema,
  versionPageSchema,
} from './agent-version.ts';
import { compareVersions, getVersion, listVersions } from './agent-versions.ts';
import { presentConfig } from './config-schema.ts';
import { publishDraft } from './publish-draft.ts';

const tag = 'Agents';
const id = pathId('agt', 'agent');
const version = z.coerce.number<string>().int().min(1).max(1_000_000);
const versionOrDraft = z.union([z.literal('draft'), version]);

/** Versions, which are made of an agent's draft and never change. */
export function agentVersionEndpoints(catalogue: AgentCatalogue): readonly Endpoint[] {
  return [publishingEndpoint(catalogue), ...readingEndpoints, restoringEndpoint];
}

function publishingEndpoint(catalogue: AgentCatalogue): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/v1/agents/:id/publish',
    needs: 'agents:write',
    tag,
    summary: 'Publish the draft',
    description:
      'Makes a version that never changes, and has it answer from the next call on: every node knows it within two seconds. Calls going on keep theirs. A draft that is published already makes no new version (200).',
    params: { id },
    answers: { 200: publicationSchema, 201: publicationSchema },
    async handle({ tx, actor, params, ifMatch }) {
      const { isNew, ...publication } = await publishDraft(tx, actor, params.id, { catalogue, ifMatch });
      return answer(isNew ? 201 : 200, { ...publication.version, warnings: [...publication.warnings] });
    },
  });
}

const readingEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/agents/:id/versions',
    needs: 'agents:read',
    tag,
    summary: 'List the versions, newest first',
    params: { id },
    query: pageQuery,
    answers: { 200: versionPageSchema },
    handle: ({ tx, params, query }) => listVersions(tx, params.id, query),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/agents/:id/versions/:version',
    needs: 'agents:read',
    tag,
    summary: 'Read one version',
    params: { id, version },
    answers: { 200: versionDetailSchema },
    async handle({ tx, params }) {
      const found = await getVersion(tx, params.id, params.version);
      return { ...found, config: presentConfig(found.config) };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/v1/agents/:id/versions/:a/compare/:b',
    needs: 'agents:read',
    tag,
    summary: 'Compare two versions, field by field',
    description: 'Either of them may be `draft`.',
    params: { id, a: versionOrDraft, b: versionOrDraft },
    answers: { 200: comparisonSchema },
    handle: async ({ tx, params }) => ({
      changes: await compareVersions(tx, params.id, [params.a, params.b]),
    }),
  }),
];

const restoringEndpoint = endpoint({
  method: 'POST',
  path: '/v1/agents/:id/versions/:version/restore',
  needs: 'agents:write',
  tag,
  summary: 'Make a version the draft again',
  description: 'It answers calls once it is published.',
  params: { id, version },
  answers: { 200: agentSchema },
  handle: ({ tx, actor, params, ifMatch }) =>
    restoreVersion(tx, actor, params.id, { version: params.version, ifMatch }),
});
