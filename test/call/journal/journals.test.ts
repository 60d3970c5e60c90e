import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CallEvent, type CallRecord, ingestRecords } from '../../../src/business/record/calls/calls.ts';
import { formatLine } from '../../../src/call/journal/journal-line.ts';
import { Journals } from '../../../src/call/journal/journals.ts';
import { systemClock } from '../../../src/platform/process/clock.ts';
import type { OpenDatabase } from '../../../src/platform/data/db.ts';
import { runInTenant } from '../../../src/platform/data/tx.ts';
import { journalStreamOf } from '../../../src/business/record/calls/journal-stream.ts';
import { readEvents } from '../../../src/business/tenancy/events/event-record.ts';
import { newId } from '../../../src/platform/data/ids.ts';
import type { CallId } from '../../../src/business/tenancy/ids/ids.ts';
import { Metrics } from '../../../src/platform/process/metrics.ts';
import { callEnded, callStarted, digitPressed, recordOf } from '../../support/call-records.ts';
import { openTestDatabase } from '../../support/test-database.ts';
import { testTenancy } from '../../support/test-tenancy.ts';

const tenantId = newId('tnt');
const logger = pino({ level: 'silent' });
const outOfReach = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

/** As the metrics export it. */
async function ingestLagSeconds({ registry }: Metrics): Promise<number | undefined> {
  const gauge = await registry.getSingleMetric('parley_ingest_lag_seconds')?.get();
  return gauge?.values[0]?.value;
}

describe('the journals of a process', () => {
  let dataDir: string;
  let copied: CallRecord[];
  let isDatabaseDown: boolean;
  let cleanup: AsyncDisposableStack;
  beforeEach(async () => {
    cleanup = new AsyncDisposableStack();
    dataDir = await mkdtemp(join(tmpdir(), 'parley-journals-'));
    copied = [];
    isDatabaseDown = false;
  });
  afterEach(async () => {
    await cleanup.disposeAsync();
    await rm(dataDir, { recursive: true, force: true });
  });

  const ingest = async (records: readonly CallRecord[]): Promise<void> => {
    if (isDatabaseDown) throw outOfReach;
    copied.push(...records);
  };
  const open = (over: Partial<Parameters<typeof Journals.open>[0]> = {}): Promise<Journals> =>
    Journals.open({ dataDir, ingest, clock: systemClock, logger, metrics: new Metrics(), ...over });
  const files = (): Promise<string[]> => readdir(join(dataDir, 'journal'));
  const leave = (callId: CallId, events: readonly CallEvent[], torn = ''): Promise<void> =>
    mkdir(join(dataDir, 'journal'), { recursive: true }).then(() =>
      writeFile(
        join(dataDir, 'journal', `${callId}.jsonl`),
        events.map((event, index) => formatLine(recordOf(callId, tenantId, index + 1, event))).join('') +
          torn,
      ),
    );

  it('put an event on disk, in the database and before the listeners, numbered and dated', async () => {
    await using journals = await open();
    const heard: CallRecord[] = [];
    journals.live.subscribe((record) => void heard.push(record));
    const callId = newId('call');
    const journal = journals.open({ callId, tenantId });
    journal.append(digitPressed(1));
    journal.append(digitPressed(2));
    expect(heard.map(({ sequence }) => sequence)).toEqual([1, 2]);
    await vi.waitFor(async () => {
      const text = await readFile(join(dataDir, 'journal', `${callId}.jsonl`), 'utf8');
      expect(text).toBe(heard.map(formatLine).join(''));
    });
    await vi.waitFor(() => expect(copied).toEqual(heard));
    expect(Date.parse(heard[0]!.at)).toBeGreaterThan(Date.now() - 10_000);
  });

  it('remove the file of a call that has ended and is copied whole', async () => {
    await using journals = await open();
    const journal = journals.open({ callId: newId('call'), tenantId });
    journal.append(callEnded);
    await journal.close();
    await vi.waitFor(async () => expect(await files()).toEqual([]));
    expect(copied.map(({ event }) => event.type)).toEqual(['call-ended']);
  });

  it('[F14] keep a call that ended during an outage on disk, and finish it at the next start', async () => {
    isDatabaseDown = true;
    const callId = newId('call');
    {
      const metrics = new Metrics();
      await using journals = await open({ metrics });
      const journal = journals.open({ callId, tenantId });
      for (let index = 0; index < 20; index++) journal.append(digitPressed(index));
      journal.append(callEnded);
      await journal.close();
      await vi.waitFor(async () => expect(await ingestLagSeconds(metrics)).toBeGreaterThan(0.1));
    }
    expect(await files()).toEqual([`${callId}.jsonl`]);
    isDatabaseDown = false;
    cleanup.use(await open());
    await vi.waitFor(async () => expect(await files()).toEqual([]));
    expect(copied.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 21 }, (_, index) => index + 1),
    );
  });

  it('give a call that lost its server an end, past a torn last line', async () => {
    const callId = newId('call');
    const modelUsed: CallEvent = {
      type: 'model-used',
      model: 'gpt-test',
      inputTokens: 10,
      cachedTokens: 0,
      outputTokens: 5,
      estimated: false,
    };
    await leave(callId, [callStarted(), modelUsed], '{"callId":"call_');
    cleanup.use(await open());
    await vi.waitFor(async () => expect(await files()).toEqual([]));
    expect(copied.map(({ sequence, event }) => [sequence, event.type])).toEqual([
      [1, 'call-started'],
      [2, 'model-used'],
      [3, 'call-ended'],
    ]);
    expect(copied[2]?.event).toMatchObject({
      reason: 'server-lost',
      durationMs: 0,
      usage: {
        model: 'gpt-test',
        inputTokens: 10,
        outputTokens: 5,
        sttVendor: 'ears',
        ttsVendor: 'mouth',
      },
    });
  });

  it('leave alone what is no journal, or holds nothing whole', async () => {
    await leave(newId('call'), [], '{"torn');
    await appendFile(join(dataDir, 'journal', 'notes.txt'), 'hello');
    cleanup.use(await open());
    expect(await files()).toHaveLength(2);
    expect(copied).toEqual([]);
  });

  it('keep a live call on disk through a stop, so that the next start can end it', async () => {
    const callId = newId('call');
    {
      await using journals = await open();
      journals.open({ callId, tenantId }).append(callStarted());
    }
    cleanup.use(await open());
    await vi.waitFor(async () => expect(await files()).toEqual([]));
    expect(copied.at(-1)?.event).toMatchObject({ type: 'call-ended', reason: 'server-lost' });
  });

  it('[F34] go on in memory when the disk refuses, tell the database directly, and recover', async () => {
    await using journals = await open();
    await rm(join(dataDir, 'journal'), { recursive: true });
    const callId = newId('call');
    const journal = journals.open({ callId, tenantId });
    journal.append(digitPressed(1));
    await vi.waitFor(() => expect(copied).toHaveLength(1));
    await vi.waitFor(() => expect(journals.isDiskFailing).toBe(true));
    await mkdir(join(dataDir, 'journal'));
    await vi.waitFor(() => expect(journals.isDiskFailing).toBe(false), 3_000);
    journal.append(callEnded);
    await journal.close();
    await vi.waitFor(() => expect(copied).toHaveLength(2));
  });

  it('take an event that JSON has no form for without a word to the call, and without a hole', async () => {
    await using journals = await open();
    const journal = journals.open({ callId: newId('call'), tenantId });
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    journal.append({
      type: 'tool-ended',
      toolCallId: 'x',
      turn: 1,
      tool: 'look',
      status: 'ok',
      result: circular,
      durationMs: 1,
    });
    journal.append(digitPressed(1));
    await vi.waitFor(() => expect(copied).toHaveLength(2));
    expect(copied[0]).toMatchObject({ sequence: 1, event: { type: 'fault', kind: 'journal.unwritable' } });
  });

  it('refuse a folder that another process is using', async () => {
    cleanup.use(await open());
    await expect(open()).rejects.toThrow(/journals is in use/);
  });

  it('export how far behind the database is', async () => {
    const metrics = new Metrics();
    cleanup.use(await open({ metrics }));
    expect(await metrics.registry.metrics()).toContain('parley_ingest_lag_seconds 0');
  });
});

