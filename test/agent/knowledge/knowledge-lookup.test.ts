import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Found,
  KnowledgeLookup,
  LOOKUP_DEADLINE_MS,
} from '../../../src/agent/knowledge/knowledge-lookup.ts';
import { systemActor } from '../../../src/business/tenancy/actor/actor.ts';
import { createEntry } from '../../../src/business/knowledge/knowledge.ts';
import { listQuestions } from '../../../src/business/knowledge/questions/question-service.ts';
import { KnowledgeSearch } from '../../../src/business/knowledge/knowledge.ts';
import type { Db } from '../../../src/platform/data/db.ts';
import { newId, type TenantId } from '../../../src/platform/data/ids.ts';
import { aTenant, useDatabase } from '../../business/a-business.ts';
import { runKnowledgeJobs } from '../../business/knowledge/run-jobs.ts';
import { WordEmbedder } from '../../business/knowledge/word-embedder.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { MemoryStorage } from '../../support/memory-storage.ts';
import { until } from '../../support/until.ts';
import { callOf } from '../tools/tool-fixture.ts';
import { testTenancy } from '../../support/test-tenancy.ts';

const at = useDatabase();
let tenantId: TenantId;
beforeAll(async () => {
  tenantId = await aTenant(at.db);
  const actor = systemActor(tenantId, 'test');
  const language = 'en';
  await at.tenancy.run(actor, async (tx) => {
    await createEntry(tx, actor, { title: 'Warranty', text: 'Two years on every frame.', language });
    await createEntry(tx, actor, { title: 'Rental', text: 'City bicycles by the day.', language });
  });
  await runKnowledgeJobs(at.db, { storage: new MemoryStorage(), embedder: new WordEmbedder() });
});

/** A lookup on a clock and an embedder in the test's hands; `db` can be one that does not answer. */
function aLookup(given?: Db) {
  const counted = countTransactions();
  const db = given ?? counted.db;
  const clock = new FakeClock();
  const embedder = new WordEmbedder();
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const search = new KnowledgeSearch({ tenancy: testTenancy(db), clock, embedder, onError });
  const lookup = new KnowledgeLookup({ tenancy: at.tenancy, search, onError });
  const find = (question: string): Promise<Found> => {
    const callId = newId('call');
    const askedAt = clock.date();
    return lookup.find(question, { tenantId, language: 'en-US', conversation: callId, callId, askedAt });
  };
  return { clock, embedder, errors, search, lookup, find, databaseIsIdle: counted.isIdle };
}

/** The database, and how many transactions have begun and ended there. */
function countTransactions() {
  const counted = { begun: 0, ended: 0 };
  const transaction = () => ({
    async execute(work: (transaction: Db) => Promise<unknown>) {
      counted.begun += 1;
      try {
        return await at.db.transaction().execute(work);
      } finally {
        counted.ended += 1;
      }
    },
  });
  const db = { isTransaction: false, transaction } as unknown as Db;
  return { db, isIdle: () => until(() => counted.begun > 0 && counted.begun === counted.ended) };
}

/** Whether it has come, without waiting for it. */
function watch<Value>(promise: Promise<Value>): { value?: Value } {
  const seen: { value?: Value } = {};
  const look = async (): Promise<void> => {
    seen.value = await promise;
  };
  void look();
  return seen;
}

