import { beforeAll, describe, expect, it } from 'vitest';
import { createStaff } from '../../../../src/business/identity/staff/staff.ts';
import { enqueue } from '../../../../src/jobs/outbox.ts';
import { runAcrossTenants, runInTenant } from '../../../../src/platform/data/tx.ts';
import { Passwords } from '../../../../src/platform/crypto/password.ts';
import { type MemberCaller, useRestApp } from '../../../support/rest-app.ts';
import { anEmail, get, post } from '../auth/a-person.ts';

const at = useRestApp();
const password = 'a lighthouse at noon';
let token: string;
let owner: MemberCaller;

beforeAll(async () => {
  const email = anEmail();
  await createStaff({ tenancy: at.app.tenancy, passwords: new Passwords() }, undefined, {
    email,
    name: 'Sam',
    password,
  });
  const signedIn = await post(at.app, '/v1/platform/auth/sign-in', { email, password });
  token = signedIn.json<{ accessToken: string }>().accessToken;
  owner = await at.app.signUp();
});

async function aJob(jobId: string, set: object = {}): Promise<void> {
  const { tenantId } = owner;
  await runInTenant(at.app.db, tenantId, (tx) =>
    enqueue(tx, { tenantId, job: 'note', data: { secret: 'of a person' }, jobId }),
  );
  await runAcrossTenants(at.app.db, (tx) =>
    tx
      .updateTable('outbox')
      .set({ attempts: 5, ...set })
      .where('jobId', '=', jobId)
      .execute(),
  );
}

const remove = (url: string) =>
  at.app.inject({ method: 'DELETE', url, headers: { authorization: `Bearer ${token}` } });

describe('the jobs of the platform', () => {
  it('are shown to the staff by state, without what they work on', async () => {
    await aJob('shown-1', { deadAt: new Date(), failure: 'always' });
    await aJob('shown-2', { deadAt: new Date(), failure: 'always' });
    const first = await get(at.app, '/v1/platform/jobs?state=dead&limit=1', token);
    const page = first.json<{ data: object[]; nextCursor: string }>();
    expect(page.data).toMatchObject([
      { id: 'shown-2', job: 'note', tenantId: owner.tenantId, state: 'dead', attempts: 5, failure: 'always' },
    ]);
    expect(first.payload).not.toContain('of a person');
    const next = await get(at.app, `/v1/platform/jobs?state=dead&limit=1&cursor=${page.nextCursor}`, token);
    expect(next.json()).toMatchObject({ data: [{ id: 'shown-1' }] });
    const delayed = await get(at.app, '/v1/platform/jobs?state=delayed', token);
    expect(delayed.json()).toEqual({ data: [], nextCursor: null });
  });

  it('run again when the staff say so, which is on record', async () => {
    await aJob('replayed-1', { deadAt: new Date(), failure: 'always' });
    const url = '/v1/platform/jobs/replayed-1/replay';
    expect((await post(at.app, url, {}, { token })).statusCode).toBe(204);
    const again = await post(at.app, url, {}, { token });
    expect([again.statusCode, again.json()]).toMatchObject([409, { code: 'job-not-dead' }]);
    expect((await post(at.app, '/v1/platform/jobs/absent/replay', {}, { token })).statusCode).toBe(404);
    const actions = await runAcrossTenants(at.app.db, (tx) =>
      tx.selectFrom('staffAction').select('action').where('subjectId', '=', 'replayed-1').execute(),
    );
    expect(actions).toEqual([{ action: 'job.replayed' }]);
  });

  it('are given up, except while they run', async () => {
    await aJob('running-1', { startedAt: new Date() });
    await aJob('dead-1', { deadAt: new Date() });
    const running = await remove('/v1/platform/jobs/running-1');
    expect([running.statusCode, running.json()]).toMatchObject([409, { code: 'job-running' }]);
    expect((await remove('/v1/platform/jobs/dead-1')).statusCode).toBe(204);
    expect((await remove('/v1/platform/jobs/dead-1')).statusCode).toBe(404);
  });

  it('are no business of members', async () => {
    expect((await at.app.inject({ url: '/v1/platform/jobs', headers: owner.headers })).statusCode).toBe(403);
  });
});
