import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { getAgentVersion } from '../../../../src/business/line/agents/agents.ts';
import { snapshotFile, StoredLineDirectory } from '../../../../src/business/line/directory/directory.ts';
import { addNumber } from '../../../../src/business/line/numbers/numbers.ts';
import { systemActor } from '../../../../src/business/tenancy/actor/actor.ts';
import type { AgentId } from '../../../../src/business/tenancy/ids/ids.ts';
import type { Db } from '../../../../src/platform/data/db.ts';
import { runInTenant } from '../../../../src/platform/data/tx.ts';
import type { TenantId } from '../../../../src/platform/data/ids.ts';
import { Conflict, InvalidInput } from '../../../../src/platform/process/errors.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { aPhone, aTenant, useDatabase } from '../../a-business.ts';
import { aPublishedAgent, publishAgain } from '../agents/an-agent.ts';
import { testTenancy } from '../../../support/test-tenancy.ts';

const at = useDatabase();
const logger = pino({ level: 'silent' });

const anAgent = {
  name: 'Robin',
  greeting: 'Hello.',
  instructions: 'Be kind.',
  voice: {},
  speechToText: {},
  model: {},
  tools: ['end_call'],
  turnTaking: {},
  recording: {},
} as const;

/** Answered by the agent; one that nobody has, unless named. */
async function aNumber(tenantId: TenantId, agentId: AgentId, number = aPhone()): Promise<string> {
  const actor = systemActor(tenantId, 'test');
  const added = await at.tenancy.run(actor, (tx) => addNumber(tx, actor, { phoneNumber: number, agentId }));
  return added.phoneNumber;
}

async function aLine(greeting = 'Hello.') {
  const tenantId = await aTenant(at.db);
  const version = await aPublishedAgent(at.tenancy, tenantId, {
    ...anAgent,
    tools: ['end_call'],
    greeting,
  });
  const { agentId } = version;
  return { tenantId, agentId, version, number: await aNumber(tenantId, agentId) };
}

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-lines-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'lines.json');
}

async function openDirectory(options: { db?: Db; path?: string; clock?: FakeClock } = {}) {
  const directory = await StoredLineDirectory.open({
    tenancy: testTenancy(options.db ?? at.db),
    snapshot: snapshotFile(options.path ?? (await aFolder())),
    clock: options.clock ?? new FakeClock(),
    logger,
  });
  onTestFinished(() => directory[Symbol.asyncDispose]());
  return directory;
}

/** As if the server were gone: every query fails, as `pg` fails it. */
const unreachable = new Proxy({} as Db, {
  get() {
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  },
});

describe('the line directory', () => {
  it('knows everything needed to answer a number, and nothing of numbers that are not ours', async () => {
    const { tenantId, agentId, version, number } = await aLine();
    const directory = await openDirectory();
    expect(directory.find(number)).toMatchObject({
      number,
      tenantId,
      businessName: 'Harbour Street',
      timeZone: 'America/New_York',
      isSuspended: false,
      agents: [{ agentId, agentVersionId: version.id, agent: version.config, weight: 100 }],
      afterHours: undefined,
    });
    expect(directory.find('+15555550000')).toBeUndefined();
  });

  it('sees a new version of an agent, and a new number, within two seconds', async () => {
    const { tenantId, agentId, number } = await aLine();
    const clock = new FakeClock();
    const directory = await openDirectory({ clock });
    const changed = await publishAgain(at.tenancy, tenantId, agentId, {
      ...anAgent,
      tools: ['end_call'],
      greeting: 'Good day.',
    });
    const added = await aNumber(tenantId, agentId);
    clock.advance(2_000);
    await directory.refresh();
    expect(directory.find(number)?.agents[0]?.agentVersionId).toBe(changed.id);
    expect(directory.find(added)?.agents[0]?.agent.greeting).toBe('Good day.');
  });

  it('reads the lines only when something about them has changed', async () => {
    await aLine();
    const directory = await openDirectory();
    const told: number[] = [];
    const watched = await StoredLineDirectory.open({
      tenancy: at.tenancy,
      snapshot: snapshotFile(await aFolder()),
      clock: new FakeClock(),
      logger,
      onLines: (lines) => told.push(lines.length),
    });
    onTestFinished(() => watched[Symbol.asyncDispose]());
    await watched.refresh();
    await watched.refresh();
    expect(told).toHaveLength(1);
    await aLine();
    await watched.refresh();
    expect(told).toHaveLength(2);
    await directory.refresh();
  });

  it('[F14] goes on serving while the database is down, and starts without it from what it last knew', async () => {
    const { number } = await aLine();
    const path = await aFolder();
    const before = await openDirectory({ path });
    const line = before.find(number);
    expect((await stat(path)).mode & 0o077).toBe(0);
    const after = await openDirectory({ path, db: unreachable });
    expect(after.find(number)).toEqual(line);
    await after.refresh();
    expect(after.find(number)).toEqual(line);
  });

  it('starts empty, not broken, with neither a database nor a readable snapshot', async () => {
    const path = await aFolder();
    await writeFile(path, '[{"number": "+1"');
    const directory = await openDirectory({ path, db: unreachable });
    expect(directory.find('+15005550100')).toBeUndefined();
  });

  it('serves the other lines when one agent cannot be read', async () => {
    const [broken, sound] = [await aLine(), await aLine()];
    await runInTenant(at.db, broken.tenantId, async (transaction) => {
      const id = broken.version.id.replace(/.$/, (last) =>
        last === '0' ? '1' : '0',
      ) as typeof broken.version.id;
      await transaction
        .insertInto('agentVersion')
        .values({
          tenantId: broken.tenantId,
          id,
          agentId: broken.agentId,
          version: 2,
          config: '{"greeting": 1}',
        })
        .execute();
      await transaction
        .updateTable('agent')
        .set({ publishedVersionId: id })
        .where('id', '=', broken.agentId)
        .execute();
    });
    const path = await aFolder();
    const directory = await openDirectory({ path });
    expect(directory.find(broken.number)?.agents).toEqual([]);
    expect(directory.find(sound.number)).toBeDefined();
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
      content: { numbers: expect.arrayContaining([expect.objectContaining({ number: sound.number })]) },
    });
  });
});

describe('numbers and agents', () => {
  it('do not share a number, not even across tenants, and say nothing of whose it is', async () => {
    const { number } = await aLine();
    const other = await aLine();
    const taking = aNumber(other.tenantId, other.agentId, number);
    await expect(taking).rejects.toThrow(
      new Conflict(`${number} is in use already; choose another number.`, { code: 'number-taken' }),
    );
  });

  it('keep published versions as they were', async () => {
    const { tenantId, agentId, version } = await aLine();
    await publishAgain(at.tenancy, tenantId, agentId, {
      ...anAgent,
      tools: ['end_call'],
      greeting: 'Good day.',
    });
    expect(await at.tenancy.run({ tenantId }, (tx) => getAgentVersion(tx, version.id))).toEqual(version);
    const changing = runInTenant(at.db, tenantId, (transaction) =>
      transaction.updateTable('agentVersion').set({ config: '{}' }).where('id', '=', version.id).execute(),
    );
    await expect(changing).rejects.toThrow(/permission denied/);
  });

  it('publish only what can answer, naming what is wrong', async () => {
    const { tenantId, agentId } = await aLine();
    const publishing = publishAgain(at.tenancy, tenantId, agentId, { ...anAgent, tools: [], greeting: '' });
    await expect(publishing).rejects.toThrow(InvalidInput);
    await publishing.catch((error: InvalidInput) => expect(error.problems[0]?.pointer).toBe('/greeting'));
  });
});
