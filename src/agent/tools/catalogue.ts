import type { CatalogueTool } from '../../business/line/agents/agents.ts';
import { endCallTool } from './end-call.ts';
import { modelTool } from './registry.ts';
import type { Tool } from './tool.ts';
import { transferCallTool } from './transfer-call.ts';

/** Placeholder; replaced by the agent's transfer targets. */
const someTarget = {
  id: 'id-of-a-target',
  name: 'a person of the transfer targets',
  phone: '+15005550199',
  when: 'as it says there',
};

/** Every tool that the configuration of an agent may name. */
export function toolCatalogueOf(list: readonly Tool[]): readonly CatalogueTool[] {
  return [...list, transferCallTool([someTarget]), endCallTool].map((tool) => {
    const { name, description, parameters } = modelTool(tool);
    // The difference between a look-up and a read is internal.
    const effect = tool.effect === 'look-up' ? 'read' : tool.effect;
    return { name, description, effect, parameters };
  });
}
