import { describe, expect, it } from 'vitest';
import { allEventTypes } from '../../../../src/app/events.ts';
import { changeTicket } from '../../../../src/business/desk/tickets/tickets.ts';
import { alertProcessor } from '../../../../src/business/record/alerts/alerts.ts';
import { replayEvents } from '../../../../src/business/tenancy/events/replay-events.ts';
import type { TenantId } from '../../../../src/platform/data/ids.ts';
import { runJobs } from '../../../support/run-jobs.ts';
import { aMessage, asAgent, aTenant, aTicket, useDatabase } from '../../a-business.ts';

const at = useDatabase();
const leak = { subject: 'The cellar floods', description: 'At 5 Tern Lane' };

function alertsOf(tenantId: TenantId) {
  return at.tenancy.run({ tenantId }, (tx) => tx.selectFrom('alert').selectAll().orderBy('id').execute());
}

describe('an alert', () => {
  it('is raised once, with the time of what happened, however often the event is handled', async () => {
    const tenantId = await aTenant(at.db);
    const { id, createdAt } = await aMessage(at.tenancy, tenantId, { body: 'Call me.', urgent: true });
    expect(await alertsOf(tenantId)).toEqual([]);
    await runJobs(at);
    const replay = { tenancy: at.tenancy, eventTypes: allEventTypes };
    await replayEvents(replay, alertProcessor, { tenantId });
    const [alert, ...more] = await alertsOf(tenantId);
    expect(more).toEqual([]);
    expect(alert).toMatchObject({
      kind: 'message-taken',
      severity: 'info',
      title: 'An urgent message was taken',
      resource: 'message',
      resourceId: id,
    });
    expect(alert!.at.getTime() - createdAt.getTime()).toBeLessThan(1_000);
  });

  it('repeats nothing that people said', async () => {
    const tenantId = await aTenant(at.db);
    await aTicket(at.tenancy, tenantId, { ...leak, priority: 'urgent' });
    await aMessage(at.tenancy, tenantId, { body: 'At 5 Tern Lane', callerName: 'Zuleika' });
    await runJobs(at);
    const alerts = await alertsOf(tenantId);
    expect(alerts.map(({ kind }) => kind)).toEqual(['ticket-urgent', 'message-taken']);
    expect(JSON.stringify(alerts)).not.toMatch(/cellar|tern lane|zuleika/i);
  });

  it('costs no job where there is no reason for one', async () => {
    const tenantId = await aTenant(at.db);
    const { id } = await aTicket(at.tenancy, tenantId, leak);
    await asAgent(at.tenancy, tenantId, (tx, agent) =>
      changeTicket(tx, agent, id, { changes: { status: 'resolved' } }),
    );
    const jobs = await at.tenancy.system((tx) =>
      tx.selectFrom('outbox').select('job').where('tenantId', '=', tenantId).execute(),
    );
    expect(jobs).toEqual([]);
  });
});
