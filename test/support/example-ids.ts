import { raiseAlert } from '../../src/business/record/alerts/alerts.ts';
import { bookAppointment } from '../../src/business/desk/bookings/bookings.ts';
import { ingestRecords } from '../../src/business/record/calls/calls.ts';
import { openConversation } from '../../src/business/record/conversations/conversations.ts';
import { findOrCreateCustomerByPhone } from '../../src/business/customers/customers.ts';
import { recordQuestion } from '../../src/business/knowledge/knowledge.ts';
import { newId } from '../../src/platform/data/ids.ts';
import { aMessage, anOrder, aProduct, asAgent, aSalon } from '../business/a-business.ts';
import { aBookingCall, recordsOf } from '../business/record/calls/a-call.ts';
import type { Caller, MemberCaller, RestApp } from './rest-app.ts';
import { createByExample } from './route-requests.ts';
import { testTenancy } from './test-tenancy.ts';

/** Makes one of these for the tenant, and says what stands for it in an address, parameter by parameter. */
type MakeExample = (app: RestApp, owner: MemberCaller) => Promise<Readonly<Record<string, string>>>;

/**
 * For the test of foreign tenants, by the address of the collection. What can be created by a POST there with the
 * example of its documentation needs no line here.
 */
export const exampleIds: Readonly<Record<string, MakeExample>> = {
  '/v1/agents': async (app, { headers }) => {
    const { id } = (await createByExample(app, { headers }, '/v1/agents'))!;
    const published = await app.inject({ method: 'POST', url: `/v1/agents/${id}/publish`, headers });
    const { version } = published.json<{ version: number }>();
    const numberId = await buyNumber(app, headers, '+13125550178');
    const payload = { phoneNumbers: [{ phoneNumberId: numberId, weight: 100 }] };
    await app.inject({ method: 'POST', url: `/v1/agents/${id}/link-numbers`, headers, payload });
    return { id, numberId, version: String(version), a: String(version), b: String(version) };
  },
  '/v1/calls': async ({ db }, { tenantId }) => {
    const callId = newId('call');
    await ingestRecords(testTenancy(db), recordsOf(tenantId, callId, aBookingCall()));
    return { id: callId };
  },
  '/v1/alerts': async ({ tenancy }, { tenantId }) => {
    const alert = { kind: 'message-taken', title: 'A message' } as const;
    return { id: await tenancy.run({ tenantId }, (tx) => raiseAlert(tx, alert)) };
  },
  '/v1/bookings': async ({ db, tenancy }, { tenantId }) => {
    const { customer, service } = await aSalon(db, { tenantId });
    const now = new Date('2026-11-21T15:00:00Z');
    const wish = { service: service.id, startsAt: '2026-11-24T10:00', customerId: customer.id, now };
    const booking = await asAgent(tenancy, tenantId, (tx, agent) => bookAppointment(tx, agent, wish));
    return { id: booking.id };
  },
  '/v1/conversations': async ({ tenancy }, { tenantId }) => ({
    id: (
      await asAgent(tenancy, tenantId, (tx, agent) => openConversation(tx, agent, { channel: 'web-chat' }))
    ).id,
  }),
  '/v1/customers': async ({ tenancy }, { tenantId }) => ({
    id: (await tenancy.run({ tenantId }, (tx) => findOrCreateCustomerByPhone(tx, { phone: '+14155550177' })))
      .id,
  }),
  '/v1/knowledge/files': async ({ http }, { headers }) => {
    const payload = new FormData();
    payload.append('files', new Blob(['We open at nine.'], { type: 'text/plain' }), 'hours.txt');
    const url = '/v1/knowledge/files';
    const uploaded = await http.inject({ method: 'POST', url, headers, payload });
    return { id: uploaded.json<{ data: { file: { id: string } }[] }>().data[0]!.file.id };
  },
  '/v1/knowledge/questions': async ({ tenancy, http }, { tenantId, headers }) => {
    const asked = {
      question: 'Do you repair tyres?',
      language: 'en',
      conversation: 'a call',
      isAnswered: false,
    };
    const where = { callId: undefined, askedAt: new Date() };
    await tenancy.run({ tenantId }, (tx) => recordQuestion(tx, { ...asked, ...where }));
    const listed = await http.inject({ url: '/v1/knowledge/questions', headers });
    return { id: listed.json<{ data: { id: string }[] }>().data[0]!.id };
  },
  '/v1/messages': async ({ tenancy }, { tenantId }) => ({
    id: (await aMessage(tenancy, tenantId, { body: 'Please call back.' })).id,
  }),
  '/v1/orders': async ({ tenancy }, { tenantId }) => {
    await aProduct(tenancy, tenantId, { slug: 'u-lock', name: 'U-lock' });
    const customer = await tenancy.run({ tenantId }, (tx) =>
      findOrCreateCustomerByPhone(tx, { phone: '+14155550177' }),
    );
    const items = [{ product: 'u-lock', quantity: 1 }];
    return { id: (await anOrder(tenancy, tenantId, { customerId: customer.id, items })).id };
  },
  '/v1/phone-numbers': async (app, { headers }) => ({ id: await buyNumber(app, headers, '+13125550177') }),
  '/v1/sessions': async ({ http }, { headers }) => {
    const listed = await http.inject({ url: '/v1/sessions', headers });
    return { id: listed.json<{ data: { id: string }[] }>().data[0]!.id };
  },
};

async function buyNumber(app: RestApp, headers: Caller['headers'], phoneNumber: string): Promise<string> {
  const payload = { phoneNumber };
  const bought = await app.inject({ method: 'POST', url: '/v1/phone-numbers', headers, payload });
  return bought.json<{ id: string }>().id;
}

/** What is named by something every tenant has, such as a day: the same address is another thing to each. */
export const notIds: ReadonlySet<string> = new Set(['/v1/opening-hours/exceptions']);
