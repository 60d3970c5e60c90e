import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type App, startApp } from '../../src/app/app.ts';
import { loadConfig } from '../../src/app/config.ts';
import { finishCallOf } from '../../src/business/record/calls/finish/finish-call.ts';
import { allProcessors } from '../../src/app/processors.ts';
import { LiveEvents } from '../../src/business/tenancy/live/live-events.ts';
import { createTenant } from '../../src/business/tenancy/tenants/tenants.ts';
import { enqueue } from '../../src/jobs/outbox.ts';
import type { OpenDatabase } from '../../src/platform/data/db.ts';
import { runAcrossTenants, runInTenant } from '../../src/platform/data/tx.ts';
import { newId } from '../../src/platform/data/ids.ts';
import { MEDIA_PATH, VOICE_PATH } from '../../src/vendors/twilio/webhooks.ts';
import { MemoryStorage } from '../support/memory-storage.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { testTenancy } from '../support/test-tenancy.ts';

const logger = pino({ level: 'silent' });
const nowhere = 'http://127.0.0.1:9';

let database: OpenDatabase;
let dataDir: string;
beforeAll(async () => {
  database = await openTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'parley-roles-'));
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true });
});

/** On the test's own database, which stays open for the next process. */
function processWith(roles: string): Promise<App> {
  const config = loadConfig({
    NODE_ENV: 'test',
    ROLES: roles,
    PORT: '0',
    DATA_DIR: dataDir,
    TWILIO_BASE_URL: nowhere,
    DEEPGRAM_BASE_URL: nowhere,
    OPENAI_BASE_URL: nowhere,
    ELEVENLABS_BASE_URL: nowhere,
  });
  const liveEvents = new LiveEvents(logger);
  const tenancy = testTenancy(database.db, [...allProcessors(), liveEvents.processor]);
  const records = {
    database,
    tenancy,
    liveEvents,
    storage: new MemoryStorage(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return startApp(config, { logger, records, maxLagP99Ms: Infinity });
}

async function statusOf(app: App, path: string, method = 'GET'): Promise<number> {
  return (await fetch(app.address + path, { method })).status;
}

/** What an upgrade of the media socket comes to: a status, or no answer at all. */
function upgradeStatus(app: App): Promise<number | 'closed'> {
  const socket = new WebSocket(app.address.replace('http', 'ws') + MEDIA_PATH);
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_request, { statusCode = 0 }) => resolve(statusCode));
    socket.on('error', () => resolve('closed'));
  });
}

/** A job promised in the database, such as any process leaves behind. */
async function promiseJob(app: App): Promise<void> {
  const slug = newId('slug').slice('slug_'.length);
  const business = { slug, name: 'Harbour Street', timeZone: 'America/New_York', currency: 'USD' };
  const { id: tenantId } = await app.tenancy.system((tx) => createTenant(tx, business));
  await runInTenant(app.db, tenantId, (transaction) =>
    enqueue(transaction, finishCallOf(tenantId, newId('call'), 1)),
  );
}

function promisedJobs(): Promise<unknown[]> {
  return runAcrossTenants(database.db, (transaction) =>
    transaction.selectFrom('outbox').select('job').where('job', '=', 'finish-call').execute(),
  );
}

describe('a process with one role', () => {
  it('web serves the API and runs no job, and has neither webhooks of calls nor a media socket', async () => {
    await using app = await processWith('web');
    // Right after a start the event loop may still be late.
    await vi.waitFor(async () => {
      const ready: unknown = await (await fetch(`${app.address}/readyz`)).json();
      expect(ready).toEqual({ status: 'ready', roles: ['web'] });
    }, 10_000);
    expect(await statusOf(app, '/openapi.json')).toBe(200);
    expect(await statusOf(app, '/v1/agents')).toBe(401);
    expect(await statusOf(app, VOICE_PATH, 'POST')).toBe(404);
    expect(await upgradeStatus(app)).not.toBe(403);
    await promiseJob(app);
    expect(await promisedJobs()).toHaveLength(1);
  });

  it('worker runs what others have promised, and has health routes alone', async () => {
    await using app = await processWith('worker');
    await vi.waitFor(async () => expect(await promisedJobs()).toEqual([]), 10_000);
    expect(await (await fetch(`${app.address}/readyz`)).json()).toMatchObject({ roles: ['worker'] });
    expect(await statusOf(app, '/healthz')).toBe(200);
    expect(await statusOf(app, '/metrics')).toBe(200);
    for (const path of ['/openapi.json', '/v1/agents', '/console', '/docs/']) {
      expect([path, await statusOf(app, path)]).toEqual([path, 404]);
    }
    expect(await statusOf(app, VOICE_PATH, 'POST')).toBe(404);
    expect(await upgradeStatus(app)).not.toBe(403);
  });

  it('media answers the carrier and nobody else', async () => {
    await using app = await processWith('media');
    // Unsigned, and refused for that alone.
    expect(await statusOf(app, VOICE_PATH, 'POST')).toBe(403);
    expect(await upgradeStatus(app)).toBe(403);
    expect(await statusOf(app, '/v1/agents')).toBe(404);
  });

  it('is told so by the environment, which knows no other role', () => {
    expect(loadConfig({}).roles).toEqual(['web', 'media', 'worker']);
    expect(loadConfig({ ROLES: 'media, worker' }).roles).toEqual(['media', 'worker']);
    expect(() => loadConfig({ ROLES: 'web,cook' })).toThrow(/ROLES.*web, media, worker/);
  });
});
