import type { z } from 'zod';
import type { BusinessTool, CallControlTool, LookUpTool, Tool } from './tool.ts';

/**
 * Forgets the type of a tool's arguments, so that tools can stand in one list. Sound because a tool's `run` is only
 * ever called with what its own schema has let through.
 */
export function defineTool<Schema extends z.ZodObject>(
  tool: BusinessTool<Schema> | LookUpTool<Schema> | CallControlTool<Schema>,
): Tool {
  return tool;
}
