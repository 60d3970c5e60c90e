import { z } from 'zod';
import { defineEvents, eventText, personalMark } from '../../tenancy/events/events.ts';
import { agentConfigSchema, transferTargetSchema } from './agent-config.ts';

const described = agentConfigSchema.extend({
  instructions: eventText,
  transferTargets: z.array(transferTargetSchema.extend({ phone: personalMark })),
});

export const agentEvents = defineEvents('agent', {
  created: { says: 'An agent was made, as a draft.', after: described },
  updated: { says: 'The draft of an agent was changed.', before: described, after: described },
  'version-restored': {
    says: 'An earlier version of an agent became its draft.',
    before: described,
    after: described,
  },
  published: {
    says: 'The draft of an agent was published: it answers from the next call on.',
    before: z.object({ version: z.int().nullable() }),
    after: z.object({ version: z.int() }),
  },
  archived: { says: 'An agent that has answered calls was removed from use.', before: described },
  removed: { says: 'An agent that has answered no call was deleted.', before: described },
});
