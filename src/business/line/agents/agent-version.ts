import { z } from 'zod';
import { pageOf } from '../../../platform/data/paging.ts';
import { idOf } from '../../../platform/http/rest-ids.ts';
import { instant } from '../../../platform/http/rest-values.ts';
import type { AgentConfig } from './agent-config.ts';
import { exampleConfig } from './agent-requests.ts';
import { configOutput, presentConfig } from './config-schema.ts';
import { warningCodes } from './publish-warnings.ts';

/* A published version as it is stored and answered. */

export const versionFields = {
  id: idOf('agv'),
  version: z.int().describe('Counts from 1.'),
  publishedAt: instant,
  publishedBy: z.string().nullable().describe('Who published it: a member, a key.'),
};

export const exampleVersion = {
  id: 'agv_01h2xcejqtf2nbrexx3vqjhp41',
  agentId: 'agt_01h2xcejqtf2nbrexx3vqjhp41',
  version: 3,
  publishedAt: '2026-11-24T15:30:00.000Z',
  publishedBy: 'mem_01h2xcejqtf2nbrexx3vqjhp41',
};

export const versionSchema = z
  .object({ ...versionFields, agentId: idOf('agt') })
  .meta({ id: 'AgentVersion', examples: [exampleVersion] });

export type AgentVersionSummary = z.output<typeof versionSchema>;

export interface AgentVersion extends AgentVersionSummary {
  readonly config: AgentConfig;
}

export const versionPageSchema = pageOf(versionSchema).meta({ id: 'AgentVersionPage' });

export const versionDetailSchema = z
  .object({ ...versionFields, agentId: idOf('agt'), config: configOutput })
  .meta({
    id: 'AgentVersionDetail',
    examples: [{ ...exampleVersion, config: presentConfig(exampleConfig) }],
  });

export const publicationSchema = z
  .object({
    ...versionFields,
    agentId: idOf('agt'),
    warnings: z
      .array(z.object({ code: z.enum(warningCodes), pointer: z.string(), detail: z.string() }))
      .describe('What will work less well than expected, such as a voice that does not speak the language.'),
  })
  .meta({
    id: 'AgentPublication',
    examples: [
      {
        ...exampleVersion,
        warnings: [
          {
            code: 'voice-language',
            pointer: '/voices/1',
            detail: 'The voice aura-2-thalia-en of deepgram does not speak de; aura-2-viktoria-de would.',
          },
        ],
      },
    ],
  });

export const comparisonSchema = z
  .object({
    changes: z.array(
      z.object({
        pointer: z.string().describe('JSON Pointer into the configuration.'),
        before: z.unknown().optional(),
        after: z.unknown().optional(),
      }),
    ),
  })
  .meta({
    id: 'AgentComparison',
    examples: [{ changes: [{ pointer: '/greeting', before: 'Hello.', after: 'Good day.' }] }],
  });
