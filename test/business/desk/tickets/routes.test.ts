import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../support/rest-app.ts';
import { useRestApp } from '../../../support/rest-app.ts';
import { runJobs } from '../../../support/run-jobs.ts';
import { aCustomer } from '../../a-business.ts';

const at = useRestApp();
const squeak = { subject: 'Brakes squeak', description: 'Since the tune-up at the Café.' };

interface TicketBody {
  readonly id: string;
  readonly reference: string;
  readonly subject: string;
  readonly status: string;
}

async function open({ headers }: Caller, payload: object = squeak): Promise<TicketBody> {
  const answer = await at.app.inject({ method: 'POST', url: '/v1/tickets', headers, payload });
  expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)]);
  return answer.json<TicketBody>();
}

function change({ headers }: Caller, id: string, payload: object, ifMatch?: string) {
  const conditional = ifMatch === undefined ? headers : { ...headers, 'if-match': ifMatch };
  return at.app.inject({ method: 'PATCH', url: `/v1/tickets/${id}`, headers: conditional, payload });
}

async function subjects({ headers }: Caller, query: string): Promise<string[]> {
  const answer = await at.app.inject({ url: `/v1/tickets?${query}`, headers });
  expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
  return answer.json<{ data: TicketBody[] }>().data.map(({ subject }) => subject);
}

describe('a ticket over REST', () => {
  it('is opened for a customer by phone, changed, commented, and read with its history', async () => {
    const owner = await at.app.signUp();
    const ticket = await open(owner, { ...squeak, customer: { phone: '+14155550123', name: 'Maya' } });
    expect(ticket).toMatchObject({
      reference: 'T-1001',
      status: 'open',
      priority: 'normal',
      assigneeId: null,
    });
    expect(ticket).toMatchObject({ customerId: expect.stringMatching(/^cus_/) });
    const assigneeId = owner.memberId;
    const changed = await change(owner, ticket.id, { status: 'in_progress', assigneeId });
    expect(changed.json()).toMatchObject({ status: 'in_progress', assigneeId });
    const url = `/v1/tickets/${ticket.id}`;
    const { headers } = owner;
    const comment = await at.app.inject({
      method: 'POST',
      url: `${url}/comments`,
      headers,
      payload: { body: 'Called back.' },
    });
    expect([comment.statusCode, comment.json()]).toEqual([
      201,
      expect.objectContaining({ kind: 'comment', body: 'Called back.', author: owner.memberId }),
    ]);
    const detail = (await at.app.inject({ url, headers })).json<{ history: { kind: string }[] }>();
    expect(detail.history.map(({ kind }) => kind)).toEqual([
      'created',
      'status-changed',
      'details-changed',
      'comment',
    ]);
    const comments = await at.app.inject({ url: `${url}/comments`, headers });
    expect(comments.json()).toEqual({ data: [comment.json()], nextCursor: null });
  });

  it('refuses a step that is not allowed, and names those that are', async () => {
    const owner = await at.app.signUp();
    const { id } = await open(owner);
    await change(owner, id, { status: 'resolved' });
    const refused = await change(owner, id, { status: 'open' });
    expect(refused.statusCode).toBe(409);
    expect(refused.json()).toMatchObject({ code: 'status-not-allowed', allowed: ['in_progress', 'closed'] });
    await change(owner, id, { status: 'closed' });
    expect((await change(owner, id, { subject: 'Again' })).json()).toMatchObject({
      status: 409,
      allowed: [],
    });
  });

  it('is not changed over what somebody else has changed meanwhile', async () => {
    const owner = await at.app.signUp();
    const { id } = await open(owner);
    const { headers } = await at.app.inject({ url: `/v1/tickets/${id}`, headers: owner.headers });
    const etag = headers.etag!;
    expect((await change(owner, id, { priority: 'high' }, etag)).statusCode).toBe(200);
    expect((await change(owner, id, { priority: 'low' }, etag)).statusCode).toBe(412);
  });

  it('is given to active members alone, and linked to calls and customers of one’s own', async () => {
    const [owner, stranger] = [await at.app.signUp(), await at.app.signUp()];
    const foreign = await aCustomer(at.app.db, stranger.tenantId);
    const post = async (payload: object) => {
      const body = { ...squeak, ...payload };
      const { headers } = owner;
      return (await at.app.inject({ method: 'POST', url: '/v1/tickets', headers, payload: body })).statusCode;
    };
    expect(await post({ assigneeId: stranger.memberId })).toBe(400);
    expect(await post({ customerId: foreign.id })).toBe(404);
    expect(await post({ callId: 'call_01h2xcejqtf2nbrexx3vqjhp41' })).toBe(404);
    expect(await post({ customerId: foreign.id, customer: { phone: '+14155550123' } })).toBe(400);
    expect(await post({ subject: ' ' })).toBe(400);
    expect(await post({ colour: 'red' })).toBe(400);
  });

  it('is opened once for one Idempotency-Key', async () => {
    const owner = await at.app.signUp();
    const headers = { ...owner.headers, 'idempotency-key': 'the-same' };
    const post = (payload: object) => at.app.inject({ method: 'POST', url: '/v1/tickets', headers, payload });
    const [first, second] = [await post(squeak), await post(squeak)];
    expect(second.json()).toEqual(first.json());
    expect((await post({ subject: 'Other' })).statusCode).toBe(422);
    expect(await subjects(owner, '')).toEqual(['Brakes squeak']);
  });

  it('does not exist for another tenant', async () => {
    const [owner, stranger] = [await at.app.signUp(), await at.app.signUp()];
    const { id } = await open(owner);
    const { headers } = stranger;
    const payload = { body: 'Mine now' };
    for (const url of [`/v1/tickets/${id}`, `/v1/tickets/${id}/comments`, '/v1/tickets/nonsense']) {
      expect((await at.app.inject({ url, headers })).statusCode).toBe(404);
    }
    expect((await change(stranger, id, { status: 'closed' })).statusCode).toBe(404);
    const commented = await at.app.inject({
      method: 'POST',
      url: `/v1/tickets/${id}/comments`,
      headers,
      payload,
    });
    expect(commented.statusCode).toBe(404);
    expect(await subjects(stranger, '')).toEqual([]);
  });

  it('is read by viewers, and not written', async () => {
    const owner = await at.app.signUp();
    const { id } = await open(owner);
    const viewer = await at.app.memberWith('viewer', owner.tenantId);
    expect(await subjects(viewer, '')).toEqual(['Brakes squeak']);
    expect((await change(viewer, id, { status: 'closed' })).statusCode).toBe(403);
  });

  it('raises one alert when it is or becomes urgent', async () => {
    const owner = await at.app.signUp();
    await open(owner, { ...squeak, priority: 'urgent' });
    const second = await open(owner, { subject: 'Leak', description: '' });
    await change(owner, second.id, { priority: 'urgent' });
    await change(owner, second.id, { comment: 'On the way' });
    const { headers } = owner;
    await runJobs(at.app);
    const alerts = (await at.app.inject({ url: '/v1/alerts', headers })).json<{
      data: { title: string }[];
    }>();
    expect(alerts.data.map(({ title }) => title)).toEqual([
      'Ticket T-1002 is urgent',
      'Ticket T-1001 is urgent',
    ]);
  });
});

