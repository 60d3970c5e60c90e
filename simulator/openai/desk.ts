import type { ChatRequest } from './chat-request.ts';
import { exchangesOf, type Exchange, type ToolRun } from './exchanges.ts';
import { itemsOf, nameOf, referenceOf, type Item } from './results.ts';
import { fillArguments, findProperty, isNullable, type Details } from './tool-arguments.ts';
import type { OfferedTool } from './tool-definitions.ts';
import { findToday, type Day } from './understanding/calendar.ts';
import { findMentioned, findName, findPhone } from './understanding/details.ts';
import { findMatter, isGivingUp, isWish, isYes, type Matter } from './understanding/intent.ts';

/** The next answer of the receptionist: text, a tool call, or both. */
export interface Move {
  readonly text: string;
  readonly call?: { readonly name: string; readonly arguments: Record<string, unknown> };
}

/** The tool that settles each matter. */
export const SETTLED_BY: Readonly<Record<Matter, string>> = {
  book: 'book_appointment',
  'move-booking': 'move_appointment',
  'cancel-booking': 'cancel_appointment',
  order: 'create_order',
  'find-order': 'find_order',
  'cancel-order': 'cancel_order',
  ticket: 'create_ticket',
  'find-ticket': 'find_ticket',
  'update-ticket': 'update_ticket',
  message: 'take_message',
  transfer: 'transfer_call',
};

/** Matters in which the caller tells a story, whose words are not another request. */
const STORIES: readonly Matter[] = ['ticket', 'update-ticket', 'message'];
const NAME_QUESTION = /\bname\b[^.?]*\?\s*$/i;

/** The state of the receptionist: the conversation, the results of tools, and the available tools. */
export class Desk {
  readonly exchanges: readonly Exchange[];
  /** All that the system messages say. */
  readonly directory: string;
  readonly today: Day;
  /** The open matter, or the one that was settled in this very exchange. */
  readonly matter: Matter | undefined;
  /** The exchanges that belong to it, oldest first. */
  readonly since: readonly Exchange[];
  readonly #request: ChatRequest;
  readonly #tools: readonly OfferedTool[];

  constructor(request: ChatRequest) {
    this.#request = request;
    this.#tools = request.toolChoice === 'none' ? [] : request.tools;
    this.exchanges = exchangesOf(request.messages);
    this.directory = request.messages
      .filter(({ role }) => role === 'system')
      .map(({ content }) => content)
      .join('\n');
    this.today = findToday(this.directory) ?? new Date().toISOString().slice(0, 10);
    const { matter, from } = this.#openMatter();
    this.matter = matter;
    this.since = this.exchanges.slice(from);
  }

