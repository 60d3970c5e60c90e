import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { LanguageModel } from '../../src/agent/language-model.ts';
import { reference } from '../../src/agent/tools/arguments.ts';
import { getOwnRecord } from '../../src/agent/tools/caller.ts';
import { defineTool } from '../../src/agent/tools/define-tool.ts';
import { businessTools } from '../../src/agent/tools/registry.ts';
import { findOrCreateCustomerByPhone } from '../../src/business/customers/customers.ts';
import { changeTicket, findTicket } from '../../src/business/desk/tickets/tickets.ts';
import { systemClock } from '../../src/platform/process/clock.ts';
import { aTicket } from '../business/a-business.ts';
import { type MemberCaller, useRestApp } from '../support/rest-app.ts';
import { end, type Script, ScriptedModel, text, toolCall } from '../support/scripted-model.ts';

/** What a file `src/agent/tools/escalate-ticket.ts` would export, … */
const escalateTicketTool = defineTool({
  name: 'escalate_ticket',
  description: "Makes one of the caller's own tickets urgent.",
  effect: 'write',
  schema: z.object({ reference: reference('ticket', 'T-1042') }),
  async run(args, context) {
    const { tx, actor } = context;
    const asked = { what: 'ticket', reference: args.reference };
    const { id } = await getOwnRecord(context, asked, (owned) => findTicket(tx, owned));
    const ticket = await changeTicket(tx, actor, id, { changes: { priority: 'urgent' } });
    return { result: { status: 'escalated', reference: ticket.reference } };
  },
});

/** … and the line that it would have in `src/agent/tools/registry.ts`. */
const toolList = [...businessTools, escalateTicketTool];

let modelInTest: ScriptedModel;
const model: LanguageModel = { vendor: 'scripted', stream: (...request) => modelInTest.stream(...request) };
const rest = useRestApp({ model, toolList });
const without = useRestApp();

const phone = '+14155550177';
const robin = { name: 'Robin', greeting: 'Hello.', tools: ['escalate_ticket'] };

/** The model calls the tool, and speaks about what came of it. */
function modelThatEscalates(ticket: string): ScriptedModel {
  const scripts: readonly Script[] = [
    [toolCall('c1', 'escalate_ticket', { reference: ticket }), end],
    [text('I have told them that it is urgent.'), end],
  ];
  modelInTest = new ScriptedModel(systemClock, scripts);
  return modelInTest;
}

async function post(caller: MemberCaller, url: string, payload: object) {
  const headers = { ...caller.headers, accept: 'application/json' };
  return JSON.parse((await rest.app.inject({ method: 'POST', url, headers, payload })).payload);
}

/** A customer with a ticket, who writes to an agent that has the tool. */
async function aBusiness() {
  const owner = await rest.app.signUp();
  const { tenancy } = rest.app;
  const customer = await tenancy.run(owner, (tx) => findOrCreateCustomerByPhone(tx, { phone }));
  const leak = { subject: 'The cellar floods', description: '', customerId: customer.id };
  const ticket = await aTicket(tenancy, owner.tenantId, leak);
  const { id: agentId } = await post(owner, '/v1/agents', robin);
  await post(owner, `/v1/agents/${agentId}/publish`, {});
  const messages = [{ role: 'user', content: 'It is rising, please hurry.' }];
  return {
    owner,
    ticket,
    write: (more: object = {}) =>
      post(owner, '/v1/chat/messages', { agentId, messages, customer: { phone }, ...more }),
    written: () =>
      tenancy.run(owner, async (tx) => ({
        priority: (await findTicket(tx, { reference: ticket.reference }))?.priority,
        ledger: await tx.selectFrom('toolLedger').select(['tool', 'status', 'result', 'chatId']).execute(),
        facts: await tx
          .selectFrom('eventRecord')
          .select(['actorType', 'actorId'])
          .where('type', '=', 'ticket.updated')
          .execute(),
      })),
  };
}

describe('a writing tool added as one value on the list', () => {
  it('is called by the model, and writes its row and its entry in the ledger in the name of the agent', async () => {
    const { ticket, write, written } = await aBusiness();
    const { requests } = modelThatEscalates(ticket.reference);
    const result = { status: 'escalated', reference: ticket.reference };
    const answered = await write();
    expect(requests[0]?.tools).toMatchObject([
      { name: 'escalate_ticket', parameters: { required: ['reference'] } },
    ]);
    expect(answered).toMatchObject({
      message: { content: 'I have told them that it is urgent.' },
      toolCalls: [{ tool: 'escalate_ticket', status: 'ok', result }],
    });
    const { chatId } = answered;
    expect(await written()).toEqual({
      priority: 'urgent',
      ledger: [{ tool: 'escalate_ticket', status: 'ok', result, chatId }],
      facts: [{ actorType: 'agent', actorId: chatId }],
    });
  });

  it('does the same thing once, however often the same turn is sent', async () => {
    const { ticket, write, written } = await aBusiness();
    modelThatEscalates(ticket.reference);
    const { chatId } = await write();
    modelThatEscalates(ticket.reference);
    expect(await write({ chatId })).toMatchObject({ toolCalls: [{ status: 'ok' }] });
    const { ledger, facts } = await written();
    expect([ledger.length, facts.length]).toEqual([1, 1]);
  });

  it('leaves nothing behind when it is refused, and the model is given the reason', async () => {
    const { write, written } = await aBusiness();
    const { requests } = modelThatEscalates('T-9999');
    expect(await write()).toMatchObject({ toolCalls: [{ tool: 'escalate_ticket', status: 'refused' }] });
    expect(JSON.stringify(requests[1]?.messages.at(-1))).toContain('T-9999');
    expect(await written()).toMatchObject({ priority: 'normal', ledger: [], facts: [] });
  });

  it('is shown to whoever configures agents, and refused to agents where it is not on the list', async () => {
    const { owner } = await aBusiness();
    const shown = await rest.app.inject({ url: '/v1/tools', headers: owner.headers });
    expect(JSON.parse(shown.payload).data).toContainEqual(
      expect.objectContaining({ name: 'escalate_ticket', effect: 'write' }),
    );
    const { headers } = await without.app.signUp();
    const create = { method: 'POST', url: '/v1/agents', headers, payload: robin } as const;
    const refused = await without.app.inject(create);
    expect(refused.statusCode).toBe(400);
    expect(refused.payload).toContain('/tools/0');
  });
});
