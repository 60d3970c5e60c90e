import type { z } from 'zod';
import { InvalidInput } from '../../../platform/process/errors.ts';
import type { AgentCatalogue } from './agent-catalogue.ts';
import { type AgentConfig, agentConfigSchema } from './agent-config.ts';
import { greetingVariables, instructionVariables, unknownVariables } from './prompt-variables.ts';

type Problem = InvalidInput['problems'][number];

/** A configuration as it stands in a draft or a request; refused with every field that is wrong. */
export function parseConfig(config: unknown, catalogue?: AgentCatalogue): AgentConfig {
  const parsed = agentConfigSchema.safeParse(config);
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

/** What the schema of a single field cannot see. */
function problemsOf(config: AgentConfig, catalogue: AgentCatalogue | undefined): readonly Problem[] {
  const targets = config.transferTargets.map(({ id }) => id);
  const repeated = targets.findIndex((id, index) => targets.indexOf(id) < index);
  return [
    ...variableProblems('/greeting', config.greeting, greetingVariables),
    ...variableProblems('/instructions', config.instructions, instructionVariables),
    ...(catalogue === undefined ? [] : toolProblems(config, catalogue)),
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