describe('the list of tickets', () => {
  it('is searched by reference and by how words begin, accents and comments included', async () => {
    const owner = await at.app.signUp();
    await open(owner);
    const leak = await open(owner, { subject: 'Leaking pipe', description: 'Kitchen', category: 'plumbing' });
    const { headers } = owner;
    await at.app.inject({
      method: 'POST',
      url: `/v1/tickets/${leak.id}/comments`,
      headers,
      payload: { body: 'Plumber ordered' },
    });
    const found = {
      'T-1001': ['Brakes squeak'],
      t1002: ['Leaking pipe'],
      '1002': ['Leaking pipe'],
      'BRAKE sq': ['Brakes squeak'],
      cafe: ['Brakes squeak'],
      plumber: ['Leaking pipe'],
      'pipe squeak': [],
      'T-9999': [],
    };
    for (const [q, expected] of Object.entries(found)) {
      expect([q, await subjects(owner, `q=${encodeURIComponent(q)}`)]).toEqual([q, expected]);
    }
    expect((await at.app.inject({ url: '/v1/tickets?q=!!', headers })).statusCode).toBe(400);
  });

  it('is filtered by status, priority, category, assignee, customer and time', async () => {
    const owner = await at.app.signUp();
    const customer = await aCustomer(at.app.db, owner.tenantId);
    await open(owner, { subject: 'a', priority: 'high', category: 'billing', customerId: customer.id });
    const b = await open(owner, { subject: 'b', assigneeId: owner.memberId });
    const c = await open(owner, { subject: 'c' });
    await change(owner, b.id, { status: 'in_progress' });
    await change(owner, c.id, { status: 'closed' });
    const found = {
      'status=open': ['a'],
      'status=open&status=in_progress': ['b', 'a'],
      'priority=high': ['a'],
      'category=billing': ['a'],
      [`assigneeId=${owner.memberId}`]: ['b'],
      'assigneeId=none': ['c', 'a'],
      [`customerId=${customer.id}`]: ['a'],
      'from=2020-01-01T00:00:00Z&status=closed': ['c'],
      'to=2020-01-01T00:00:00Z': [],
    };
    for (const [query, expected] of Object.entries(found)) {
      expect([query, await subjects(owner, query)]).toEqual([query, expected]);
    }
    for (const query of ['status=lost', 'assigneeId=robin', 'from=yesterday', 'limit=101', 'cursor=x']) {
      const { statusCode } = await at.app.inject({ url: `/v1/tickets?${query}`, headers: owner.headers });
      expect([query, statusCode]).toEqual([query, 400]);
    }
  });

  it('is turned page by page without a gap or a repeat, while tickets are opened', async () => {
    const owner = await at.app.signUp();
    for (const subject of ['1', '2', '3', '4', '5']) await open(owner, { subject });
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const url: string = `/v1/tickets?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page: { data: TicketBody[]; nextCursor: string | null } = (
        await at.app.inject({ url, headers: owner.headers })
      ).json();
      seen.push(...page.data.map(({ subject }) => subject));
      cursor = page.nextCursor;
      await open(owner, { subject: 'later' });
    }
    expect(seen).toEqual(['5', '4', '3', '2', '1']);
  });
});
