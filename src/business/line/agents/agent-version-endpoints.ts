import { z } from 'zod';
import { pageQuery } from '../../../platform/data/paging.ts';
import { answer, type Endpoint, endpoint, pathId, restResource } from '../../tenancy/access/access.ts';
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
const agents = restResource({ path: '/v1/agents', id, tag, permission: 'agents', row: agentSchema });
const version = z.coerce.number<string>().int().min(1).max(1_000_000);
const versionOrDraft = z.union([z.literal('draft'), version]);

/** Versions, which are made of an agent's draft and never change. */
export function agentVersionEndpoints(catalogue: AgentCatalogue): readonly Endpoint[] {
  return [
    agents.action('publish', 'Publish the draft', {
      description:
        'Makes a version that never changes, and has it answer from the next call on: every node knows it within two seconds. Calls going on keep theirs. A draft that is published already makes no new version (200).',
      answers: { 200: publicationSchema, 201: publicationSchema },
      async handle(tx, actor, agentId, { ifMatch }) {
        const { isNew, ...publication } = await publishDraft(tx, actor, agentId, { catalogue, ifMatch });
        return answer(isNew ? 201 : 200, { ...publication.version, warnings: [...publication.warnings] });
      },
    }),
    agents.listOf('versions', 'List the versions, newest first', {
      query: pageQuery,
      page: versionPageSchema,
      handle: listVersions,
    }),
    ...versionEndpoints,
  ];
}

const versionEndpoints = [
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
  endpoint({
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
  }),
];
