import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idOutput } from '../../../platform/http/rest-ids.ts';
import { instantOutput, queryFlag } from '../../../platform/http/rest-values.ts';
import { configInput, configOutput, presentConfig } from './config-schema.ts';
import { patchSchemaOf } from './draft-patch.ts';
import type { AgentView, Publication, VersionView } from './agent-service.ts';
import { warningCodes } from './publish-warnings.ts';
import { promptVariables } from './prompt-variables.ts';
import { storedConfigSchema } from './single-choice.ts';

const exampleConfig = {
  name: 'Robin',
  language: 'en-US',
  greeting: '{{business.name}}, this is {{agent.name}}. How can I help you?',
  instructions:
    'You answer the telephone of {{business.name}}. Opening hours: {{business.hours}}. Greet {{caller.name}} by name if you know it.',
  voices: [
    { provider: 'elevenlabs', voiceId: '21m00Tcm4TlvDq8ikWAM' },
    { provider: 'deepgram', voiceId: 'aura-2-thalia-en' },
  ],
  tools: ['list_services', 'find_free_slots', 'book_appointment', 'take_message', 'end_call'],
};

const variablesTold = Object.entries(promptVariables)
  .map(([name, meaning]) => `\`{{${name}}}\` ${meaning}`)
  .join(' ');

/** What is left out of a new agent is as it is best for most. */
export const newAgentSchema = z
  .strictObject({
    ...configInput.shape,
    instructions: configInput.shape.instructions
      .default('')
      .describe(`The system prompt. Variables: ${variablesTold}`),
    voice: configInput.shape.voice.prefault({}),
    speechToText: configInput.shape.speechToText.prefault({}),
    model: configInput.shape.model.prefault({}),
    tools: configInput.shape.tools.default([]),
    turnTaking: configInput.shape.turnTaking.prefault({}),
    recording: configInput.shape.recording.prefault({}),
  })
  .meta({ id: 'NewAgent', examples: [exampleConfig] });

const exampleOutput = presentConfig(storedConfigSchema.parse(newAgentSchema.parse(exampleConfig)));

export const agentChangesSchema = patchSchemaOf(configInput).meta({
  id: 'AgentChanges',
  description: 'What is left out stays, at any depth of objects. Lists and toolSettings are replaced whole.',
  examples: [{ greeting: 'Good day, this is {{agent.name}}.', turnTaking: { maxReprompts: 1 } }],
});

const versionFields = {
  id: idOutput('agv'),
  version: z.int().describe('Counts from 1.'),
  publishedAt: instantOutput,
  publishedBy: z.string().nullable().describe('Who published it: a member, a key.'),
};

const exampleVersion = {
  id: 'agv_01h2xcejqtf2nbrexx3vqjhp41',
  agentId: 'agt_01h2xcejqtf2nbrexx3vqjhp41',
  version: 3,
  publishedAt: '2026-11-24T15:30:00.000Z',
  publishedBy: 'mem_01h2xcejqtf2nbrexx3vqjhp41',
};

export const versionSchema = z
  .object({ ...versionFields, agentId: idOutput('agt') })
  .meta({ id: 'AgentVersion', examples: [exampleVersion] });

export const publicationSchema = z
  .object({
    ...versionFields,
    agentId: idOutput('agt'),
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

export const versionDetailSchema = z
  .object({ ...versionFields, agentId: idOutput('agt'), config: configOutput })
  .meta({
    id: 'AgentVersionDetail',
    examples: [{ ...exampleVersion, config: exampleOutput }],
  });

export const agentSchema = z
  .object({
    id: idOutput('agt'),
    name: z.string(),
    status: z.enum(['draft', 'published', 'archived']),
    draft: configOutput,
    published: z.object(versionFields).nullable().describe('What answers calls.'),
    hasUnpublishedChanges: z.boolean(),
    archivedAt: instantOutput.nullable(),
    createdAt: instantOutput,
    updatedAt: instantOutput,
  })
  .meta({
    id: 'Agent',
    examples: [
      {
        id: 'agt_01h2xcejqtf2nbrexx3vqjhp41',
        name: 'Robin',
        status: 'published',
        draft: exampleOutput,
        published: {
          id: exampleVersion.id,
          version: 3,
          publishedAt: exampleVersion.publishedAt,
          publishedBy: exampleVersion.publishedBy,
        },
        hasUnpublishedChanges: false,
        archivedAt: null,
        createdAt: '2026-11-02T09:00:00.000Z',
        updatedAt: '2026-11-24T15:30:00.000Z',
      },
    ],
  });

export const agentListQuery = z.object({
  ...pageQuery.shape,
  search: z.string().min(1).max(80).optional().describe('Part of the name.'),
  archived: queryFlag.default(false),
});

export const agentPageSchema = pageOf(agentSchema).meta({ id: 'AgentPage' });
export const versionPageSchema = pageOf(versionSchema).meta({ id: 'AgentVersionPage' });

export const removalSchema = z
  .object({ id: idOutput('agt'), outcome: z.enum(['removed', 'archived']) })
  .meta({
    id: 'AgentRemoval',
    examples: [{ id: 'agt_01h2xcejqtf2nbrexx3vqjhp41', outcome: 'archived' }],
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

export function presentAgent(agent: AgentView): z.output<typeof agentSchema> {
  const { id, draft, published, hasUnpublishedChanges, archivedAt, createdAt, updatedAt } = agent;
  return {
    id,
    name: draft.name,
    status: archivedAt !== null ? 'archived' : published === null ? 'draft' : 'published',
    draft: presentConfig(draft),
    published: published === null ? null : { ...published, publishedAt: published.publishedAt.toISOString() },
    hasUnpublishedChanges,
    archivedAt: archivedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

export function presentVersion({ id, agentId, version, publishedAt, publishedBy }: VersionView) {
  return { id, agentId, version, publishedAt: publishedAt.toISOString(), publishedBy };
}

export function presentPublication({ version, warnings }: Publication) {
  return { ...presentVersion(version), warnings: [...warnings] };
}
