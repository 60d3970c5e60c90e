import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setTimeout as delay } from 'node:timers/promises';
import { CallWorld } from '../support/call-world.ts';

/** A business that has just signed up, and knows nothing but the address of the API. */
class NewBusiness {
  readonly #address: string;
  #token: string | undefined;

  constructor(address: string) {
    this.#address = address;
  }

  async signUp(): Promise<void> {
    const { accessToken } = await this.post<{ accessToken: string }>('/v1/auth/sign-up', {
      email: 'ada@example.com',
      password: 'correct horse battery staple',
      name: 'Ada',
      businessName: 'Ada Cycles',
      timeZone: 'America/New_York',
      currency: 'USD',
    });
    this.#token = accessToken;
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.#send('GET', path);
  }
  post<Answer>(path: string, body: unknown = {}): Promise<Answer> {
    return this.#send('POST', path, body);
  }
  put<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.#send('PUT', path, body);
  }
  patch<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.#send('PATCH', path, body);
  }

  async #send<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.#address + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Answer;
  }
}

interface List<Item> {
  readonly data: readonly Item[];
}
interface Made {
  readonly id: string;
  readonly callId?: string | null;
}
interface Call extends Made {
  readonly agentId: string;
  readonly agentVersionId: string;
  readonly status: string;
  readonly outcome: readonly string[];
}

const everyDay = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const tools = [
  'create_ticket',
  'list_products',
  'create_order',
  'find_order',
  'list_services',
  'find_free_slots',
  'book_appointment',
];

let world: CallWorld;
beforeAll(async () => {
  world = await CallWorld.open();
});
afterAll(() => world?.[Symbol.asyncDispose]());

describe('a business that signs up', () => {
  it('sets itself up over REST alone, and calls to its number reach its agent and leave their rows', async () => {
    const business = new NewBusiness(world.app.address);
    await business.signUp();
    await business.patch('/v1/company', { description: 'Bicycles, sold and mended.' });
    const service = { name: 'Tune-up', durationMinutes: 60, priceMinor: 8_500 };
    await business.post('/v1/services', service);
    await business.post('/v1/resources', { name: 'Stand one' });
    const hours = [{ opens: '09:00', closes: '18:00' }];
    await business.put('/v1/opening-hours', Object.fromEntries(everyDay.map((day) => [day, hours])));
    await business.post('/v1/products', { name: 'Inner tube', priceMinor: 850 });
    await business.post('/v1/products', { name: 'Floor pump', priceMinor: 3_900 });

    const agent = await business.post<Made>('/v1/agents', {
      name: 'Nova',
      greeting: 'Ada Cycles, this is Nova. How can I help you?',
      instructions: 'You answer the telephone of Ada Cycles.',
      tools,
    });
    const version = await business.post<Made>(`/v1/agents/${agent.id}/publish`);
    const { data: offered } = await business.get<List<{ phoneNumber: string }>>(
      '/v1/phone-numbers/available?country=US',
    );
    const { phoneNumber } = offered[0]!;
    const { id: phoneNumberId } = await business.post<Made>('/v1/phone-numbers', { phoneNumber });
    await business.post(`/v1/agents/${agent.id}/link-numbers`, { phoneNumbers: [{ phoneNumberId }] });
    await world.settle();

    // The carrier rings the addresses that were set at the purchase.
    const ring = (scenario: string) => world.simulator.placeCall({ scenario, to: phoneNumber });
    await Promise.all([ring('appointment'), ring('order')]);

    const calls = await finished(business, 2);
    expect(calls.map(({ agentId, agentVersionId }) => ({ agentId, agentVersionId }))).toEqual([
      { agentId: agent.id, agentVersionId: version.id },
      { agentId: agent.id, agentVersionId: version.id },
    ]);
    const outcomes = calls.flatMap(({ outcome }) => outcome);
    expect(outcomes.toSorted()).toEqual(['booked', 'ordered', 'ticket-opened']);

    const [bookings, orders, tickets] = await Promise.all(
      ['bookings', 'orders', 'tickets'].map((made) => business.get<List<Made>>(`/v1/${made}`)),
    );
    const callOf = (outcome: string) => calls.find((call) => call.outcome.includes(outcome))!.id;
    expect(bookings!.data).toMatchObject([{ callId: callOf('booked') }]);
    expect(orders!.data).toMatchObject([{ callId: callOf('ordered'), totalMinor: 2 * 850 + 3_900 }]);
    expect(tickets!.data).toMatchObject([{ callId: callOf('ticket-opened') }]);

    const transcript = await business.get<{ turns: { kind: string; tool?: string }[] }>(
      `/v1/calls/${callOf('ordered')}/transcript`,
    );
    expect(transcript.turns.map(({ tool }) => tool)).toContain('create_order');
    const stats = await business.get<{ total: { calls: number; outcomes: Record<string, number> } }>(
      '/v1/calls/stats',
    );
    expect(stats.total).toMatchObject({
      calls: 2,
      outcomes: { booked: 1, ordered: 1, 'ticket-opened': 1 },
    });
  });
});

/** The calls of the business once their records are complete, a moment after they ended. */
async function finished(business: NewBusiness, count: number): Promise<readonly Call[]> {
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 200) {
    const { data } = await business.get<List<Call>>('/v1/calls');
    if (data.length === count && data.every(({ outcome }) => outcome.length > 0)) return data;
    await delay(200);
  }
  throw new Error('The records of the calls were never complete.');
}
