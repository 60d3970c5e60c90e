/** Which tools an agent has, and how a call of one is run. */
export { toolCatalogueOf } from './catalogue.ts';
export { businessTools, modelTool, toolsOn } from './registry.ts';
export { type ToolRun, ToolRunner } from './run-tool.ts';
export { deleteToolCalls, toolHolding } from './tool-holding.ts';
export type { CallAction, Occasion, Tool } from './tool.ts';
export { waitingLinesOf } from './waiting-lines.ts';
