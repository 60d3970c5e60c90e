import type { AgentConfig } from '../business/line/agents/agents.ts';
import type { Clock } from '../platform/process/clock.ts';
import { type Answer, askModels } from './ask-models.ts';
import type { Channel } from './channel.ts';
import type { Conversation } from './conversation.ts';
import type { LanguageModel, ModelMessage, ModelTool } from './language-model.ts';
import type { ModelChoice } from './model-choice.ts';
import { phrasesFor, type PhraseName } from './prompt/prompt.ts';
import type { ReplyPart, ReplyRequest } from './reply-part.ts';
import type { ReplyRecord } from './reply-record.ts';
import { ReplyTools } from './reply-tools.ts';
import { SilenceWatch } from './silence-watch.ts';
import type { ToolRun, ToolRunner } from './tools/tools.ts';

/** After this many rounds of tools in a row the model must answer with what it has. */
const MAX_TOOL_ROUNDS = 4;
const ANSWER_NOW: ModelMessage = {
  role: 'system',
  content: 'No more tools in this turn: answer the caller now with what you know.',
};

export interface ReplyRunDeps {
  readonly model: LanguageModel;
  readonly models: ModelChoice;
  readonly conversation: Conversation;
  readonly agent: AgentConfig;
  readonly channel: Channel;
  readonly prompt: readonly ModelMessage[];
  readonly modelTools: readonly ModelTool[];
  readonly cacheKey: string;
  readonly tools: ToolRunner;
  readonly clock: Clock;
}

/**
 * One reply: request → text and tool calls → results → request …, until the model has said what it has to say.
 * Before the caller's turn is committed it only writes text and leaves no trace; from then on its text and tool
 * calls stand in the conversation.
 */
export class ReplyRun {
  readonly #deps: ReplyRunDeps;
  readonly #request: ReplyRequest;
  readonly #emit: (part: ReplyPart) => void;
  readonly #silence: SilenceWatch;
  readonly #tools: ReplyTools;
  /** Aborts the work in progress: on an interruption by the caller, or when the deadline of the reply has passed. */
  readonly #stop = new AbortController();
  readonly #committed = Promise.withResolvers<void>();
  #record: ReplyRecord | undefined;
  #uncommittedText = '';
  #hasSaidOneMoment = false;
  /** Waiting lines of tools, in this reply. */
  readonly #saidLines = new Set<string>();
  #isOver = false;

  constructor(deps: ReplyRunDeps, request: ReplyRequest, emit: (part: ReplyPart) => void) {
    this.#deps = deps;
    this.#request = request;
    this.#emit = emit;
    this.#silence = new SilenceWatch(deps.clock, {
      filler: (phrase) => this.#sayFiller(phrase),
      expired: () => this.#stop.abort('silent'),
    });
    this.#tools = new ReplyTools({ ...deps, ...request, emit, onSlow: (line) => this.#sayLine(line) });
  }

  async run(): Promise<void> {
    const onAbort = (): void => this.#abort();
    this.#request.signal.addEventListener('abort', onAbort);
    if (this.#request.signal.aborted) this.#abort();
    this.#watchForCommit();
    try {
      const outcome = await this.#answer();
      this.#isOver = true;
      if (!this.#isAborted) this.#emit({ type: 'end', outcome });
    } finally {
      this.#isOver = true;
      this.#silence.stop();
      this.#request.signal.removeEventListener('abort', onAbort);
    }
  }

  /** Waiting lines bridge audible silence, so a chat has none. */
  get #isSpoken(): boolean {
    return this.#deps.channel.can.has('speak');
  }

  get #isAborted(): boolean {
    return this.#request.signal.aborted;
  }

  #abort(): void {
    this.#silence.stop();
    this.#stop.abort(this.#request.signal.reason);
    this.#committed.resolve();
  }

  #watchForCommit(): void {
    if (this.#request.speculativeText === undefined) this.#commit();
    else
      this.#request.committed.then(
        () => this.#commit(),
        () => undefined,
      );
  }

  /** After the commit, text goes into the conversation and tools may run. */
  #commit(): void {
    if (this.#isAborted || this.#record !== undefined) return;
    this.#record = this.#deps.conversation.beginReply(this.#request.replyId);
    if (this.#uncommittedText !== '') this.#record.addText(this.#uncommittedText);
    if (!this.#isOver) this.#silence.start();
    this.#committed.resolve();
  }

  async #answer(): Promise<'completed' | 'failed'> {
    for (let round = 0; ; round += 1) {
      const mayUseTools = round < MAX_TOOL_ROUNDS;
      const answer = await this.#ask(mayUseTools);
      if (answer === undefined) return 'failed';
      if (!mayUseTools || answer.toolCalls.length === 0) return hasWords(answer) ? 'completed' : 'failed';
      await this.#committed.promise;
      if (this.#isAborted) return 'failed';
      this.#silence.stop();
      const runs = await this.#tools.run(answer.toolCalls, this.#record);
      if (this.#isAborted) return 'failed';
      if (this.#isLastWord(answer, runs)) return 'completed';
      this.#silence.start();
    }
  }

  /** The model has ended or transferred the call and said so; another round would make it say goodbye twice. */
  #isLastWord(answer: Answer, runs: readonly ToolRun[]): boolean {
    if (runs.some(({ action }) => action === undefined)) return false;
    if (hasWords(answer)) return true;
    const isTransfer = runs.every(({ action }) => action?.type === 'transfer');
    if (isTransfer) this.#sayFiller('transferring');
    return isTransfer;
  }

  #ask(mayUseTools: boolean): Promise<Answer | undefined> {
    const { prompt, conversation, agent, cacheKey, modelTools } = this.#deps;
    const callerText = this.#record === undefined ? this.#request.speculativeText : undefined;
    return askModels(
      this.#deps,
      {
        messages: [...prompt, ...conversation.messages(callerText), ...(mayUseTools ? [] : [ANSWER_NOW])],
        tools: mayUseTools ? modelTools : [],
        maxOutputTokens: agent.model.maxOutputTokens,
        cacheKey,
      },
      { signal: this.#stop.signal, onText: (text) => this.#sayText(text), emit: this.#emit },
    );
  }

  #sayText(text: string): void {
    if (text === '' || this.#stop.signal.aborted) return;
    this.#silence.broken();
    if (this.#record === undefined) this.#uncommittedText += text;
    else this.#record.addText(text);
    this.#emit({ type: 'text-delta', text });
  }

  #sayFiller(phrase: PhraseName): void {
    if (this.#stop.signal.aborted || !this.#isSpoken) return;
    if (phrase === 'one-moment') this.#hasSaidOneMoment = true;
    this.#record?.addLine(phrasesFor(this.#deps.agent.language)[phrase]);
    this.#emit({ type: 'filler', phrase });
  }

  /** Says a tool's waiting line; the general one if the tool has none or has used it in this reply. */
  #sayLine(line: string | undefined): void {
    if (line === undefined || this.#saidLines.has(line)) {
      this.#sayFiller(this.#hasSaidOneMoment ? 'still-working' : 'one-moment');
    } else if (!this.#stop.signal.aborted && this.#isSpoken) {
      this.#saidLines.add(line);
      this.#record?.addLine(line);
      this.#emit({ type: 'filler-text', text: line });
    }
    this.#silence.broken();
  }
}

function hasWords({ text }: Answer): boolean {
  return text.trim() !== '';
}
