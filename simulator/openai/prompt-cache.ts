import type { ChatRequest } from './chat-request.ts';
import { countTokens } from './tokens.ts';

const MINIMUM_TOKENS = 1_024;
const STEP_TOKENS = 128;
const MAX_REMEMBERED = 1_000;

/** Remembers prompts by their exact beginning, as the vendor's prompt cache does: from 1,024 tokens, in steps. */
export class PromptCache {
  readonly #lastByKey = new Map<string, string>();

  /** Tokens of this prompt, and how many of them were known from the last request of the same model and key. */
  count(request: ChatRequest): { promptTokens: number; cachedTokens: number } {
    const tools = request.tools.map(({ name, parameters }) => name + JSON.stringify(parameters)).join('');
    const text = tools + request.messages.map(({ content }) => content).join('\n');
    const key = `${request.model} ${request.cacheKey ?? ''}`;
    const common = commonLength(this.#lastByKey.get(key) ?? '', text);
    this.#lastByKey.delete(key);
    this.#lastByKey.set(key, text);
    if (this.#lastByKey.size > MAX_REMEMBERED) this.#lastByKey.delete(this.#lastByKey.keys().next().value!);
    const commonTokens = Math.floor(countTokens(common) / STEP_TOKENS) * STEP_TOKENS;
    return {
      promptTokens: countTokens(text.length),
      cachedTokens: commonTokens >= MINIMUM_TOKENS ? commonTokens : 0,
    };
  }
}

/** Compared in blocks: exact to 512 characters, which is the step of the cache. */
function commonLength(a: string, b: string): number {
  const block = STEP_TOKENS * 4;
  let length = 0;
  while (length + block <= Math.min(a.length, b.length)) {
    if (a.slice(length, length + block) !== b.slice(length, length + block)) break;
    length += block;
  }
  return length;
}