  /** The state before the caller's last turn. */
  before(): Desk {
    const { messages } = this.#request;
    const end = messages.findLastIndex(({ role }) => role === 'user');
    return new Desk({ ...this.#request, messages: messages.slice(0, Math.max(0, end)) });
  }

  get current(): Exchange | undefined {
    return this.exchanges.at(-1);
  }

  get lastRun(): ToolRun | undefined {
    return this.current?.runs.at(-1);
  }

  offers(name: string): boolean {
    return this.#tools.some((tool) => tool.name === name);
  }

  /** Calls a tool with what is known. A call that was just made with the same arguments is not made again. */
  use(name: string, details: Details = {}, text = ''): Move | undefined {
    const tool = this.#tools.find((offered) => offered.name === name);
    if (!tool) return undefined;
    const args = fillArguments(tool.parameters, { ...this.callerDetails(), ...details });
    const written = JSON.stringify(args);
    const isRepeated = this.current?.runs.some(
      (run) => run.name === name && JSON.stringify(run.arguments) === written,
    );
    return isRepeated ? undefined : { text, call: { name, arguments: args } };
  }

  /** Runs of a tool that worked, oldest first. */
  runs(name: string, among: readonly Exchange[] = this.exchanges): readonly ToolRun[] {
    return among.flatMap(({ runs }) => runs).filter((run) => run.name === name && !run.failure);
  }

  /** The items of a list that was looked up on this call; undefined when it was not. */
  listed(name: string): readonly Item[] | undefined {
    const run = this.runs(name).at(-1);
    return run && itemsOf(run.result);
  }

  /** The last time anything was said about it in this matter. */
  latest<Found>(find: (said: string, exchange: Exchange) => Found | undefined): Found | undefined {
    for (const exchange of this.since.toReversed()) {
      const found = find(exchange.said, exchange);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  callerDetails(): Details {
    const callerName = this.callerName();
    const phone = this.callerPhone();
    return { ...(callerName ? { callerName } : {}), ...(phone ? { phone } : {}) };
  }

  /** As the caller has said it. */
  callerName(): string | undefined {
    for (const { said, agentBefore } of this.exchanges.toReversed()) {
      const name = findName(said, NAME_QUESTION.test(agentBefore));
      if (name) return name;
    }
    return undefined;
  }

  /** As the caller has said it, which is needed only when the number is withheld. */
  callerPhone(): string | undefined {
    return this.isNumberWithheld
      ? this.exchanges.map(({ said }) => findPhone(said)).findLast(Boolean)
      : undefined;
  }

  get isNumberWithheld(): boolean {
    return /withheld their number|number (is )?withheld/i.test(this.directory);
  }

  /** What must be asked about the caller before a tool can be used, if it wants to know. */
  missingAboutCaller(toolName: string): Move | undefined {
    const tool = this.#tools.find(({ name }) => name === toolName);
    if (!tool) return undefined;
    const nameProperty = findProperty(tool.parameters, 'callerName');
    const isKnown = this.callerName() !== undefined || /belongs to "[^"]+"/.test(this.directory);
    if (nameProperty && !isKnown) return { text: 'May I have your name, please?' };
    const phoneProperty = findProperty(tool.parameters, 'phone');
    if (phoneProperty && this.isNumberWithheld && this.callerPhone() === undefined)
      return { text: 'And what number can we reach you on?' };
    return undefined;
  }

  needs(toolName: string, detail: keyof Details): boolean {
    const tool = this.#tools.find(({ name }) => name === toolName);
    const property = tool && findProperty(tool.parameters, detail);
    return property !== undefined && !isNullable(tool!.parameters, property);
  }

  schemaOf(toolName: string): OfferedTool['parameters'] {
    return this.#tools.find(({ name }) => name === toolName)?.parameters ?? {};
  }

  /** The caller has just agreed to what was proposed. */
  get isConfirmed(): boolean {
    const { current } = this;
    return current !== undefined && /\bshall i\b/i.test(current.agentBefore) && isYes(current.said);
  }

  #openMatter(): { matter: Matter | undefined; from: number } {
    let matter: Matter | undefined;
    let from = this.exchanges.length;
    for (const [index, exchange] of this.exchanges.entries()) {
      const next = this.#matterOf(exchange, index, matter);
      if (next !== undefined && next !== matter) {
        matter = next;
        from = index;
      } else if (matter !== undefined && isGivingUp(exchange.said)) matter = undefined;
      const isCurrent = index === this.exchanges.length - 1;
      if (matter !== undefined && !isCurrent && isSettled(exchange, matter)) matter = undefined;
      if (matter === undefined) from = index + 1;
    }
    return { matter, from };
  }

  #matterOf({ said, agentBefore }: Exchange, index: number, open: Matter | undefined): Matter | undefined {
    if (open !== undefined && STORIES.includes(open))
      return findMatter(said) === 'transfer' ? 'transfer' : undefined;
    const named = findMatter(said);
    if (named !== undefined) return named;
    if (isYes(said) && /\btake a message\b[^.]*\?\s*$/i.test(agentBefore)) return 'message';
    if (isYes(said) && /\b(put you through|connect you)\b[^.]*\?\s*$/i.test(agentBefore)) return 'transfer';
    if (open !== undefined || !isWish(said)) return undefined;
    const known = this.exchanges.slice(0, index + 1);
    const has = (tool: string) =>
      findMentioned(
        said,
        this.runs(tool, known).flatMap(({ result }) => itemsOf(result)),
        nameOf,
      ) !== undefined;
    return has('list_services') ? 'book' : has('list_products') ? 'order' : undefined;
  }
}

/** A search that found nothing settles nothing: the caller may yet tell a reference. */
export function isSettled({ runs }: Exchange, matter: Matter): boolean {
  return runs.some(({ name, failure, result }) => {
    if (name !== SETTLED_BY[matter]) return false;
    if (failure) return failure.kind === 'unsettled';
    return !matter.startsWith('find-') || itemsOf(result).some((item) => referenceOf(item) !== undefined);
  });
}
