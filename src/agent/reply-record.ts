import type { ModelMessage, ModelToolCall } from './language-model.ts';

/** Explained to the model in prompts/system: the caller began to speak here and did not hear the rest. */
const INTERRUPTED_MARKER = ' [interrupted]';

/** Stands in for the result of a tool call that has not arrived yet. */
const UNKNOWN_RESULT = JSON.stringify({
  status: 'unknown',
  note: 'Still running when the caller spoke. Do not start it again; the result follows as soon as it is there.',
});

interface TextPart {
  readonly type: 'text';
  /** True for a stock phrase or waiting line, which is spoken whole or not at all. */
  readonly isLine: boolean;
  generated: string;
  /** Undefined until the reply has ended. */
  heard: string | undefined;
}

interface ToolsPart {
  readonly type: 'tools';
  readonly calls: readonly ModelToolCall[];
  readonly results: Map<string, string>;
}

/**
 * One reply of the agent in the conversation: pieces of text and the tool calls between them, in the order they
 * happened. Tool calls and results are there the moment they exist and stay. Text counts as generated while the reply
 * goes on; when it has ended only what was heard of it stays, each word in the piece it was spoken from.
 */
export class ReplyRecord {
  readonly #parts: (TextPart | ToolsPart)[] = [];
  #isClosed = false;

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** True when a tool ran or the caller heard a word, so that the reply has to stay in the history. */
  get hasSubstance(): boolean {
    return this.#parts.some((part) => part.type === 'tools' || (part.heard ?? part.generated).trim() !== '');
  }

  addText(text: string): void {
    if (this.#isClosed) return;
    const last = this.#parts.at(-1);
    if (last?.type === 'text' && !last.isLine) last.generated += text;
    else this.#parts.push({ type: 'text', isLine: false, generated: text, heard: undefined });
  }

  /**
   * Adds a stock phrase or a tool's waiting line. One that is said while tools run is placed before their calls,
   * because the vendor's format allows nothing between a call and its result.
   */
  addLine(text: string): void {
    if (this.#isClosed) return;
    const at = this.#parts.at(-1)?.type === 'tools' ? this.#parts.length - 1 : this.#parts.length;
    this.#parts.splice(at, 0, { type: 'text', isLine: true, generated: text, heard: undefined });
  }

  addToolCalls(calls: readonly ModelToolCall[]): void {
    if (calls.length > 0) this.#parts.push({ type: 'tools', calls, results: new Map() });
  }

  /** Sets the result of a call once. Returns false if the call has a result already or does not exist. */
  setToolResult(toolCallId: string, content: string): boolean {
    const part = this.#parts.findLast(
      (candidate) => candidate.type === 'tools' && candidate.calls.some(({ id }) => id === toolCallId),
    );
    if (part?.type !== 'tools' || part.results.has(toolCallId)) return false;
    part.results.set(toolCallId, content);
    return true;
  }

  /** Ends the reply; a second call does nothing. */
  close(heardText: string, interrupted: boolean): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    let rest = heardText.trim();
    for (const part of this.#parts) {
      if (part.type !== 'text') continue;
      const taken = takeHeard(part.generated, rest);
      part.heard = taken.heard;
      rest = taken.rest;
    }
    // Text that the agent did not write, such as an apology of the session, was heard as well.
    if (rest !== '') this.#parts.push({ type: 'text', isLine: true, generated: rest, heard: rest });
    if (interrupted) this.#markInterruption();
  }

  #markInterruption(): void {
    const last = this.#parts.findLast((part) => part.type === 'text' && part.heard?.trim() !== '');
    if (last?.type === 'text') last.heard = `${last.heard?.trimEnd() ?? ''}${INTERRUPTED_MARKER}`;
  }

  messages(): ModelMessage[] {
    const messages: ModelMessage[] = [];
    let text = '';
    for (const part of this.#parts) {
      if (part.type === 'text') {
        text = joinText(text, part.heard ?? part.generated);
        continue;
      }
      messages.push({ role: 'assistant', content: text.trim(), toolCalls: part.calls });
      text = '';
      for (const { id } of part.calls) {
        messages.push({ role: 'tool', toolCallId: id, content: part.results.get(id) ?? UNKNOWN_RESULT });
      }
    }
    if (text.trim() !== '') messages.push({ role: 'assistant', content: text.trim() });
    return messages;
  }
}

/**
 * How much of `generated` is the beginning of `heard`. White space is not compared: the speaking side joins and trims
 * pieces its own way. A piece whose first word does not match was not spoken at all.
 */
function takeHeard(generated: string, heard: string): { heard: string; rest: string } {
  let at = 0;
  let heardAt = 0;
  for (;;) {
    at = skipSpace(generated, at);
    heardAt = skipSpace(heard, heardAt);
    if (at >= generated.length || heardAt >= heard.length || generated[at] !== heard[heardAt]) break;
    at += 1;
    heardAt += 1;
  }
  const isWhole = at >= generated.length;
  if (!isWhole && heardAt < heard.length) return { heard: '', rest: heard };
  return { heard: generated.slice(0, at), rest: heard.slice(heardAt) };
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at]!)) at += 1;
  return at;
}

export function joinText(before: string, after: string): string {
  if (before === '' || after === '') return before + after;
  return /\s$/.test(before) || /^\s/.test(after) ? before + after : `${before} ${after}`;
}
