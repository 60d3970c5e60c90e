import type { ToolStatus } from '../../business/record/calls/calls.ts';
import { agentActor } from '../../business/tenancy/actor/actor.ts';
import type { Tenancy } from '../../business/tenancy/tenancy.ts';
import type { Clock } from '../../platform/process/clock.ts';
import type { ModelToolCall } from '../language-model.ts';
import { type PreparedCall, prepareCall } from './prepare-call.ts';
import { waitingLine } from './waiting-lines.ts';
import type {
  BusinessTool,
  CallAction,
  CallContext,
  LookUpTool,
  Setting,
  Tool,
  ToolContext,
} from './tool.ts';
import { isRefusal, wordRefusal } from './word-refusal.ts';
import { fingerprintOf, idempotencyKey, once } from './tool-ledger.ts';

/** A caller waits about this long before asking whether anyone is there. */
const DEADLINE_MS = 5_000;
const FILLER_AFTER_MS = 1_000;
/** The same write requested again within this time is taken for a repetition, not a second request. */
const REPEAT_WINDOW_MS = 30_000;

/** The outcome of a tool call. */
export interface ToolRun {
  readonly status: ToolStatus;
  /** JSON for the model. */
  readonly result: unknown;
  readonly action?: CallAction;
  /** A later call waits for the same work and reports its result. */
  readonly isTakenOver?: true;
}

export interface ToolRunOptions {
  readonly turn: number;
  /** The caller has interrupted or hung up: a read is cut, a write finishes. */
  readonly signal: AbortSignal;
  /** Called when the tool takes longer than a second, with the line to speak; without one, a general line is spoken. */
  readonly onSlow: (line: string | undefined) => void;
  /** The result of a call whose deadline has passed; called once at most. */
  readonly onLateResult: (run: ToolRun) => void;
}

export interface ToolRunnerDeps {
  readonly tools: readonly Tool[];
  readonly context: Setting;
  /** Tools work in transactions of the call's tenant. */
  readonly tenancy: Pick<Tenancy, 'run'>;
  readonly clock: Clock;
  /** An unexpected error of a tool, for the log. */
  readonly onError: (tool: string, error: unknown) => void;
}

/** A write in progress. Equal calls wait for it; the last one gets the late result if every deadline has passed. */
interface RunningWrite {
  readonly waiting: ((run: ToolRun) => boolean)[];
  onLateResult: (run: ToolRun) => void;
}

/**
 * Runs the tools of one call or chat, each at most once per intention:
 * - call or chat + turn + tool + arguments are one key in the ledger, written with the effect in one transaction;
 * - a write whose outcome is not known (the connection broke, perhaps after the commit) keeps its key, so that trying
 *   again in a later turn finds what was done;
 * - a write still running is joined, not started again;
 * - the same write right after it succeeded, with no other write between, gets the first one's result.
 * Beyond that the domain decides: an order placed again a minute later is a second order.
 */
export class ToolRunner {
  readonly #deps: ToolRunnerDeps;
  readonly #running = new Map<string, RunningWrite>();
  readonly #unsettledKeys = new Map<string, string>();
  #lastWrite: { readonly fingerprint: string; readonly result: unknown; readonly atMs: number } | undefined;

  constructor(deps: ToolRunnerDeps) {
    this.#deps = deps;
  }

  prepare(call: ModelToolCall): PreparedCall {
    return prepareCall(this.#deps.tools, call);
  }

  /** Resolves by the tool's deadline, or at once when a read is cut; never rejects. */
  run(call: PreparedCall, options: ToolRunOptions): Promise<ToolRun> {
    if (call.type !== 'ready') {
      return Promise.resolve({ status: call.type, result: { status: call.type, problem: call.problem } });
    }
    const { tool } = call;
    if (tool.effect === 'call-control') return Promise.resolve(this.#steer(tool, call.arguments));
    return tool.effect === 'write'
      ? this.#write(tool, call.arguments, options)
      : this.#read(tool, call.arguments, options);
  }

  #context(): CallContext {
    return { ...this.#deps.context, now: this.#deps.clock.date() };
  }

  #inTransaction<Result>(work: (context: ToolContext) => Promise<Result>): Promise<Result> {
    const context = this.#context();
    const actor = agentActor(context.tenantId, context.callId ?? context.chatId);
    return this.#deps.tenancy.run(actor, (tx) => work({ ...context, tx, actor }));
  }

  #steer(tool: Extract<Tool, { effect: 'call-control' }>, args: Record<string, unknown>): ToolRun {
    try {
      return { status: 'ok', ...tool.run(args, this.#context()) };
    } catch (error) {
      return this.#failure(tool, error);
    }
  }

  #read(
    tool: BusinessTool | LookUpTool,
    args: Record<string, unknown>,
    options: ToolRunOptions,
  ): Promise<ToolRun> {
    const { promise, settle } = this.#wait(tool, options);
    const onAbort = (): void => void settle({ status: 'cancelled', result: { status: 'cancelled' } });
    if (options.signal.aborted) onAbort();
    else options.signal.addEventListener('abort', onAbort, { once: true });
    const perform = async (): Promise<void> => {
      const run = await this.#lookUp(tool, args);
      options.signal.removeEventListener('abort', onAbort);
      if (!settle(run) && !options.signal.aborted && run.status === 'ok') options.onLateResult(run);
    };
    void perform();
    return promise;
  }

  #write(tool: BusinessTool, args: Record<string, unknown>, options: ToolRunOptions): Promise<ToolRun> {
    const fingerprint = fingerprintOf(tool.name, args);
    const repeated = this.#repeatOf(fingerprint);
    if (repeated !== undefined) return Promise.resolve(repeated);
    const { promise, settle } = this.#wait(tool, options);
    const running = this.#running.get(fingerprint);
    if (running !== undefined) {
      running.waiting.push(settle);
      running.onLateResult = options.onLateResult;
      return promise;
    }
    const started: RunningWrite = { waiting: [settle], onLateResult: options.onLateResult };
    this.#running.set(fingerprint, started);
    const perform = async (): Promise<void> => {
      const run = await this.#effect(tool, args, options.turn, fingerprint);
      this.#running.delete(fingerprint);
      const latest = started.waiting.pop()!;
      for (const settleEarlier of started.waiting) settleEarlier({ ...run, isTakenOver: true });
      if (!latest(run)) started.onLateResult(run);
    };
    void perform();
    return promise;
  }

