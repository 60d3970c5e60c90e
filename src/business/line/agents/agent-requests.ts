import { z } from 'zod';
import { pageQuery } from '../../../platform/data/paging.ts';
import { queryFlag } from '../../../platform/http/rest-values.ts';
import { configInput } from './config-schema.ts';
import { patchSchemaOf } from './draft-patch.ts';
import { promptVariables } from './prompt-variables.ts';
import { storedConfigSchema } from './single-choice.ts';

/* What clients ask for: which agents they list, and what an agent is to be. */

export const agentQuery = z.object({
  ...pageQuery.shape,
  search: z.string().min(1).max(80).optional().describe('Words of the name, in part or whole.'),
  archived: queryFlag.default(false),
});

const exampleInput = {
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

const variables = Object.entries(promptVariables)
  .map(([name, meaning]) => `\`{{${name}}}\` ${meaning}`)
  .join(' ');

/** Defaults are what suits most agents. */
export const newAgentSchema = z
  .strictObject({
    ...configInput.shape,
    instructions: configInput.shape.instructions
      .default('')
      .describe(`The system prompt. Variables: ${variables}`),
    voice: configInput.shape.voice.prefault({}),
    speechToText: configInput.shape.speechToText.prefault({}),
    model: configInput.shape.model.prefault({}),
    tools: configInput.shape.tools.default([]),
    turnTaking: configInput.shape.turnTaking.prefault({}),
    recording: configInput.shape.recording.prefault({}),
  })
  .meta({ id: 'NewAgent', examples: [exampleInput] });

/** The example as it is stored. */
export const exampleConfig = storedConfigSchema.parse(newAgentSchema.parse(exampleInput));

export const agentChangesSchema = patchSchemaOf(configInput).meta({
  id: 'AgentChanges',
  description: 'What is left out stays, at any depth of objects. Lists and toolSettings are replaced whole.',
  examples: [{ greeting: 'Good day, this is {{agent.name}}.', turnTaking: { maxReprompts: 1 } }],
});
