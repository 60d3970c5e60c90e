import { describe, expect, it } from 'vitest';
import { finishCallJob, ingestRecords } from '../../../../src/business/record/calls/calls.ts';
import { listPrices } from '../../../../src/vendors/prices.ts';
import { findOrCreateCustomerByPhone } from '../../../../src/business/customers/customers.ts';
import { newId, type TenantId } from '../../../../src/platform/data/ids.ts';
import { createLogger } from '../../../../src/platform/process/logger.ts';
import { anOrder, aProduct } from '../../a-business.ts';
import { useRestApp } from '../../../support/rest-app.ts';
import { aBookingCall, recordsOf } from '../calls/a-call.ts';
import { jobContext } from '../../../../src/jobs/job.ts';

const at = useRestApp();

/** Calls of 24 November 2026, ten in the morning on the clocks of the business. */
async function addCalls(tenantId: TenantId, count: number): Promise<void> {
  const logger = createLogger({ logLevel: 'silent' });
  for (let added = 0; added < count; added += 1) {
    const callId = newId('call');
    await ingestRecords(at.app.tenancy, recordsOf(tenantId, callId, aBookingCall()));
    await finishCallJob({ tenancy: at.app.tenancy, prices: listPrices }).run(
      { tenantId, callId },
      jobContext({ logger }),
    );
  }
}

const range = 'from=2026-11-24T00:00:00Z&to=2026-11-25T00:00:00Z';

interface Answer {
  readonly total: { readonly calls: number; readonly outcomes: Readonly<Record<string, number>> };
  readonly hours: unknown;
  readonly topics: unknown;
  readonly tools: readonly { readonly tool: string; readonly uses: number }[];
  readonly costs: Readonly<Record<string, number>>;
  readonly days: readonly { readonly key: string; readonly calls: number }[];
}

describe('analytics', () => {
  it('tell when calls come, what they were about, what came of them and what they cost', async () => {
    const owner = await at.app.signUp();
    await addCalls(owner.tenantId, 3);
    const response = await at.app.inject({ url: `/v1/analytics?${range}`, headers: owner.headers });
    expect(response.statusCode).toBe(200);
    const told = response.json<Answer>();
    expect(told.total).toMatchObject({ calls: 3, outcomes: { booked: 3 } });
    expect(told.hours).toEqual([{ weekday: 2, hour: 10, calls: 3 }]);
    expect(told.topics).toEqual([{ topic: 'appointments', calls: 3 }]);
    expect(told.tools).toMatchObject([{ tool: 'book_appointment', uses: 3, failures: 0 }]);
    expect(told.costs['telephonyMicros']).toBeGreaterThan(0);
    expect(told.days.find(({ key }) => key === '2026-11-24')).toMatchObject({ calls: 3 });
  });

  it('know nothing of another tenant', async () => {
    const owner = await at.app.signUp();
    await addCalls(owner.tenantId, 1);
    const stranger = await at.app.signUp();
    const told = (
      await at.app.inject({ url: `/v1/analytics?${range}`, headers: stranger.headers })
    ).json<Answer>();
    expect(told.total.calls).toBe(0);
    expect(told.topics).toEqual([]);
    const { standing } = (await at.app.inject({ url: '/v1/dashboard', headers: stranger.headers })).json<{
      standing: Record<string, number>;
    }>();
    expect(Object.values(standing)).toEqual([0, 0, 0, 0, 0]);
  });

  it('refuse a range that is too long or runs backwards, and say so', async () => {
    const { headers } = await at.app.signUp();
    for (const query of [
      'from=2026-01-01T00:00:00Z&to=2026-11-25T00:00:00Z',
      'from=2026-11-25T00:00:00Z&to=2026-11-24T00:00:00Z',
    ]) {
      const response = await at.app.inject({ url: `/v1/analytics?${query}`, headers });
      expect(response.statusCode).toBe(400);
      expect(response.json()).toMatchObject({ errors: [{ pointer: '/querystring/from' }] });
    }
  });
});

describe('the dashboard', () => {
  it('sets what was made in the period beside the period before', async () => {
    const owner = await at.app.signUp();
    const { tenancy } = at.app;
    await aProduct(tenancy, owner.tenantId, { slug: 'lock', name: 'Lock', priceMinor: 4_900 });
    const customer = await tenancy.run(owner, (tx) =>
      findOrCreateCustomerByPhone(tx, { phone: '+14155550123' }),
    );
    await anOrder(tenancy, owner.tenantId, {
      customerId: customer.id,
      items: [{ product: 'lock', quantity: 2 }],
    });
    // Rows are dated by the database, a moment after the clock of the app was set.
    at.app.clock.advance(60_000);
    const response = await at.app.inject({ url: '/v1/dashboard?days=7', headers: owner.headers });
    expect(response.json()).toMatchObject({
      currency: 'USD',
      standing: { customers: 1, openTickets: 0 },
      period: { orders: 1, orderValueMinor: 9_800 },
      before: { orders: 0, orderValueMinor: 0 },
    });
  });

  it('is for those who may read analytics', async () => {
    const { tenantId } = await at.app.signUp();
    const key = await at.app.apiKeyWith(['tickets:read'], tenantId);
    const response = await at.app.inject({ url: '/v1/dashboard', headers: key.headers });
    expect(response.statusCode).toBe(403);
  });
});
