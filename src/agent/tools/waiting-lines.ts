import { z } from 'zod';
import type { AgentConfig } from '../../business/line/agents/agents.ts';
import { readByLanguage } from '../prompt/prompt.ts';
import { toolsFor } from './registry.ts';
import type { Tool } from './tool.ts';

/** Lines by the name of the tool, in prompts/tools/<language>.json. */
const linesOf = readByLanguage('tools', z.record(z.string(), z.string().min(1)));

/**
 * What is said when a tool takes longer than a second: the line from the agent's configuration, else the default in its
 * language. Undefined for a tool without one, for which a general line is said.
 */
export function waitingLine(
  { language, toolSettings }: Pick<AgentConfig, 'language' | 'toolSettings'>,
  tool: string,
): string | undefined {
  return toolSettings[tool]?.waitingLine ?? linesOf(language)[tool];
}

/** Every waiting line of an agent, to be synthesised in advance. Call-control tools take no time and have none. */
export function waitingLinesOf(agent: AgentConfig, list?: readonly Tool[]): readonly string[] {
  return toolsFor(agent, list)
    .filter(({ effect }) => effect !== 'call-control')
    .flatMap(({ name }) => waitingLine(agent, name) ?? []);
}