  async #lookUp(tool: BusinessTool | LookUpTool, args: Record<string, unknown>): Promise<ToolRun> {
    try {
      const { result } =
        tool.effect === 'look-up'
          ? await tool.run(args, this.#context())
          : await this.#inTransaction((context) => tool.run(args, context));
      return { status: 'ok', result };
    } catch (error) {
      return this.#failure(tool, error);
    }
  }

  /** Fillers and the deadline of one call that waits. `settle` is false when the deadline has settled it already. */
  #wait(
    tool: BusinessTool | LookUpTool,
    options: ToolRunOptions,
  ): { readonly promise: Promise<ToolRun>; readonly settle: (run: ToolRun) => boolean } {
    const { clock, context } = this.#deps;
    const { promise, resolve } = Promise.withResolvers<ToolRun>();
    let isSettled = false;
    const cancelFiller = clock.after(FILLER_AFTER_MS, () => {
      if (!options.signal.aborted) options.onSlow(waitingLine(context.agent, tool.name));
    });
    const cancelDeadline = clock.after(tool.deadlineMs ?? DEADLINE_MS, () => settle(timedOut(tool)));
    function settle(run: ToolRun): boolean {
      if (isSettled) return false;
      isSettled = true;
      cancelFiller();
      cancelDeadline();
      resolve(run);
      return true;
    }
    return { promise, settle };
  }

  async #effect(
    tool: BusinessTool,
    args: Record<string, unknown>,
    turn: number,
    fingerprint: string,
  ): Promise<ToolRun> {
    const { callId, chatId } = this.#deps.context;
    const key = this.#unsettledKeys.get(fingerprint) ?? idempotencyKey(callId ?? chatId, turn, fingerprint);
    this.#unsettledKeys.set(fingerprint, key);
    const entry = { callId, chatId, turn, tool: tool.name, arguments: args, key };
    try {
      const result = await this.#inTransaction((context) =>
        once(context.tx, entry, async () => (await tool.run(args, context)).result),
      );
      this.#unsettledKeys.delete(fingerprint);
      this.#lastWrite = { fingerprint, result, atMs: this.#deps.clock.nowMs() };
      return { status: 'ok', result };
    } catch (error) {
      const run = this.#failure(tool, error);
      // A refusal was rolled back, so a repeated request may run again.
      if (run.status === 'refused') this.#unsettledKeys.delete(fingerprint);
      return run;
    }
  }

  #repeatOf(fingerprint: string): ToolRun | undefined {
    const last = this.#lastWrite;
    if (last?.fingerprint !== fingerprint) return undefined;
    if (this.#deps.clock.nowMs() - last.atMs > REPEAT_WINDOW_MS) return undefined;
    const note = 'This was done a moment ago and has not been done a second time.';
    return { status: 'ok', result: { ...asObject(last.result), note } };
  }

  #failure(tool: Tool, error: unknown): ToolRun {
    if (isRefusal(error)) return { status: 'refused', result: wordRefusal(error) };
    this.#deps.onError(tool.name, error);
    return { status: 'failed', result: { status: 'failed', note: failureNote(tool) } };
  }
}

function timedOut(tool: BusinessTool | LookUpTool): ToolRun {
  const stillRunning =
    'The system has not answered in time. It may still be done: do not start it again; the result follows if it comes. Tell the caller that you cannot reach the system just now and offer to take a message.';
  const note = tool.effect === 'write' ? (tool.failureNote ?? stillRunning) : failureNote(tool);
  return { status: 'timeout', result: { status: 'timeout', note } };
}

function failureNote(tool: Tool): string {
  const own = tool.effect === 'call-control' ? undefined : tool.failureNote;
  return (
    own ??
    'The system cannot be reached just now. Nothing is confirmed. Tell the caller so, and offer to take a message or to try again.'
  );
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : { result: value };
}
