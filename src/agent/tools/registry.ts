import type { AgentConfig } from '../../business/line/agents/agents.ts';
import type { Channel } from '../channel.ts';
import type { ModelTool } from '../language-model.ts';
import { bookAppointmentTool } from './book-appointment.ts';
import { cancelAppointmentTool } from './cancel-appointment.ts';
import { cancelOrderTool } from './cancel-order.ts';
import { createOrderTool } from './create-order.ts';
import { createTicketTool } from './create-ticket.ts';
import { endCallTool } from './end-call.ts';
import { findAppointmentTool } from './find-appointment.ts';
import { findFreeSlotsTool } from './find-free-slots.ts';
import { findOrderTool } from './find-order.ts';
import { findTicketTool } from './find-ticket.ts';
import { strictJsonSchema } from './json-schema.ts';
import { listProductsTool } from './list-products.ts';
import { listServicesTool } from './list-services.ts';
import { moveAppointmentTool } from './move-appointment.ts';
import { searchKnowledgeTool } from './search-knowledge.ts';
import { takeMessageTool } from './take-message.ts';
import type { Tool } from './tool.ts';
import { transferCallTool } from './transfer-call.ts';
import { updateTicketTool } from './update-ticket.ts';

/** The tools that are the same for every agent; the order is the one the model sees. */
export const businessTools: readonly Tool[] = [
  searchKnowledgeTool,
  createTicketTool,
  findTicketTool,
  updateTicketTool,
  listProductsTool,
  createOrderTool,
  findOrderTool,
  cancelOrderTool,
  listServicesTool,
  findFreeSlotsTool,
  bookAppointmentTool,
  findAppointmentTool,
  moveAppointmentTool,
  cancelAppointmentTool,
  takeMessageTool,
];

/** Tools that are of no use without another one, which is then added. */
const needs: Readonly<Record<string, string>> = {
  [moveAppointmentTool.name]: findAppointmentTool.name,
  [cancelAppointmentTool.name]: findAppointmentTool.name,
};

/** What an agent's configuration may name. */
export const toolNames: readonly string[] = [
  ...businessTools.map(({ name }) => name),
  'transfer_call',
  'end_call',
];

const known = new WeakMap<readonly Tool[], WeakMap<AgentConfig, readonly Tool[]>>();
const schemas = new WeakMap<Tool, ModelTool>();

/**
 * The tools of an agent. Unknown names, for instance of removed tools, are ignored. Every agent can end the call; one
 * without transfer targets has no transfer tool.
 */
export function toolsFor(config: AgentConfig, list: readonly Tool[] = businessTools): readonly Tool[] {
  const byConfig = known.get(list) ?? new WeakMap<AgentConfig, readonly Tool[]>();
  known.set(list, byConfig);
  const tools = byConfig.get(config) ?? configuredTools(config, list);
  byConfig.set(config, tools);
  return tools;
}

function configuredTools(config: AgentConfig, list: readonly Tool[]): readonly Tool[] {
  const wanted = new Set(config.tools.flatMap((name) => [name, needs[name] ?? name]));
  const tools = list
    .filter(({ name }) => wanted.has(name))
    .map((tool) => withSettings(tool, config.toolSettings[tool.name]));
  if (wanted.has('transfer_call') && config.transferTargets.length > 0) {
    const transfer = transferCallTool(config.transferTargets);
    tools.push(withSettings(transfer, config.toolSettings[transfer.name]));
  }
  return [...tools, endCallTool];
}

/** Those of an agent's tools that the channel supports: a chat, for instance, cannot be transferred. */
export function toolsOn(
  channel: Channel,
  config: AgentConfig,
  list: readonly Tool[] = businessTools,
): readonly Tool[] {
  return toolsFor(config, list).filter(
    ({ needs: ability }) => ability === undefined || channel.can.has(ability),
  );
}

/** Applies the business's hint and deadline. Its waiting line is applied in `waiting-lines.ts`. */
function withSettings(tool: Tool, settings: AgentConfig['toolSettings'][string] | undefined): Tool {
  if (settings === undefined) return tool;
  const { hint, deadlineMs } = settings;
  return {
    ...tool,
    ...(hint === undefined ? {} : { description: `${tool.description} ${hint}` }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  };
}

/** The definition sent to the model; made once per tool. */
export function modelTool(tool: Tool): ModelTool {
  const before = schemas.get(tool);
  if (before !== undefined) return before;
  const { name, description } = tool;
  const made: ModelTool = { name, description, parameters: strictJsonSchema(tool.schema) };
  schemas.set(tool, made);
  return made;
}
