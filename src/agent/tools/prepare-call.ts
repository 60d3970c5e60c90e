import type { ModelToolCall } from '../language-model.ts';
import { withoutNulls } from './json-schema.ts';
import type { Tool } from './tool.ts';

/** A tool call of the model, parsed and validated before anything runs. */
export type PreparedCall =
  | { readonly type: 'ready'; readonly tool: Tool; readonly arguments: Record<string, unknown> }
  | { readonly type: 'unknown-tool'; readonly arguments: unknown; readonly problem: string }
  | { readonly type: 'invalid-arguments'; readonly arguments: unknown; readonly problem: string };

/** Limits the prompt: a model makes no use of more, and a misbehaving one could fill the prompt with them. */
const MAX_PROBLEMS = 5;

export function prepareCall(tools: readonly Tool[], call: ModelToolCall): PreparedCall {
  const written = parseJson(call.arguments);
  const tool = tools.find(({ name }) => name === call.name);
  if (tool === undefined) {
    const known = tools.map(({ name }) => name).join(', ');
    return { type: 'unknown-tool', arguments: written ?? call.arguments, problem: `Use one of: ${known}.` };
  }
  if (written === undefined) {
    const problem = 'The arguments are not valid JSON. Call the tool again with complete arguments.';
    return { type: 'invalid-arguments', arguments: call.arguments, problem };
  }
  const parsed = tool.schema.safeParse(withoutNulls(written));
  if (parsed.success) return { type: 'ready', tool, arguments: parsed.data };
  const problems = parsed.error.issues
    .slice(0, MAX_PROBLEMS)
    .map(({ path, message }) => `${path.map(String).join('.') || 'arguments'}: ${message}`);
  return { type: 'invalid-arguments', arguments: written, problem: problems.join('; ') };
}

/** A tool without arguments is often called with none at all. */
function parseJson(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
