import type { z } from 'zod';
import { InvalidInput } from '../../../platform/process/errors.ts';
import { type AgentCatalogue, findRecogniser } from './agent-catalogue.ts';
import type { AgentConfig } from './agent-config.ts';
import { greetingVariables, instructionVariables, unknownVariables } from './prompt-variables.ts';
import { storedConfigSchema } from './single-choice.ts';

type Problem = InvalidInput['problems'][number];

/** Reads the configuration of a draft or a request. The refusal names every field that is wrong. */
export function parseConfig(config: unknown, catalogue?: AgentCatalogue): AgentConfig {
  const parsed = storedConfigSchema.safeParse(config);
  const problems = parsed.success ? problemsOf(parsed.data, catalogue) : parsed.error.issues.map(problemIn);
  if (!parsed.success || problems.length > 0) {
    throw new InvalidInput(
      'The agent cannot answer as it is described; correct the fields named.',
      problems,
      { code: 'agent-not-valid' },
    );
  }
  return parsed.data;
}

function problemIn({ path, message }: z.core.$ZodIssue): Problem {
  return { pointer: `/${path.map(String).join('/')}`, detail: message };
}

/** Checks that need more than one field, or the catalogue. */
function problemsOf(config: AgentConfig, catalogue: AgentCatalogue | undefined): readonly Problem[] {
  const targets = config.transferTargets.map(({ id }) => id);
  const repeated = targets.findIndex((id, index) => targets.indexOf(id) < index);
  return [
    ...variableProblems('/greeting', config.greeting, greetingVariables),
    ...variableProblems('/instructions', config.instructions, instructionVariables),
    ...(catalogue === undefined
      ? []
      : [...toolProblems(config, catalogue), ...serviceProblems(config, catalogue)]),
    ...(repeated < 0
      ? []
      : [{ pointer: `/transferTargets/${repeated}/id`, detail: 'is the id of another target' }]),
    ...(config.tools.includes('transfer_call') && targets.length === 0
      ? [{ pointer: '/transferTargets', detail: 'must name somebody for transfer_call to connect to' }]
      : []),
  ];
}

function variableProblems(pointer: string, text: string, known: readonly string[]): readonly Problem[] {
  const unknown = unknownVariables(text, known);
  if (unknown.length === 0) return [];
  const detail = `does not know ${unknown.map(inBraces).join(', ')}; it knows ${known.map(inBraces).join(', ')}`;
  return [{ pointer, detail }];
}

function inBraces(name: string): string {
  return `{{${name}}}`;
}

function toolProblems(config: AgentConfig, { tools }: AgentCatalogue): readonly Problem[] {
  const known = tools.map(({ name }) => name);
  const switchedOn = config.tools.map((name, index) => ({ name, pointer: `/tools/${index}` }));
  const withSettings = Object.keys(config.toolSettings).map((name) => ({
    name,
    pointer: `/toolSettings/${name}`,
  }));
  return [...switchedOn, ...withSettings]
    .filter(({ name }) => !known.includes(name))
    .map(({ name, pointer }) => ({
      pointer,
      detail: `there is no tool ${name}; there are ${known.join(', ')}`,
    }));
}

/** With a vendor that this server does not have, the agent could not hear or speak. */
function serviceProblems(config: AgentConfig, { recognisers, speakers }: AgentCatalogue): readonly Problem[] {
  const models = recognisers.map(({ provider, model }) => `${provider} with ${model}`);
  const providers = speakers.map(({ provider }) => provider);
  return [
    ...config.recognisers.flatMap((choice, index) =>
      findRecogniser(recognisers, choice) !== undefined
        ? []
        : [
            {
              pointer: `/recognisers/${index}`,
              detail: `there is no such recogniser; there are ${models.join(', ')}`,
            },
          ],
    ),
    ...config.voices.flatMap(({ provider }, index) =>
      providers.includes(provider)
        ? []
        : [
            {
              pointer: `/voices/${index}/provider`,
              detail: `nobody of that name speaks here; ${providers.join(' and ')} do`,
            },
          ],
    ),
  ];
}
