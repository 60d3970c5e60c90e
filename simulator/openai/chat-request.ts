import { isObject } from '../vendor-server.ts';
import { invalidRequest, modelNotFound, type ApiError } from './api-error.ts';
import { isChatModel, isReasoningModel, refusesToolsWithReasoning } from './models.ts';
import { parseTools, type OfferedTool } from './tool-definitions.ts';

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly OfferedTool[];
  readonly toolChoice: 'none' | 'auto' | 'required' | { readonly name: string };
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly includeObfuscation: boolean;
  readonly maxCompletionTokens: number | undefined;
  /** JSON Schema of the answer, when one was asked for. */
  readonly answerSchema: Readonly<Record<string, unknown>> | undefined;
  readonly cacheKey: string | undefined;
}

export type ChatMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls: readonly CalledTool[] }
  | { readonly role: 'tool'; readonly toolCallId: string; readonly content: string };

export interface CalledTool {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

type Body = Readonly<Record<string, unknown>>;

const FIELDS: ReadonlySet<string> = new Set(
  (
    'model messages stream stream_options max_completion_tokens max_tokens reasoning_effort verbosity tools ' +
    'tool_choice parallel_tool_calls response_format stop service_tier prompt_cache_key prompt_cache_options ' +
    'prompt_cache_retention store metadata safety_identifier user temperature top_p logprobs top_logprobs n seed ' +
    'presence_penalty frequency_penalty logit_bias modalities'
  ).split(' '),
);
const EFFORTS: readonly unknown[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];
const MAX_SAFETY_IDENTIFIER = 128;

/** Parses the body as the vendor does: returns a request, or the vendor's error. */
export function parseChatRequest(body: Body | undefined): ChatRequest | ApiError {
  if (!body) return invalidRequest('We could not parse the JSON body of your request.');
  const { model } = body;
  if (typeof model !== 'string' || model === '') return invalidRequest('you must provide a model parameter');
  if (!isChatModel(model)) return modelNotFound(model);
  const messages = parseMessages(body['messages']);
  if (!Array.isArray(messages)) return messages;
  const tools = parseTools(body['tools']);
  if (!Array.isArray(tools)) return tools;
  const wrong = checkFields(body) ?? checkReasoning(body, model, tools.length > 0);
  if (wrong) return wrong;
  const toolChoice = parseToolChoice(body['tool_choice'], tools);
  if (typeof toolChoice === 'object' && 'status' in toolChoice) return toolChoice;
  const options = isObject(body['stream_options']) ? body['stream_options'] : {};
  return {
    model,
    messages,
    tools,
    toolChoice,
    stream: body['stream'] === true,
    includeUsage: options['include_usage'] === true,
    includeObfuscation: options['include_obfuscation'] !== false,
    maxCompletionTokens: body['max_completion_tokens'] as number | undefined,
    answerSchema: answerSchemaOf(body['response_format']),
    cacheKey: body['prompt_cache_key'] as string | undefined,
  };
}

function checkFields(body: Body): ApiError | undefined {
  const unknown = Object.keys(body).find((field) => !FIELDS.has(field));
  if (unknown) return invalidRequest(`Unrecognized request argument supplied: ${unknown}`, unknown);
  if (body['stream_options'] !== undefined && body['stream'] !== true)
    return invalidRequest(
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      'stream_options',
    );
  const limit = body['max_completion_tokens'];
  if (limit !== undefined && !(Number.isInteger(limit) && (limit as number) > 0))
    return invalidRequest(
      "Invalid 'max_completion_tokens': integer above 0 expected.",
      'max_completion_tokens',
    );
  const { verbosity, reasoning_effort: effort, safety_identifier: identifier, n } = body;
  if (verbosity !== undefined && !['low', 'medium', 'high'].includes(verbosity as string))
    return invalidRequest(`Invalid value: '${JSON.stringify(verbosity)}'.`, 'verbosity', 'invalid_value');
  if (effort !== undefined && !EFFORTS.includes(effort))
    return invalidRequest(`Invalid value: '${JSON.stringify(effort)}'.`, 'reasoning_effort', 'invalid_value');
  if (typeof identifier === 'string' && identifier.length > MAX_SAFETY_IDENTIFIER)
    return invalidRequest('string too long', 'safety_identifier', 'string_above_max_length');
  return n === undefined || n === 1 ? undefined : invalidRequest('this simulator gives one answer', 'n');
}

function checkReasoning(body: Body, model: string, hasTools: boolean): ApiError | undefined {
  if (!isReasoningModel(model)) return undefined;
  // Without an effort the model's default applies, which includes reasoning.
  const isThinking = body['reasoning_effort'] !== 'none';
  if (isThinking && hasTools && refusesToolsWithReasoning(model))
    return invalidRequest(
      `Function tools with reasoning_effort are not supported for ${model} in /v1/chat/completions. ` +
        "Please use /v1/responses or set reasoning_effort to 'none'.",
      'reasoning_effort',
    );
  if (body['max_tokens'] !== undefined)
    return unsupported('max_tokens', "Use 'max_completion_tokens' instead.");
  if (body['stop'] !== undefined) return unsupported('stop');
  const sampling = ['temperature', 'top_p', 'logprobs'].find((field) => body[field] !== undefined);
  return isThinking && sampling ? unsupported(sampling) : undefined;
}

function unsupported(parameter: string, hint = ''): ApiError {
  const message = `Unsupported parameter: '${parameter}' is not supported with this model. ${hint}`.trim();
  return invalidRequest(message, parameter, 'unsupported_parameter');
}

function parseToolChoice(
  choice: unknown,
  tools: readonly OfferedTool[],
): ChatRequest['toolChoice'] | ApiError {
  if (choice === undefined) return tools.length > 0 ? 'auto' : 'none';
  if (tools.length === 0)
    return invalidRequest("'tool_choice' is only allowed when 'tools' are specified.", 'tool_choice');
  if (choice === 'none' || choice === 'auto' || choice === 'required') return choice;
  const named = isObject(choice) && isObject(choice['function']) ? choice['function']['name'] : undefined;
  const tool = tools.find(({ name }) => name === named);
  return tool ? { name: tool.name } : invalidRequest("Invalid value for 'tool_choice'.", 'tool_choice');
}

function answerSchemaOf(format: unknown): Body | undefined {
  if (!isObject(format) || format['type'] !== 'json_schema' || !isObject(format['json_schema']))
    return undefined;
  const { schema } = format['json_schema'];
  return isObject(schema) ? schema : undefined;
}

function parseMessages(list: unknown): ChatMessage[] | ApiError {
  if (!Array.isArray(list) || list.length === 0)
    return invalidRequest("'messages' must not be empty", 'messages');
  const messages: ChatMessage[] = [];
  const pending = new Set<string>();
  for (const [index, item] of list.entries()) {
    const message = parseMessage(item, `messages.[${index}]`);
    if ('status' in message) return message;
    if (message.role === 'tool') {
      if (!pending.delete(message.toolCallId))
        return invalidRequest(
          "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.",
          `messages.[${index}].role`,
        );
    } else if (pending.size > 0) return missingResults(pending);
    if (message.role === 'assistant') for (const call of message.toolCalls) pending.add(call.id);
    messages.push(message);
  }
  return pending.size > 0 ? missingResults(pending) : messages;
}

function missingResults(pending: ReadonlySet<string>): ApiError {
  return invalidRequest(
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. " +
      `The following tool_call_ids did not have response messages: ${[...pending].join(', ')}`,
    'messages',
  );
}

function parseMessage(item: unknown, at: string): ChatMessage | ApiError {
  if (!isObject(item)) return invalidRequest(`Invalid type for '${at}': expected an object.`, at);
  const content = textOf(item['content']);
  switch (item['role']) {
    case 'developer':
    case 'system':
    case 'user': {
      const role = item['role'] === 'user' ? 'user' : 'system';
      return content === undefined ? invalidContent(at) : { role, content };
    }
    case 'tool': {
      const toolCallId = item['tool_call_id'];
      if (typeof toolCallId !== 'string')
        return invalidRequest(`Missing required parameter: '${at}.tool_call_id'.`, `${at}.tool_call_id`);
      return content === undefined ? invalidContent(at) : { role: 'tool', toolCallId, content };
    }
    case 'assistant': {
      const toolCalls = parseCalls(item['tool_calls'], at);
      if (!Array.isArray(toolCalls)) return toolCalls;
      if (content === undefined && toolCalls.length === 0) return invalidContent(at);
      return { role: 'assistant', content: content ?? '', toolCalls };
    }
    default:
      return invalidRequest(`Invalid value: '${String(item['role'])}'.`, `${at}.role`, 'invalid_value');
  }
}

function invalidContent(at: string): ApiError {
  return invalidRequest(`Invalid value for 'content': expected a string, got null.`, `${at}.content`);
}

function parseCalls(list: unknown, at: string): CalledTool[] | ApiError {
  if (list === undefined) return [];
  const wrong = invalidRequest(`Invalid '${at}.tool_calls'.`, `${at}.tool_calls`);
  if (!Array.isArray(list) || list.length === 0) return wrong;
  const calls: CalledTool[] = [];
  for (const item of list as unknown[]) {
    if (!isObject(item) || item['type'] !== 'function' || !isObject(item['function'])) return wrong;
    const { name, arguments: args } = item['function'];
    const { id } = item;
    if (typeof id !== 'string' || typeof name !== 'string' || typeof args !== 'string') return wrong;
    calls.push({ id, name, arguments: args });
  }
  return calls;
}

/** A string, or text parts; undefined for anything else. */
function textOf(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  const texts = (content as unknown[]).map((part) => (isObject(part) ? part['text'] : undefined));
  return texts.every((text) => typeof text === 'string') ? texts.join('') : undefined;
}
