import type { ChatCompletionCreateParamsStreaming, ChatCompletionMessageParam } from 'openai/resources';
import type { LanguageModelRequest, ModelMessage } from '../../agent/agent.ts';

/** Converts a request to the vendor's format. */
export function formatChatRequest(request: LanguageModelRequest): ChatCompletionCreateParamsStreaming {
  return {
    model: request.model,
    messages: request.messages.map(formatMessage),
    stream: true,
    stream_options: { include_usage: true, include_obfuscation: false },
    max_completion_tokens: request.maxOutputTokens,
    // Current models accept function tools here only with this effort; the default is medium.
    reasoning_effort: 'none',
    verbosity: 'low',
    prompt_cache_key: request.cacheKey,
    ...(request.tools.length === 0
      ? {}
      : {
          tools: request.tools.map(({ name, description, parameters }) => ({
            type: 'function' as const,
            function: { name, description, parameters, strict: true },
          })),
          // Two bookings in one turn are hard to undo.
          parallel_tool_calls: false,
        }),
  };
}

function formatMessage(message: ModelMessage): ChatCompletionMessageParam {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: message.content };
    case 'assistant': {
      const toolCalls = message.toolCalls ?? [];
      if (toolCalls.length === 0) return { role: 'assistant', content: message.content };
      return {
        role: 'assistant',
        content: message.content === '' ? null : message.content,
        tool_calls: toolCalls.map(({ id, name, arguments: text }) => ({
          id,
          type: 'function',
          function: { name, arguments: text },
        })),
      };
    }
    case 'tool':
      return { role: 'tool', tool_call_id: message.toolCallId, content: message.content };
    default:
      return message satisfies never;
  }
}
