import { findPhone } from '../business/customers/customers.ts';
import type { Line } from '../business/line/directory/directory.ts';
import type { Tenancy } from '../business/tenancy/tenancy.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { Channel } from './channel.ts';
import type { Conversation } from './conversation.ts';
import type { KnowledgeLookup } from './knowledge/knowledge.ts';
import type { LanguageModel, ModelMessage, ModelTool } from './language-model.ts';
import { ModelChoice } from './model-choice.ts';
import { assemblePrompt } from './prompt/prompt.ts';
import type { Agent, ReplyPart, ReplyRequest } from './reply-part.ts';
import { ReplyRun } from './reply-run.ts';
import { modelTool, type Occasion, type Tool, ToolRunner, toolsOn } from './tools/tools.ts';

/** Dependencies of agents; the same for every conversation of a process. */
export interface AgentParts {
  readonly model: LanguageModel;
  /** Begins the transactions of tools. */
  readonly tenancy: Tenancy;
  readonly clock: Clock;
  /** Used by `search_knowledge`. */
  readonly knowledge?: KnowledgeLookup | undefined;
  /** The tools that agents may be given, instead of all there are. */
  readonly toolList?: readonly Tool[] | undefined;
  /** An unexpected error, for the log. The customer has already been given an answer. */
  readonly onError: (what: string, error: unknown) => void;
}

/** One call or chat, and the agent that answers it. */
export interface AnsweredConversation {
  readonly channel: Channel;
  readonly occasion: Occasion;
  readonly line: Pick<Line, 'tenantId' | 'businessName' | 'timeZone' | 'agent' | 'agentVersionId'> & {
    /** The number of the business that was dialled; absent in a chat. */
    readonly number?: string;
  };
  /** E.164, or undefined when withheld or unknown. */
  readonly customerPhone: string | undefined;
  /** Read when the first reply begins, because the lookup may take until then. */
  readonly customerName?: (() => string | undefined) | undefined;
  /** More variables for the agent's instructions, such as `business.hours`. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  readonly history: Conversation;
  /** The agent's own tools when not given. */
  readonly tools?: readonly Tool[] | undefined;
}

/** The agent of one call or chat, on whatever channel. */
export function createAgent(parts: AgentParts, conversation: AnsweredConversation): Agent {
  return new AnsweringAgent(parts, conversation);
}

/** Holds the state that outlives a reply: models that are backing off, writes in progress, the prompt. */
class AnsweringAgent implements Agent {
  readonly #parts: AgentParts;
  readonly #conversation: AnsweredConversation;
  readonly #models: ModelChoice;
  readonly #tools: ToolRunner;
  readonly #modelTools: readonly ModelTool[];
  readonly #customerPhone: string | undefined;
  readonly #startedAt: Date;
  #prompt: readonly ModelMessage[] | undefined;

  constructor(parts: AgentParts, conversation: AnsweredConversation) {
    this.#parts = parts;
    this.#conversation = conversation;
    const { channel, occasion, line, customerPhone } = conversation;
    // Carriers send impossible numbers for some withheld ones. Callers who share such a number must not share a record.
    this.#customerPhone = customerPhone === undefined ? undefined : findPhone(customerPhone);
    const { agent, tenantId, timeZone, number } = line;
    const tools = conversation.tools ?? toolsOn(channel, agent, parts.toolList);
    this.#models = new ModelChoice(agent.model.name, agent.model.fallback);
    this.#modelTools = tools.map(modelTool);
    this.#tools = new ToolRunner({
      ...parts,
      tools,
      context: {
        ...occasion,
        tenantId,
        callerPhone: this.#customerPhone,
        agent,
        timeZone,
        ...(number === undefined ? {} : { dialledPhone: number }),
        knowledge: parts.knowledge,
      },
    });
    this.#startedAt = parts.clock.date();
  }

  async reply(request: ReplyRequest, emit: (part: ReplyPart) => void): Promise<void> {
    const { channel, line, history } = this.#conversation;
    const run = new ReplyRun(
      {
        ...this.#parts,
        models: this.#models,
        conversation: history,
        agent: line.agent,
        channel,
        prompt: this.#promptOfConversation(),
        modelTools: this.#modelTools,
        cacheKey: line.agentVersionId,
        tools: this.#tools,
      },
      request,
      emit,
    );
    try {
      await run.run();
    } catch (error) {
      this.#parts.onError('reply', error);
      if (!request.signal.aborted) emit({ type: 'end', outcome: 'failed' });
    }
  }

  /** Built once and never changed, so that the vendor's prompt cache is hit. */
  #promptOfConversation(): readonly ModelMessage[] {
    const { channel, line, customerName, variables } = this.#conversation;
    this.#prompt ??= assemblePrompt({
      channel,
      agent: line.agent,
      businessName: line.businessName,
      timeZone: line.timeZone,
      startedAt: this.#startedAt,
      callerPhone: this.#customerPhone,
      callerName: customerName?.(),
      ...(variables === undefined ? {} : { variables }),
    });
    return this.#prompt;
  }
}
export { type Channel, type ChannelAbility, voiceChannel } from './channel.ts';
export { Conversation } from './conversation.ts';
export type {
  LanguageModel,
  LanguageModelPart,
  LanguageModelRequest,
  ModelMessage,
  ModelToolCall,
} from './language-model.ts';
export type { Agent, ReplyPart } from './reply-part.ts';
