import type { ModelMessage } from './language-model.ts';
import { ReplyRecord, joinText } from './reply-record.ts';

export interface ConversationLimits {
  /** Above this length the oldest exchanges are replaced by a short summary. */
  readonly maxCharacters: number;
  /** Length of the summary; its oldest lines are dropped first. */
  readonly maxSummaryCharacters: number;
}

// About 12,000 tokens: an hour of talk fits, and a prompt this long still gives its first token in time.
const defaultLimits: ConversationLimits = { maxCharacters: 48_000, maxSummaryCharacters: 4_000 };

/** The newest entries are never summarised, however long they are: the question and its answer so far. */
const KEPT_ENTRIES = 6;
const SUMMARY_LINE_CHARACTERS = 240;

type Entry =
  | { readonly type: 'caller'; text: string }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'reply'; readonly replyId: string; readonly record: ReplyRecord };

/**
 * The history of a call or a chat: what was said, what was heard of it, and what tools did.
 *
 * It has two writers. The call writes what the caller said (`addCallerTurn`, `amendCallerTurn`), opens a reply when it
 * gets the floor (`beginReply`) and closes it with what was heard (`endReply`). The agent writes what the reply says
 * and does into its record, tool calls and results the moment they exist. A reply keeps the place it was opened at, so
 * a tool result or the heard text may come after the caller has gone on.
 *
 * Whatever the interleaving, `messages` is a list a model vendor accepts: every tool call answered right after it, no
 * result without its call, no two caller messages in a row.
 */
export class Conversation {
  readonly #limits: ConversationLimits;
  readonly #entries: Entry[] = [];
  readonly #notesForNextTurn: string[] = [];
  readonly #summary: string[] = [];

  constructor(limits: Partial<ConversationLimits> = {}) {
    this.#limits = { ...defaultLimits, ...limits };
  }

  addCallerTurn(text: string): void {
    for (const note of this.#notesForNextTurn.splice(0)) this.#entries.push({ type: 'note', text: note });
    this.#entries.push({ type: 'caller', text: text.trim() });
    this.#fold();
  }

  /**
   * Replaces the text of the caller's last turn, which turned out to be longer or different. If its answer was
   * abandoned after a word of it was heard or a tool had run, the answer stays and the new words follow it, so that the
   * model sees what has been done.
   */
  amendCallerTurn(text: string): void {
    const index = this.#entries.findLastIndex(({ type }) => type === 'caller');
    const turn = this.#entries[index];
    if (turn?.type !== 'caller') {
      this.addCallerTurn(text);
      return;
    }
    const isAnswered = this.#entries
      .slice(index + 1)
      .some((entry) => entry.type === 'reply' && entry.record.isClosed && entry.record.hasSubstance);
    if (!isAnswered) turn.text = text.trim();
    else if (text.trim() !== turn.text) this.addCallerTurn(withoutPrefix(text.trim(), turn.text));
  }

  /** Opens the reply, or finds it. It keeps the position at which it was first opened. */
  beginReply(replyId: string): ReplyRecord {
    const known = this.#findReply(replyId);
    if (known !== undefined) return known;
    const record = new ReplyRecord();
    this.#entries.push({ type: 'reply', replyId, record });
    return record;
  }

  /** The reply is over. Only the words that the caller heard stay in the conversation. */
  endReply(replyId: string, heardText: string, options: { readonly interrupted: boolean }): void {
    this.beginReply(replyId).close(heardText, options.interrupted);
  }

  /** Adds a note to the next caller turn, once: the late result of a tool whose deadline had passed. */
  addNoteForNextTurn(text: string): void {
    this.#notesForNextTurn.push(text);
  }

  /** True until the caller has spoken again after this reply was opened. */
  isLatestReply(record: ReplyRecord): boolean {
    const index = this.#entries.findIndex((entry) => entry.type === 'reply' && entry.record === record);
    return index >= 0 && !this.#entries.slice(index + 1).some(({ type }) => type === 'caller');
  }

  /** The messages for the model. `callerText`, an unfinished turn, is added to this request only. */
  messages(callerText?: string): ModelMessage[] {
    const entries = [...this.#entries];
    if (callerText !== undefined) {
      entries.push(...this.#notesForNextTurn.map((text): Entry => ({ type: 'note', text })));
      entries.push({ type: 'caller', text: callerText.trim() });
    }
    const summary: Entry[] = this.#summary.length === 0 ? [] : [{ type: 'note', text: this.#summaryText() }];
    return [...summary, ...entries].reduce<ModelMessage[]>(addEntry, []);
  }

  #findReply(replyId: string): ReplyRecord | undefined {
    const found = this.#entries.findLast((entry) => entry.type === 'reply' && entry.replyId === replyId);
    return found?.type === 'reply' ? found.record : undefined;
  }

  /** Shortens to three quarters at once, so that the vendor's prompt cache is not invalidated at every turn. */
  #fold(): void {
    let size = this.#entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
    if (size <= this.#limits.maxCharacters) return;
    while (size > this.#limits.maxCharacters * 0.75 && this.#entries.length > KEPT_ENTRIES) {
      const oldest = this.#entries.shift()!;
      size -= sizeOf(oldest);
      this.#summary.push(...summarise(oldest));
    }
    while (this.#summary.length > 0 && this.#summaryText().length > this.#limits.maxSummaryCharacters)
      this.#summary.shift();
  }

  #summaryText(): string {
    return `The beginning of this conversation, shortened:\n${this.#summary.join('\n')}`;
  }
}

function addEntry(messages: ModelMessage[], entry: Entry): ModelMessage[] {
  const last = messages.at(-1);
  switch (entry.type) {
    case 'note':
      // Notes go before a caller turn that is still open, so that this turn stays one message.
      messages.splice(last?.role === 'user' ? -1 : messages.length, 0, {
        role: 'system',
        content: entry.text,
      });
      break;
    case 'caller':
      if (last?.role === 'user')
        messages[messages.length - 1] = { role: 'user', content: joinText(last.content, entry.text) };
      else messages.push({ role: 'user', content: entry.text });
      break;
    case 'reply':
      for (const message of entry.record.messages()) addReplyMessage(messages, message);
      break;
    default:
      entry satisfies never;
  }
  return messages;
}

/** Two replies in a row (an answer that failed, then an apology) are one assistant message. */
function addReplyMessage(messages: ModelMessage[], message: ModelMessage): void {
  const last = messages.at(-1);
  if (last?.role === 'assistant' && last.toolCalls === undefined && message.role === 'assistant')
    messages[messages.length - 1] = { ...message, content: joinText(last.content, message.content) };
  else messages.push(message);
}

function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length).trim() : text;
}

function sizeOf(entry: Entry): number {
  return entry.type === 'reply' ? JSON.stringify(entry.record.messages()).length : entry.text.length;
}

function summarise(entry: Entry): string[] {
  if (entry.type !== 'reply')
    return [shorten(`${entry.type === 'caller' ? 'Caller' : 'Note'}: ${entry.text}`)];
  return entry.record.messages().map((message) => {
    if (message.role === 'tool') return shorten(`Result: ${message.content}`);
    const calls = message.role === 'assistant' ? (message.toolCalls ?? []) : [];
    const words = message.content === '' ? [] : [`You: ${message.content}`];
    return shorten(
      [...words, ...calls.map(({ name, arguments: args }) => `You called ${name} ${args}`)].join(' '),
    );
  });
}

function shorten(line: string): string {
  return line.length <= SUMMARY_LINE_CHARACTERS ? line : `${line.slice(0, SUMMARY_LINE_CHARACTERS - 1)}…`;
}
