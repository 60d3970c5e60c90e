import type { ChatMessage, TextAgent, TextReplyEvent, TextReplyRequest } from './text-agent.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { Tenancy } from '../business/tenancy/tenancy.ts';
import { newId } from '../platform/data/ids.ts';
import { Conversation } from './conversation.ts';
import type { KnowledgeLookup } from './knowledge/knowledge-lookup.ts';
import type { LanguageModel } from './language-model.ts';
import { ModelChoice } from './model-choice.ts';
import { assemblePrompt } from './prompt/assemble-prompt.ts';
import type { ReplyPart } from './reply-part.ts';
import { ReplyRun } from './reply-run.ts';
import { modelTool, toolsFor } from './tools/registry.ts';
import { ToolRunner } from './tools/run-tool.ts';

export interface TextAgentDeps {
  readonly model: LanguageModel;
  /** Where the tools' transactions begin. */
  readonly tenancy: Tenancy;
  readonly clock: Clock;
  /** Where `search_knowledge` looks. */
  readonly knowledge?: KnowledgeLookup | undefined;
  /** An unexpected error, for the log. */
  readonly onError: (what: string, error: unknown) => void;
}

/** The chat agent: the prompt for text, the tools that need no telephone, and the same ledger as on calls. */
export function createTextAgent(deps: TextAgentDeps): TextAgent {
  return {
    async reply(request, emit) {
      try {
        await startReply(deps, request, emit);
      } catch (error) {
        deps.onError('text reply', error);
        if (!request.signal.aborted) emit({ type: 'end', outcome: 'failed' });
      }
    },
  };
}

function startReply(
  { model, tenancy, clock, knowledge, onError }: TextAgentDeps,
  request: TextReplyRequest,
  emit: (event: TextReplyEvent) => void,
): Promise<void> {
  const { tenantId, chatId, agent, timeZone, customerPhone, turn, signal } = request;
  const tools = toolsFor(agent).filter(({ effect }) => effect !== 'call-control');
  const setting = { tenantId, chatId, callerPhone: customerPhone, agent, timeZone, knowledge };
  const run = new ReplyRun(
    {
      model,
      models: new ModelChoice(agent.model.name, agent.model.fallback),
      conversation: conversationOf(request.messages),
      agent,
      prompt: assemblePrompt({
        channel: 'chat',
        agent,
        businessName: request.businessName,
        timeZone,
        startedAt: clock.date(),
        callerPhone: customerPhone,
        callerName: request.customerName,
        variables: request.variables,
      }),
      modelTools: tools.map(modelTool),
      cacheKey: request.agentVersionId,
      tools: new ToolRunner({ tools, context: setting, tenancy, clock, onError }),
      clock,
    },
    { replyId: newId('rpl'), turn, committed: Promise.resolve(), signal },
    (part) => {
      const event = eventOf(part);
      if (event !== undefined) emit(event);
    },
  );
  return run.run();
}

/** Written answers are read in full, so nothing is cut to a heard prefix. */
function conversationOf(messages: readonly ChatMessage[]): Conversation {
  const conversation = new Conversation();
  for (const { role, content } of messages) {
    if (role === 'user') {
      conversation.addCallerTurn(content);
      continue;
    }
    const replyId = newId('rpl');
    conversation.beginReply(replyId).addText(content);
    conversation.endReply(replyId, content, { interrupted: false });
  }
  return conversation;
}

/** A chat has no silence to bridge, so fillers are dropped; faults of models go to the log. */
function eventOf(part: ReplyPart): TextReplyEvent | undefined {
  switch (part.type) {
    case 'text-delta':
      return { type: 'text', text: part.text };
    case 'tool-started':
      return { type: 'tool-call', id: part.toolCallId, tool: part.tool, arguments: part.arguments };
    case 'tool-ended': {
      const { toolCallId: id, tool, status, result, durationMs } = part;
      return { type: 'tool-result', id, tool, status, result, durationMs };
    }
    case 'model-used': {
      const { inputTokens, cachedTokens, outputTokens } = part;
      return { type: 'usage', inputTokens, cachedTokens, outputTokens };
    }
    case 'end':
      return { type: 'end', outcome: part.outcome };
    case 'model-requested':
    case 'filler':
    case 'filler-text':
    case 'action':
    case 'fault':
      return undefined;
    default:
      return part satisfies never;
  }
}
