import { startOpenai, type OpenaiSimulator } from '../../../simulator/openai/openai.ts';

/** A business behind the tools, and a caller's side of the conversation, for stories about the simulated model. */

type Json = Record<string, unknown>;

export interface ToolSpec {
  readonly name: string;
  readonly properties: Json;
  readonly run: (args: Json) => unknown;
}

const requiredText = { type: 'string' };
const optionalText = { type: ['string', 'null'] };
const caller = { callerName: optionalText, callerPhone: optionalText };

export const SYSTEM = [
  'You answer the telephone for a business.',
  '- Ask one question at a time.',
  'You are Robin, answering for Harbour Street Bicycles. Speak English.',
  'Opening hours: Monday to Friday nine to six, Saturday ten to four, closed on Sunday.',
  'Electric bicycles: the workshop services them, but does not open batteries or motors.',
  'People you can connect the caller with (transfer_call, by id):',
  '- workshop: Sam in the workshop. The caller has a technical question about a repair.',
  'It began on Saturday, 21 November 2026 at 09:12, local time of the business (America/New_York).',
  '- The caller is not known by name yet.',
].join('\n');

/** The shop as it opens in each story. */
export function shopTools(): ToolSpec[] {
  const booked: string[] = [];
  const free = ['2026-11-24T10:00', '2026-11-24T10:30', '2026-11-24T14:00', '2026-11-25T09:00'];
  return [
    {
      name: 'list_services',
      properties: {},
      run: () => ({
        services: [
          { service: 'tune-up', name: 'Tune-up', durationMinutes: 60, price: '$85.00' },
          { service: 'puncture-repair', name: 'Puncture repair', durationMinutes: 30, price: '$25.00' },
        ],
      }),
    },
    {
      name: 'find_free_slots',
      properties: { service: requiredText, fromDate: optionalText, days: { type: ['integer', 'null'] } },
      run: ({ fromDate, days }) => ({
        free: free
          .filter(
            (at) => at.slice(0, 10) >= String(fromDate) && (days !== 1 || at.startsWith(String(fromDate))),
          )
          .filter((at) => !booked.includes(at))
          .map((localTime) => ({ localTime, spokenTime: localTime })),
      }),
    },
    {
      name: 'book_appointment',
      properties: { service: requiredText, startsAt: requiredText, note: optionalText, ...caller },
      run: ({ service, startsAt }) => {
        booked.push(String(startsAt));
        return {
          status: 'booked',
          booking: { reference: 'B-1042', service, localTime: startsAt, status: 'booked' },
        };
      },
    },
    {
      name: 'find_appointment',
      properties: { reference: optionalText, callerName: optionalText },
      run: () => ({
        bookings: [
          { reference: 'B-1001', service: 'Tune-up', status: 'booked', localTime: '2026-11-25T09:00' },
        ],
      }),
    },
    {
      name: 'move_appointment',
      properties: { reference: requiredText, startsAt: requiredText },
      run: ({ reference, startsAt }) => ({
        status: 'moved',
        booking: { reference, service: 'Tune-up', localTime: startsAt, status: 'booked' },
      }),
    },
    {
      name: 'cancel_appointment',
      properties: { reference: requiredText },
      run: ({ reference }) => ({
        status: 'cancelled',
        booking: { reference, service: 'Tune-up', status: 'cancelled' },
      }),
    },
    {
      name: 'list_products',
      properties: { query: optionalText },
      run: () => ({
        products: [
          { product: 'u-lock', name: 'Steel U-lock', price: '$49.00' },
          { product: 'inner-tube', name: 'Inner tube', price: '$8.50' },
        ],
      }),
    },
    {
      name: 'create_order',
      properties: {
        items: {
          type: 'array',
          items: {
            type: 'object',
            properties: { product: requiredText, quantity: { type: 'integer' } },
            required: ['product', 'quantity'],
            additionalProperties: false,
          },
        },
        ...caller,
      },
      run: () => ({ status: 'placed', order: { reference: 'O-1043', status: 'placed', total: '$17.00' } }),
    },
    {
      name: 'find_order',
      properties: { reference: optionalText },
      run: () => ({
        orders: [
          {
            reference: 'O-1001',
            status: 'in_preparation',
            items: [{ name: 'Light set', quantity: 1 }],
            total: '$34.50',
          },
        ],
      }),
    },
    {
      name: 'cancel_order',
      properties: { reference: requiredText },
      run: ({ reference }) => ({ status: 'cancelled', order: { reference, status: 'cancelled' } }),
    },
    {
      name: 'create_ticket',
      properties: {
        subject: requiredText,
        description: requiredText,
        priority: { type: ['string', 'null'], enum: ['low', 'high', null] },
      },
      run: ({ subject }) => ({ status: 'created', ticket: { reference: 'T-1044', subject, status: 'open' } }),
    },
    {
      name: 'find_ticket',
      properties: { reference: optionalText },
      run: () => ({ tickets: [{ reference: 'T-1001', subject: 'Squeaky brake', status: 'in_progress' }] }),
    },
    {
      name: 'update_ticket',
      properties: { reference: requiredText, comment: optionalText },
      run: ({ reference }) => ({
        status: 'updated',
        ticket: { reference, status: 'open', subject: 'Squeaky brake' },
      }),
    },
    {
      name: 'take_message',
      properties: { message: requiredText, callerName: optionalText, urgent: { type: ['boolean', 'null'] } },
      run: () => ({ status: 'taken' }),
    },
    {
      name: 'transfer_call',
      properties: { targetId: { type: 'string', enum: ['workshop'] } },
      run: () => ({ status: 'connecting', to: 'Sam' }),
    },
    { name: 'end_call', properties: {}, run: () => ({ status: 'ending' }) },
  ];
}

