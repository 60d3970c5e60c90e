import type { Pool } from 'pg';
import { describe, expect, it } from 'vitest';
import { type Caller, useRestApp } from '../../../support/rest-app.ts';

const rest = useRestApp();

async function send(caller: Caller, method: 'POST' | 'PATCH' | 'PUT', url: string, payload: object) {
  const headers = { ...caller.headers, ...(method === 'POST' ? { 'idempotency-key': url } : {}) };
  const response = await rest.app.inject({ method, url, headers, payload });
  expect(response.statusCode).toBeLessThan(300);
  return JSON.parse(response.payload);
}

/** What the database is asked from now on, one entry for each statement. */
function statementsOf(pool: Pool): string[] {
  const statements: string[] = [];
  const connect = pool.connect.bind(pool) as () => Promise<{ query: (...args: never[]) => unknown }>;
  const spied = new WeakSet<object>();
  pool.connect = (async () => {
    const client = await connect();
    if (spied.has(client)) return client;
    spied.add(client);
    const query = client.query.bind(client);
    client.query = (...args: never[]) => {
      const [asked] = args as unknown as [string | { text: string }];
      statements.push(typeof asked === 'string' ? asked : asked.text);
      return query(...args);
    };
    return client;
  }) as never;
  return statements;
}

describe('a booking over REST', () => {
  it('asks each table once', async () => {
    const owner = await rest.app.signUp();
    const service = await send(owner, 'POST', '/v1/services', {
      name: 'Repair',
      durationMinutes: 30,
      priceMinor: 1_000,
    });
    await send(owner, 'POST', '/v1/resources', { name: 'Stand', kind: 'place' });
    const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
    const hours = Object.fromEntries(days.map((day) => [day, [{ opens: '08:00', closes: '18:00' }]]));
    await send(owner, 'PUT', '/v1/opening-hours', hours);
    const customer = await send(owner, 'POST', '/v1/customers', { name: 'Maya', phone: '+14155550177' });
    const backend = await rest.app.apiKeyWith('*', owner.tenantId);
    // The key is looked up now, and known when the booking is made.
    await rest.app.inject({ url: '/v1/services', headers: backend.headers });

    const statements = statementsOf(rest.app.database.pool);
    const day = new Date(rest.app.clock.date().getTime() + 3 * 86_400_000).toISOString().slice(0, 10);
    await send(backend, 'POST', '/v1/bookings', {
      serviceId: service.id,
      customerId: customer.id,
      startsAt: `${day}T10:30`,
    });
    const named = statements.map((text) => {
      const [verb, ...words] = text.replaceAll('"', '').trim().split(/\s+/);
      const at = words.findIndex((word) => /^(from|into|update)$/.test(word));
      return verb === 'update' ? `update ${words[0]}` : at < 0 ? verb : `${verb} ${words[at + 1]}`;
    });
    expect(named).toEqual([
      'begin',
      'select', // sets the role and the tenant
      'insert idempotency_key',
      'select customer',
      'select tenant',
      'select service_resource', // within that of the service
      'select opening_hours',
      'select booking_resource',
      'select booking',
      'insert reference_counter',
      'insert booking',
      'insert event_record',
      'insert audit_entry',
      'update idempotency_key',
      'commit',
    ]);
  });
});
