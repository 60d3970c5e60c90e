import type { z } from 'zod';
import type { BusinessTool, CallControlTool, LookUpTool, Tool } from './tool.ts';

/**
 * Erases the type of a tool's arguments, so that tools fit in one list. Sound because a tool's `run` is only
 * ever called with what its own schema has let through.
 */
export function defineTool<Schema extends z.ZodObject>(
  tool: BusinessTool<Schema> | LookUpTool<Schema> | CallControlTool<Schema>,
): Tool {
  return tool;
}