interface Called {
  readonly name: string;
  readonly arguments: Json;
}

interface AssistantMessage {
  readonly role: 'assistant';
  readonly content: string | null;
  readonly tool_calls?: { id: string; type: 'function'; function: { name: string; arguments: string } }[];
}

/** One call at the desk: says what the caller says, runs the tools, and keeps the conversation. */
export class PhoneDesk implements AsyncDisposable {
  readonly calls: Called[] = [];
  readonly messages: Json[] = [{ role: 'system', content: SYSTEM }];
  readonly #openai: OpenaiSimulator;
  readonly #tools: readonly ToolSpec[];

  private constructor(openai: OpenaiSimulator, tools: readonly ToolSpec[]) {
    this.#openai = openai;
    this.#tools = tools;
  }

  static async open(tools: readonly ToolSpec[] = shopTools()): Promise<PhoneDesk> {
    const faults = { latency: { connectMs: 0, firstTokenMs: 0, perTokenMs: 0 } };
    return new PhoneDesk(await startOpenai({ faults }), tools);
  }

  /** Everything the model says and does until it waits for the caller again. */
  async say(text: string): Promise<string> {
    this.messages.push({ role: 'user', content: text });
    let spoken = '';
    for (let step = 0; step < 8; step += 1) {
      const message = await this.#complete();
      this.messages.push({ ...message });
      spoken = `${spoken} ${message.content ?? ''}`.trim();
      if (!message.tool_calls) return spoken;
      for (const { id, function: called } of message.tool_calls) {
        const args = JSON.parse(called.arguments) as Json;
        this.calls.push({ name: called.name, arguments: args });
        const result = this.#tools.find(({ name }) => name === called.name)!.run(args);
        this.messages.push({ role: 'tool', tool_call_id: id, content: JSON.stringify(result) });
      }
      if (message.tool_calls.some(({ function: { name } }) => name === 'end_call')) return spoken;
    }
    throw new Error('the model went on calling tools');
  }

  /** One more answer without a word from the caller. */
  async continueReply(): Promise<string> {
    return (await this.#complete()).content ?? '';
  }

  /** The caller cut in: of the last thing said only this much was heard. */
  interruptAfter(heard: string): void {
    const last = this.messages.findLastIndex(({ role, content }) => role === 'assistant' && content);
    this.messages[last] = { ...this.messages[last], content: `${heard} [interrupted]` };
  }

  toolNames(): string[] {
    return this.calls.map(({ name }) => name);
  }

  lastCall(): Called | undefined {
    return this.calls.at(-1);
  }

  async #complete(): Promise<AssistantMessage> {
    const response = await fetch(`${this.#openai.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer key', 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'gpt-6-luna',
        reasoning_effort: 'none',
        messages: this.messages,
        ...(this.#tools.length > 0 ? { tools: this.#tools.map(definitionOf) } : {}),
      }),
    });
    const body = (await response.json()) as {
      choices: { message: AssistantMessage }[];
      error?: { message: string };
    };
    if (body.error) throw new Error(body.error.message);
    return body.choices[0]!.message;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#openai.close();
  }
}

function definitionOf({ name, properties }: ToolSpec): Json {
  const parameters = {
    type: 'object',
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
  return { type: 'function', function: { name, description: name, parameters, strict: true } };
}
