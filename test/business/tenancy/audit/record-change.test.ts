import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { systemActor, type TenantActor } from '../../../../src/business/tenancy/actor/actor.ts';
import { type Change, recordChange } from '../../../../src/business/tenancy/audit/record-change.ts';
import { withSystem, withTenant } from '../../../../src/platform/data/db.ts';
import { newId, type TenantId } from '../../../../src/platform/data/ids.ts';
import { aTenant, useDatabase } from '../../a-business.ts';

const at = useDatabase();

async function recorded(change: Omit<Change, 'action' | 'resource'>, actor?: (id: TenantId) => TenantActor) {
  const tenantId = await aTenant(at.db);
  const by = actor?.(tenantId) ?? systemActor(tenantId, 'agent');
  return withTenant(at.db, tenantId, async (transaction) => {
    await recordChange(transaction, by, { action: 'ticket.changed', resource: 'ticket', ...change });
    return transaction.selectFrom('auditEntry').selectAll().executeTakeFirstOrThrow();
  });
}

describe('the audit log', () => {
  it('says who did what to which resource, and from where', async () => {
    const memberId = newId('mem');
    const entry = await recorded({ resourceId: 'tkt_1' }, (tenantId) => ({
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
      action: 'ticket.changed',
      resource: 'ticket',
      resourceId: 'tkt_1',
    });
    expect(entry.at).toBeInstanceOf(Date);
  });

  it('names the member of staff who acts in the tenant’s place', async () => {
    const staffId = newId('stf');
    const entry = await recorded({}, (tenantId) => ({
      type: 'staff',
      staffId,
      sessionId: 'sfs_1',
      tenantId,
      permissions: new Set(),
    }));
    expect(entry).toMatchObject({ actorType: 'staff', impersonatedBy: staffId });
  });

  it('keeps of a change only what differs', async () => {
    const { before, after } = await recorded({
      before: { status: 'open', subject: 'Squeak', tags: ['a'], gone: 1 },
      after: { status: 'closed', subject: 'Squeak', tags: ['a'], come: 2 },
    });
    expect({ before, after }).toEqual({
      before: { status: 'open', gone: 1 },
      after: { status: 'closed', come: 2 },
    });
  });

  it('holds no secret and no personal data, and still tells that they changed', async () => {
    const { before, after } = await recorded({
      before: { phone: '+14155550100', apiKey: 'parley_live_x', maxTokens: 5, at: new Date(0) },
      after: { phone: '+14155550101', apiKey: 'parley_live_y', nested: { email: ['a@b.c'], password: 'p' } },
    });
    const text = JSON.stringify({ before, after });
    for (const hidden of ['1415555', 'parley_live', 'a@b.c', '"p"']) expect(text).not.toContain(hidden);
    const [was, is] = [before, after] as [Record<string, string>, Record<string, string>];
    expect(was['phone']).toMatch(/^\[personal .{4}\]$/);
    expect(was['phone']).not.toBe(is['phone']);
    expect(was).toMatchObject({ apiKey: '[secret]', maxTokens: 5, at: '1970-01-01T00:00:00.000Z' });
    expect(is).toMatchObject({ nested: { password: '[secret]' } });
  });

  it('keeps the beginning of a long text', async () => {
    const { after } = await recorded({ after: { body: 'x'.repeat(5_000) } });
    expect((after as { body: string }).body).toBe(`${'x'.repeat(2_000)}… (5000 characters)`);
  });

  it('cannot be changed or shortened, by a tenant’s work or across tenants', async () => {
    const { tenantId } = await recorded({});
    for (const statement of [sql`update audit_entry set action = 'x'`, sql`delete from audit_entry`]) {
      const refused = { code: '42501' };
      await expect(
        withTenant(at.db, tenantId, (transaction) => statement.execute(transaction)),
      ).rejects.toMatchObject(refused);
      await expect(withSystem(at.db, (transaction) => statement.execute(transaction))).rejects.toMatchObject(
        refused,
      );
    }
  });
});
