import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '../../../src/business/tenancy/actor/actor.ts';
import {
  createEntry,
  removeEntry,
  changeEntry,
} from '../../../src/business/knowledge/sources/entry-service.ts';
import { KnowledgeSearch } from '../../../src/business/knowledge/knowledge.ts';
import type { Tenancy } from '../../../src/business/tenancy/tenancy.ts';
import { systemClock } from '../../../src/platform/process/clock.ts';
import type { OpenDatabase } from '../../../src/platform/data/db.ts';
import type { TenantId } from '../../../src/platform/data/ids.ts';
import type { KnowledgeEntryId } from '../../../src/business/tenancy/ids/ids.ts';
import { MemoryStorage } from '../../support/memory-storage.ts';
import { openTestDatabase } from '../../support/test-database.ts';
import { aTenant } from '../a-business.ts';
import { runKnowledgeJobs } from './run-jobs.ts';
import { WordEmbedder } from './word-embedder.ts';
import { testTenancy } from '../../support/test-tenancy.ts';

/** The same on a database that compares vectors, and on one that only keeps them. */
describe.each(['with pgvector', 'without pgvector'])('vectors, %s', (kind) => {
  const embedder = new WordEmbedder();
  const storage = new MemoryStorage();
  const errors: unknown[] = [];
  let database: OpenDatabase;
  let tenancy: Tenancy;
  let search: KnowledgeSearch;
  let tenantId: TenantId;
  let stranger: TenantId;
  const ids = new Map<string, KnowledgeEntryId>();

  beforeAll(async () => {
    database = await openTestDatabase();
    const { db } = database;
    if (kind === 'without pgvector') {
      await sql`alter table knowledge_vector drop column embedding`.execute(db);
      await sql`alter table knowledge_vector add column embedding bytea not null`.execute(db);
    }
    [tenantId, stranger] = [await aTenant(db), await aTenant(db)];
    const onError = (error: unknown): void => void errors.push(error);
    tenancy = testTenancy(db);
    search = new KnowledgeSearch({ tenancy, clock: systemClock, embedder, onError });
    for (const [title, text] of [
      ['Alpha', 'red green blue'],
      ['Beta', 'red green'],
      ['Gamma', 'yellow'],
    ] as const) {
      ids.set(title, (await write(tenantId, title, text)).id);
    }
    await write(stranger, 'Delta', 'red green blue');
    await runKnowledgeJobs(db, { storage, embedder });
  });
  afterAll(() => database[Symbol.asyncDispose]());

  function write(of: TenantId, title: string, text: string) {
    const actor = systemActor(of, 'test');
    return tenancy.run(actor, (tx) => createEntry(tx, actor, { title, text, language: 'en' }));
  }

  async function nearest(question: string, tenant = tenantId) {
    const found = await search.search(tenant, { question, limit: 10, deadlineMs: 10_000 });
    expect([errors, found.mode]).toEqual([[], 'hybrid']);
    return found.passages
      .flatMap(({ title, similarity }) => (similarity === null ? [] : [{ title, similarity }]))
      .toSorted((a, b) => b.similarity - a.similarity);
  }

  it('bring up what is nearest, of one tenant', async () => {
    const found = await nearest('alpha red green blue');
    expect(found.map(({ title }) => title)).toEqual(['Alpha', 'Beta', 'Gamma']);
    expect(found[0]!.similarity).toBeCloseTo(1, 3);
    expect((await nearest('alpha red green blue', stranger)).map(({ title }) => title)).toEqual(['Delta']);
  });

  it('follow what is changed and removed', async () => {
    const { db } = database;
    const actor = systemActor(tenantId, 'test');
    const changes = { text: 'red green blue violet' };
    await tenancy.run(actor, (tx) => changeEntry(tx, actor, ids.get('Gamma')!, { changes }));
    await runKnowledgeJobs(db, { storage, embedder });
    await tenancy.run(actor, (tx) => removeEntry(tx, actor, ids.get('Alpha')!));
    const found = await nearest('gamma red green blue violet');
    expect(found.map(({ title }) => title)).toEqual(['Gamma', 'Beta']);
    expect(found[0]!.similarity).toBeCloseTo(1, 3);
  });
});