describe('a knowledge lookup during a call', () => {
  it('answers as soon as keyword and vector search are done', async () => {
    const { find, clock } = aLookup();
    expect(await find('How long is the warranty?')).toMatchObject({
      status: 'found',
      passages: [{ from: 'Warranty', text: 'Two years on every frame.' }, expect.anything()],
      note: expect.stringContaining('not instructions'),
    });
    expect(clock.nowMs()).toBe(0);
  });

  it('falls back to keyword search when the embedding takes longer than 250 ms', async () => {
    const { find, clock, embedder, databaseIsIdle } = aLookup();
    const gate = Promise.withResolvers<void>();
    embedder.gate = gate.promise;
    const found = watch(find('How long is the warranty?'));
    // Asked at once, before the words are looked for.
    expect(embedder.asked).toEqual(['how long is the warranty?']);
    await databaseIsIdle();
    await clock.advanceAsync(LOOKUP_DEADLINE_MS - 1);
    expect(found.value).toBeUndefined();
    await clock.advanceAsync(1);
    expect(found.value).toMatchObject({ status: 'found', passages: [{ from: 'Warranty' }] });
    gate.resolve();
  });

  it('caches a late embedding for the same question', async () => {
    const { find, clock, embedder, search, databaseIsIdle } = aLookup();
    const gate = Promise.withResolvers<void>();
    embedder.gate = gate.promise;
    const first = find('Is there a warranty?');
    await databaseIsIdle();
    await clock.advanceAsync(LOOKUP_DEADLINE_MS);
    await first;
    gate.resolve();
    const again = await search.search(tenantId, {
      question: 'is there a WARRANTY?',
      limit: 3,
      deadlineMs: 250,
    });
    expect(again.mode).toBe('hybrid');
    expect(embedder.asked).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('aborts an embedding after two seconds, and asks the vendor again for the next question', async () => {
    const { find, clock, embedder, errors, databaseIsIdle } = aLookup();
    embedder.gate = new Promise(() => undefined);
    const hanging = { embed: embedder.embed.bind(embedder) };
    // One that goes by its signal, as a request does.
    embedder.embed = (texts, { signal }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        hanging.embed(texts, { signal }).then(resolve, reject);
      });
    const found = find('And the rental?');
    await databaseIsIdle();
    await clock.advanceAsync(2_000);
    expect(await found).toMatchObject({ passages: [{ from: 'Rental' }] });
    expect(errors).toMatchObject([{ message: 'The question took too long.' }]);
    embedder.gate = undefined;
    await find('And the rental?');
    expect(embedder.asked).toHaveLength(2);
  });

  it('falls back to keyword search when the vendor refuses', async () => {
    const { find, embedder, errors } = aLookup();
    embedder.failWith = new Error('no credit');
    expect(await find('Tell me about the rental of bicycles')).toMatchObject({ status: 'found' });
    expect(errors).toMatchObject([{ message: 'no credit' }]);
  });

  it('reports a failure when the database does not answer in time', async () => {
    const never = { execute: () => new Promise(() => undefined) };
    const silent = { isTransaction: false, transaction: () => never } as unknown as Db;
    const { clock, lookup, embedder } = aLookup(silent);
    embedder.gate = new Promise(() => undefined);
    const callId = newId('call');
    const asker = { tenantId, language: 'en', conversation: callId, callId, askedAt: clock.date() };
    const found = watch(lookup.find('Anything?', asker));
    await clock.advanceAsync(LOOKUP_DEADLINE_MS);
    expect(found.value).toMatchObject({ status: 'too-late' });
  });

  it('marks a weak match as unsure and an empty result as nothing found', async () => {
    const { find, lookup } = aLookup();
    expect(await find('Do you service tandem bicycles from overseas manufacturers?')).toMatchObject({
      status: 'unsure',
      note: expect.stringContaining('take a message'),
    });
    const elsewhere = await aTenant(at.db);
    const callId = newId('call');
    const asker = { language: 'en', conversation: callId, callId, askedAt: new Date() };
    expect(await lookup.find('How long is the warranty?', { ...asker, tenantId: elsewhere })).toEqual({
      status: 'nothing-found',
      note: expect.stringContaining('do not know'),
    });
    await lookup[Symbol.asyncDispose]();
    const page = { limit: 10, order: 'asked' } as const;
    const { data } = await at.tenancy.run({ tenantId: elsewhere }, (tx) => listQuestions(tx, page));
    expect(data.map(({ question }) => question)).toEqual(['How long is the warranty?']);
  });
});

describe('search_knowledge', () => {
  it('opens no transaction while it waits for a vendor', async () => {
    const { lookup } = aLookup();
    let transactions = 0;
    const call = callOf({
      tenancy: {
        run: () => {
          transactions += 1;
          return Promise.reject(new Error('not to be opened'));
        },
      },
      tenantId,
      callerPhone: undefined,
      knowledge: lookup,
    });
    const run = await call.run('search_knowledge', { question: 'How long is the warranty?' });
    expect(run).toMatchObject({ status: 'ok', result: { status: 'found' } });
    expect(transactions).toBe(0);
  });

  it('fails like any tool when no knowledge base is configured', async () => {
    const call = callOf({ tenancy: at.tenancy, tenantId, callerPhone: undefined });
    const run = await call.run('search_knowledge', { question: 'How long is the warranty?' });
    expect(run.status).not.toBe('ok');
    expect(JSON.stringify(run.result)).toContain('take a message');
  });
});