describe('[F14] the journals over the real record', () => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    const tenant = {
      id: tenantId,
      slug: 'harbour',
      name: 'Harbour',
      timeZone: 'Europe/Lisbon',
      currency: 'EUR',
    };
    await runInTenant(database.db, tenantId, (trx) => trx.insertInto('tenant').values(tenant).execute());
  });
  afterAll(() => database[Symbol.asyncDispose]());

  it('hold every event of every call once and in order, though the database came and went', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'parley-journals-'));
    let attempts = 0;
    const ingest = async (records: readonly CallRecord[]): Promise<void> => {
      const attempt = ++attempts;
      // Away at first, and later at times after the commit, so that the same records come twice.
      if (attempt <= 2) throw outOfReach;
      await ingestRecords(testTenancy(database.db), records);
      if (attempt % 4 === 0) throw outOfReach;
    };
    const calls = Array.from({ length: 5 }, () => newId('call'));
    {
      const metrics = new Metrics();
      await using journals = await Journals.open({
        dataDir,
        ingest,
        clock: systemClock,
        logger,
        metrics,
        maxBufferedRecords: 20,
      });
      const opened = calls.map((callId) => journals.open({ callId, tenantId }));
      for (const journal of opened) journal.append(callStarted());
      for (let index = 0; index < 12; index++) {
        for (const journal of opened) journal.append(digitPressed(index));
      }
      for (const journal of opened) journal.append(callEnded);
      await Promise.all(opened.map((journal) => journal.close()));
      await vi.waitFor(async () => expect(await ingestLagSeconds(metrics)).toBe(0), 10_000);
      await vi.waitFor(async () => expect(await readdir(join(dataDir, 'journal'))).toEqual([]), 10_000);
    }
    for (const callId of calls) {
      const events = await testTenancy(database.db).run({ tenantId }, (tx) =>
        readEvents(tx, journalStreamOf(callId)),
      );
      expect(events.map(({ type }) => type)).toEqual([
        'call-started',
        ...Array.from({ length: 12 }, () => 'digit-pressed'),
        'call-ended',
      ]);
      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    }
    await rm(dataDir, { recursive: true });
  });
});
