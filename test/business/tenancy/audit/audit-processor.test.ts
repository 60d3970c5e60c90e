import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemActor, type TenantActor } from '../../../../src/business/tenancy/actor/actor.ts';
import { auditProcessor } from '../../../../src/business/tenancy/audit/audit.ts';
import {
  defineEvents,
  eventInstant,
  eventText,
  happened,
  type NewDomainEvent,
  personalMark,
} from '../../../../src/business/tenancy/events/events.ts';
import { runAcrossTenants, runInTenant } from '../../../../src/platform/data/tx.ts';
import { newId, type TenantId } from '../../../../src/platform/data/ids.ts';
import { aTenant, useDatabase } from '../../a-business.ts';
import { testTenancy } from '../../../support/test-tenancy.ts';

const at = useDatabase();

const facts = z
  .object({
    status: z.string(),
    subject: z.string(),
    tags: z.array(z.string()),
    gone: z.int(),
    come: z.int(),
    phone: personalMark,
    emails: z.array(z.object({ email: personalMark })),
    maxTokens: z.int(),
    dueAt: eventInstant,
    body: eventText,
  })
  .partial();
const ticketEvents = defineEvents('ticket', {
  seen: { says: 'A ticket was looked at.' },
  made: { says: 'A ticket was made.', after: facts },
  changed: { says: 'A ticket was changed.', before: facts, after: facts },
});

async function recorded(event: NewDomainEvent, actor?: (id: TenantId) => TenantActor) {
  const tenantId = await aTenant(at.db);
  const by = actor?.(tenantId) ?? systemActor(tenantId, 'agent');
  return testTenancy(at.db, [auditProcessor]).run(by, async (tx) => {
    await happened(tx, by, event);
    return tx.selectFrom('auditEntry').selectAll().executeTakeFirstOrThrow();
  });
}

describe('the audit log', () => {
  it('says who did what to which resource, and from where', async () => {
    const memberId = newId('mem');
    const entry = await recorded(ticketEvents.seen({ subject: 'tkt_1' }), (tenantId) => ({
      type: 'member',
      tenantId,
      memberId,
      personId: newId('per'),
      sessionId: newId('ses'),
      role: 'admin',
      permissions: new Set(),
      address: '203.0.113.7',
    }));
    expect(entry).toMatchObject({
      actorType: 'member',
      actorId: memberId,
      impersonatedBy: null,
      address: '203.0.113.7',
      action: 'ticket.seen',
      resource: 'ticket',
      resourceId: 'tkt_1',
    });
    expect(entry.at).toBeInstanceOf(Date);
  });

  it('names the member of staff who acts in the tenant’s place', async () => {
    const staffId = newId('stf');
    const entry = await recorded(ticketEvents.seen({ subject: 'tkt_1' }), (tenantId) => ({
      type: 'staff',
      staffId,
      sessionId: 'sfs_1',
      tenantId,
      permissions: new Set(),
    }));
    expect(entry).toMatchObject({ actorType: 'staff', impersonatedBy: staffId });
  });

  it('keeps of a change only what differs', async () => {
    const { before, after } = await recorded(
      ticketEvents.changed({
        subject: 'tkt_1',
        before: { status: 'open', subject: 'Squeak', tags: ['a'], gone: 1 },
        after: { status: 'closed', subject: 'Squeak', tags: ['a'], come: 2 },
      }),
    );
    expect({ before, after }).toEqual({
      before: { status: 'open', gone: 1 },
      after: { status: 'closed', come: 2 },
    });
  });

  it('holds no secret and no personal data, and still tells that personal data changed', async () => {
    const secrets = { apiKey: 'parley_live_x', password: 'p' };
    const { before, after } = await recorded(
      ticketEvents.changed({
        subject: 'tkt_1',
        before: { phone: '+14155550100', maxTokens: 5, dueAt: new Date(0), ...secrets },
        after: { phone: '+14155550101', emails: [{ email: 'a@b.c' }], ...secrets },
      }),
    );
    const text = JSON.stringify({ before, after });
    for (const hidden of ['1415555', 'parley_live', 'a@b.c', '"p"']) expect(text).not.toContain(hidden);
    const [was, is] = [before, after] as [Record<string, string>, Record<string, string>];
    const mark = expect.stringMatching(/^\[personal .{4}\]$/) as string;
    expect(was).toEqual({ phone: mark, maxTokens: 5, dueAt: '1970-01-01T00:00:00.000Z' });
    expect(is).toEqual({ phone: mark, emails: [{ email: mark }] });
    expect(was['phone']).not.toBe(is['phone']);
  });

  it('keeps the beginning of a long text', async () => {
    const { after } = await recorded(
      ticketEvents.made({ subject: 'tkt_1', after: { body: 'x'.repeat(5_000) } }),
    );
    expect((after as { body: string }).body).toBe(`${'x'.repeat(2_000)}… (5000 characters)`);
  });

  it('cannot be changed or shortened, by a tenant’s work or across tenants', async () => {
    const { tenantId } = await recorded(ticketEvents.seen({ subject: 'tkt_1' }));
    for (const statement of [sql`update audit_entry set action = 'x'`, sql`delete from audit_entry`]) {
      const refused = { code: '42501' };
      await expect(
        runInTenant(at.db, tenantId, (transaction) => statement.execute(transaction)),
      ).rejects.toMatchObject(refused);
      await expect(
        runAcrossTenants(at.db, (transaction) => statement.execute(transaction)),
      ).rejects.toMatchObject(refused);
    }
  });
});
