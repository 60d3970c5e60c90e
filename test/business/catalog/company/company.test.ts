import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { runInTenant } from '../../../../src/platform/data/tx.ts';
import { useRestApp } from '../../../support/rest-app.ts';

const at = useRestApp();
const url = '/v1/company';
const address = { line1: '12 Harbour Street', city: 'Portland', country: 'US' };

describe('the company profile', () => {
  it('is changed in part, and read back as it is', async () => {
    const { headers } = await at.app.signUp();
    const payload = {
      legalName: 'Harbour Street LLC',
      address,
      phone: '+1 (207) 555-0100',
      email: 'hello@harbourstreet.example',
      website: 'https://harbourstreet.example',
      timeZone: 'Europe/Berlin',
      currency: 'EUR',
      languages: ['de-DE', 'en-US'],
    };
    const changed = await at.app.inject({ method: 'PATCH', url, headers, payload });
    expect(changed.statusCode).toBe(200);
    expect(changed.json()).toMatchObject({
      ...payload,
      name: 'Harbour Street',
      phone: '+12075550100',
      address: { ...address, line2: '', region: '', postalCode: '' },
    });
    const read = await at.app.inject({ url, headers });
    expect(read.json()).toEqual(changed.json());
    expect(read.headers.etag).toBe(changed.headers.etag);
    const emptied = { address: null, phone: null, email: null };
    const without = await at.app.inject({ method: 'PATCH', url, headers, payload: emptied });
    expect(without.json()).toMatchObject({ ...emptied, legalName: 'Harbour Street LLC' });
  });

  it('keeps address, phone and e-mail encrypted, and out of the audit log', async () => {
    const { headers, tenantId } = await at.app.signUp();
    const payload = { address, phone: '+12075550100', email: 'hello@harbourstreet.example' };
    await at.app.inject({ method: 'PATCH', url, headers, payload });
    const kept = await runInTenant(at.app.db, tenantId, async (transaction) => [
      (await sql`select * from tenant`.execute(transaction)).rows,
      (await sql`select * from audit_entry`.execute(transaction)).rows,
    ]);
    expect(JSON.stringify(kept)).toContain('company.updated');
    expect(JSON.stringify(kept)).not.toMatch(/12 Harbour|2075550100|hello@/);
  });

  it('refuses what cannot be: zones, currencies, languages, unknown fields', async () => {
    const { headers } = await at.app.signUp();
    const wrong = {
      timeZone: 'Mars/Olympus',
      currency: 'dollars',
      languages: ['english please'],
      phone: '12',
      email: 'nobody',
      website: 'javascript:alert(1)',
      name: ' ',
      slug: 'mine',
    };
    for (const [field, value] of Object.entries(wrong)) {
      const payload = { [field]: value };
      const { statusCode } = await at.app.inject({ method: 'PATCH', url, headers, payload });
      expect([field, statusCode]).toEqual([field, 400]);
    }
  });

  it('is not changed over what somebody else has changed meanwhile', async () => {
    const { headers } = await at.app.signUp();
    const { headers: read } = await at.app.inject({ url, headers });
    const ifMatch = { ...headers, 'if-match': read.etag! };
    const change = (name: string) =>
      at.app.inject({ method: 'PATCH', url, headers: ifMatch, payload: { name } });
    expect((await change('First')).statusCode).toBe(200);
    expect((await change('Second')).statusCode).toBe(412);
    expect((await at.app.inject({ url, headers })).json()).toMatchObject({ name: 'First' });
  });

  it('is read by every member and changed by admins; each tenant has its own', async () => {
    const { tenantId } = await at.app.signUp();
    const [admin, manager] = [
      await at.app.memberWith('admin', tenantId),
      await at.app.memberWith('manager', tenantId),
    ];
    const rename = ({ headers }: typeof admin) =>
      at.app.inject({ method: 'PATCH', url, headers, payload: { name: 'Renamed' } });
    expect((await rename(manager)).statusCode).toBe(403);
    expect((await rename(admin)).statusCode).toBe(200);
    expect((await at.app.inject({ url, headers: manager.headers })).json()).toMatchObject({
      name: 'Renamed',
    });
    const stranger = await at.app.signUp();
    expect((await at.app.inject({ url, headers: stranger.headers })).json()).toMatchObject({
      id: stranger.tenantId,
      name: 'Harbour Street',
    });
  });
});
