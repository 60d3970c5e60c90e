import type {
  LanguageModel,
  LanguageModelPart,
  LanguageModelRequest,
} from '../../src/agent/language-model.ts';
import type { Clock } from '../../src/platform/process/clock.ts';

/** What a scripted model does, in order. `hang` never comes back, not even when it is aborted. */
export type Step =
  | LanguageModelPart
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'throw'; readonly error: Error }
  | { readonly type: 'hang' };

export type Script = readonly Step[] | ((request: LanguageModelRequest) => readonly Step[]);

/** Plays one script per request, in order; the last one again when they run out. */
export class ScriptedModel implements LanguageModel {
  readonly vendor = 'openai';
  readonly requests: LanguageModelRequest[] = [];
  readonly signals: AbortSignal[] = [];
  readonly #clock: Clock;
  readonly #scripts: readonly Script[];

  constructor(clock: Clock, scripts: readonly Script[]) {
    this.#clock = clock;
    this.#scripts = scripts;
  }

  async *stream(
    request: LanguageModelRequest,
    { signal }: { signal: AbortSignal },
  ): AsyncGenerator<LanguageModelPart> {
    const script = this.#scripts[Math.min(this.requests.length, this.#scripts.length - 1)]!;
    this.requests.push(request);
    this.signals.push(signal);
    for (const step of typeof script === 'function' ? script(request) : script) {
      if (step.type === 'throw') throw step.error;
      else if (step.type === 'wait') await this.#wait(step.ms, signal);
      else if (step.type === 'hang') await Promise.withResolvers<void>().promise;
      else yield step;
      if (signal.aborted) return;
    }
  }

  #wait(ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#clock.after(ms, resolve);
    signal.addEventListener('abort', () => {
      cancel();
      resolve();
    });
    return promise;
  }
}

export const text = (words: string): Step => ({ type: 'text-delta', text: words });
export const wait = (ms: number): Step => ({ type: 'wait', ms });
export const end: Step = { type: 'end', reason: 'stop' };
export const usage = (inputTokens: number, outputTokens: number): Step => ({
  type: 'usage',
  inputTokens,
  cachedTokens: 0,
  outputTokens,
});
export const toolCall = (id: string, name: string, args: unknown): Step => ({
  type: 'tool-call',
  call: { id, name, arguments: typeof args === 'string' ? args : JSON.stringify(args) },
});

/** The answer in tokens of a few letters, as a vendor cuts it. */
export function tokensOf(answer: string): Step[] {
  return (answer.match(/\s*\S{1,5}/g) ?? []).map(text);
}
