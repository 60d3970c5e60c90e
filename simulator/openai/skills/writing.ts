import type { ChatMessage } from '../chat-request.ts';
import { fillArguments } from '../tool-arguments.ts';
import type { JsonSchema } from '../tool-definitions.ts';

/** An answer in the form of a JSON Schema, with what was said in its texts. */
export function answerInForm(schema: JsonSchema, messages: readonly ChatMessage[]): string {
  const summary = summarise(messages);
  return JSON.stringify(
    fillArguments(schema, {
      description: summary,
      reason: summary,
      message: summary,
      subject: summary,
      note: summary,
    }),
  );
}

/** What the caller wanted and what was done about it, in two sentences. */
export function summarise(messages: readonly ChatMessage[]): string {
  const wish = messages.find(({ role }) => role === 'user')?.content.split(/(?<=[.!?])\s/)[0] ?? '';
  const tools = messages.flatMap((message) => (message.role === 'assistant' ? message.toolCalls : []));
  const done = [...new Set(tools.map(({ name }) => name.replaceAll('_', ' ')))];
  const acted = done.length > 0 ? `The agent used: ${done.join(', ')}.` : 'Nothing else was done.';
  return wish === '' ? 'The caller said nothing.' : `The caller said: ${wish} ${acted}`;
}
