import { findPhone } from '../business/customers/customers.ts';
import type { Line } from '../business/line/directory/directory.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { Tenancy } from '../business/tenancy/tenancy.ts';
import type { CallId } from '../business/tenancy/references/ids.ts';
import type { Conversation } from './conversation.ts';
import type { KnowledgeLookup } from './knowledge/knowledge-lookup.ts';
import type { LanguageModel, ModelMessage, ModelTool } from './language-model.ts';
import { ModelChoice } from './model-choice.ts';
import { assemblePrompt } from './prompt/assemble-prompt.ts';
import type { Agent, ReplyPart, ReplyRequest } from './reply-part.ts';
import { ReplyRun } from './reply-run.ts';
import { modelTool, toolsFor } from './tools/registry.ts';
import { ToolRunner } from './tools/run-tool.ts';
import type { Tool } from './tools/tool.ts';

export interface CallAgentDeps {
  readonly line: Line;
  readonly callId: CallId;
  /** E.164, or undefined when withheld. */
  readonly callerPhone: string | undefined;
  /** Read when the first reply begins, because the lookup may take until then. */
  readonly callerName?: () => string | undefined;
  /** More variables for the agent's instructions, such as `business.hours`. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  readonly conversation: Conversation;
  readonly model: LanguageModel;
  /** Where the tools' transactions begin. */
  readonly tenancy: Tenancy;
  readonly clock: Clock;
  /** Where `search_knowledge` looks. */
  readonly knowledge?: KnowledgeLookup | undefined;
  /** The agent's own tools when not given. */
  readonly tools?: readonly Tool[];
  /** An unexpected error, for the log. The caller has already been given an answer. */
  readonly onError: (what: string, error: unknown) => void;
}

/** The agent of one call. Holds the state that outlives a reply: models that are backing off, writes in progress. */
export class CallAgent implements Agent {
  readonly #deps: CallAgentDeps;
  readonly #models: ModelChoice;
  readonly #tools: ToolRunner;
  readonly #modelTools: readonly ModelTool[];
  readonly #callerPhone: string | undefined;
  readonly #startedAt: Date;
  #prompt: readonly ModelMessage[] | undefined;

  constructor(deps: CallAgentDeps) {
    this.#deps = deps;
    const { line, callId, clock } = deps;
    // Carriers write some withheld numbers as numbers that cannot exist; callers must not share a record by them.
    const callerPhone = deps.callerPhone === undefined ? undefined : findPhone(deps.callerPhone);
    const { agent, tenantId, timeZone } = line;
    const tools = deps.tools ?? toolsFor(agent);
    this.#models = new ModelChoice(agent.model.name, agent.model.fallback);
    this.#modelTools = tools.map(modelTool);
    this.#tools = new ToolRunner({
      tools,
      context: {
        tenantId,
        callId,
        callerPhone,
        agent,
        timeZone,
        dialledPhone: line.number,
        knowledge: deps.knowledge,
      },
      tenancy: deps.tenancy,
      clock,
      onError: deps.onError,
    });
    this.#startedAt = clock.date();
    this.#callerPhone = callerPhone;
  }

  async reply(request: ReplyRequest, emit: (part: ReplyPart) => void): Promise<void> {
    const { line, model, conversation, clock } = this.#deps;
    const run = new ReplyRun(
      {
        model,
        models: this.#models,
        conversation,
        agent: line.agent,
        prompt: this.#promptOfCall(),
        modelTools: this.#modelTools,
        cacheKey: line.agentVersionId,
        tools: this.#tools,
        clock,
      },
      request,
      emit,
    );
    try {
      await run.run();
    } catch (error) {
      this.#deps.onError('reply', error);
      if (!request.signal.aborted) emit({ type: 'end', outcome: 'failed' });
    }
  }

  /** Built once per call and never changed, so that the vendor's prompt cache is hit. */
  #promptOfCall(): readonly ModelMessage[] {
    const { line, callerName, variables } = this.#deps;
    this.#prompt ??= assemblePrompt({
      agent: line.agent,
      businessName: line.businessName,
      timeZone: line.timeZone,
      startedAt: this.#startedAt,
      callerPhone: this.#callerPhone,
      callerName: callerName?.(),
      ...(variables === undefined ? {} : { variables }),
    });
    return this.#prompt;
  }
}
