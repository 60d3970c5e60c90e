import { z } from 'zod';
import { pageOf } from '../../../platform/data/paging.ts';
import { idOf } from '../../../platform/http/rest-ids.ts';
import { instant } from '../../../platform/http/rest-values.ts';
import { exampleConfig } from './agent-requests.ts';
import { exampleVersion, versionFields } from './agent-version.ts';
import { configOutput, presentConfig } from './config-schema.ts';

/* An agent as it is answered. */

export const agentSchema = z
  .object({
    id: idOf('agt'),
    name: z.string(),
    status: z.enum(['draft', 'published', 'archived']),
    draft: configOutput,
    published: z.object(versionFields).nullable().describe('The version that answers calls.'),
    hasUnpublishedChanges: z.boolean(),
    archivedAt: instant.nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({
    id: 'Agent',
    examples: [
      {
        id: exampleVersion.agentId,
        name: 'Robin',
        status: 'published',
        draft: presentConfig(exampleConfig),
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

export type Agent = z.output<typeof agentSchema> & { readonly version: number };

export const agentPageSchema = pageOf(agentSchema).meta({ id: 'AgentPage' });

export const removalSchema = z.object({ id: idOf('agt'), outcome: z.enum(['removed', 'archived']) }).meta({
  id: 'AgentRemoval',
  examples: [{ id: 'agt_01h2xcejqtf2nbrexx3vqjhp41', outcome: 'archived' }],
});

export type Removal = z.output<typeof removalSchema>;
