import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { agentActor, systemActor, type TenantActor } from '../../../../src/business/tenancy/actor/actor.ts';
import { auditProcessor } from '../../../../src/business/tenancy/audit/audit-processor.ts';
import {
  defineEvents,
  eventInstant,
  eventText,
  personalMark,
} from '../../../../src/business/tenancy/events/event-type.ts';
import { happened } from '../../../../src/business/tenancy/events/happened.ts';
import { processEventJob } from '../../../../src/business/tenancy/events/process-events.ts';
import { replayEvents } from '../../../../src/business/tenancy/events/replay-events.ts';
import type { DomainEvent } from '../../../../src/business/tenancy/events/domain-event.ts';
import type { Processor } from '../../../../src/business/tenancy/events/processor.ts';
import { newId, type TenantId } from '../../../../src/platform/data/ids.ts';
import { aTenant, useDatabase } from '../../a-business.ts';
import { testTenancy } from '../../../support/test-tenancy.ts';

const at = useDatabase();

const facts = z.object({ name: eventText, phone: personalMark, dueAt: eventInstant.nullable() });
const thingEvents = defineEvents('thing', {
  made: { says: 'A thing was made.', after: facts },
  renamed: { version: 2, says: 'A thing got another name.', before: facts, after: facts },
  seen: { says: 'A thing was looked at.', details: z.object({ times: z.int() }), audited: false },
});
const eventTypes = Object.values(thingEvents);
const thing = {
  name: 'Bell',
  phone: '+14155550100',
  dueAt: new Date('2026-01-02T03:04:05Z'),
  secret: 's3cret',
};

/** Notes what it was given; fails as long as it is told to. */
class Recorder {
  readonly seen: DomainEvent[] = [];
  failures = 0;
  readonly processor: Processor;

  constructor(runs: 'in-transaction' | 'as-job' | 'after-commit', name: string = runs) {
    const handles = (event: DomainEvent): boolean => event.eventType.resource === 'thing';
    const note = (event: DomainEvent): void => {
      if (this.failures > 0) {
        this.failures -= 1;
        throw new Error(`${name} failed`);
      }
      this.seen.push(event);
    };
    this.processor =
      runs === 'after-commit'
        ? { name, runs, handles, handle: note }
        : { name, runs, handles, handle: async (_tx: unknown, event: DomainEvent) => note(event) };
  }
}

async function make(
  processors: readonly Processor[],
  { actor, tenantId }: { actor?: (tenantId: TenantId) => TenantActor; tenantId?: TenantId } = {},
) {
  const tenant = tenantId ?? (await aTenant(at.db));
  const tenancy = testTenancy(at.db, processors);
  const by = actor?.(tenant) ?? systemActor(tenant, 'test');
  const subject = newId('thing');
  await tenancy.run(by, (tx) => happened(tx, by, thingEvents.made({ subject, after: thing })));
  return { tenancy, tenantId: tenant, by, subject };
}

function recordOf(tenantId: TenantId, subject: string) {
  return testTenancy(at.db).run({ tenantId }, (tx) =>
    tx.selectFrom('eventRecord').selectAll().where('stream', '=', subject).orderBy('sequence').execute(),
  );
}

async function outboxJobs(tenantId: TenantId) {
  const rows = await testTenancy(at.db).system((tx) =>
    tx.selectFrom('outbox').select(['job', 'data', 'jobId']).where('tenantId', '=', tenantId).execute(),
  );
  return rows.filter(({ job }) => job === 'process-event');
}

describe('a fact', () => {
  it('is on record with its version, its actor and the fields its schema names, and no other', async () => {
    const { tenantId, subject } = await make([], { actor: (tenant) => agentActor(tenant, newId('call')) });
    const [row] = await recordOf(tenantId, subject);
    expect(row).toMatchObject({ type: 'thing.made', version: 1, sequence: 1, actorType: 'agent' });
    expect(row!.actorId).toMatch(/^call_/);
    expect(row!.data).toEqual({
      after: {
        name: 'Bell',
        phone: expect.stringMatching(/^\[personal .{4}\]$/) as string,
        dueAt: '2026-01-02T03:04:05.000Z',
      },
    });
    expect(JSON.stringify(row)).not.toMatch(/s3cret|1415555/);
  });

  it('is numbered within its stream, and undone together with the change it tells of', async () => {
    const { tenancy, tenantId, by, subject } = await make([]);
    const renamed = thingEvents.renamed({ subject, before: thing, after: { ...thing, name: 'Horn' } });
    await tenancy.run(by, (tx) => happened(tx, by, renamed));
    await expect(
      tenancy.run(by, async (tx) => {
        await happened(tx, by, renamed);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    const rows = await recordOf(tenantId, subject);
    expect(rows.map(({ sequence, type, version }) => [sequence, type, version])).toEqual([
      [1, 'thing.made', 1],
      [2, 'thing.renamed', 2],
    ]);
  });

  it('says its place in the stream, and may have happened before it is put on record', async () => {
    const { tenancy, tenantId, by, subject } = await make([]);
    const earlier = new Date('2026-01-02T03:04:05.678Z');
    const seen = thingEvents.seen({ subject, details: { times: 1 }, at: earlier });
    expect(await tenancy.run(by, (tx) => happened(tx, by, seen))).toBe(2);
    expect((await recordOf(tenantId, subject))[1]!.at).toEqual(earlier);
  });

  it('stores a long text by its beginning', async () => {
    const { data } = thingEvents.made({ subject: 'x', after: { ...thing, name: 'x'.repeat(5_000) } });
    expect(data.after?.['name']).toBe(`${'x'.repeat(2_000)}… (5000 characters)`);
  });
});

describe('a processor', () => {
  it('in the transaction has handled the event when the change commits, and stops the change when it fails', async () => {
    const recorder = new Recorder('in-transaction');
    await make([recorder.processor]);
    expect(recorder.seen).toHaveLength(1);
    expect(recorder.seen[0]!.data.after?.['dueAt']).toEqual(thing.dueAt);
    recorder.failures = 1;
    const tenantId = await aTenant(at.db);
    await expect(make([recorder.processor], { tenantId })).rejects.toThrow('in-transaction failed');
    const rows = await testTenancy(at.db).run({ tenantId }, (tx) =>
      tx.selectFrom('eventRecord').select('type').execute(),
    );
    expect(rows).toEqual([]);
  });

  it('after the commit is told of what was committed, and of nothing else', async () => {
    const recorder = new Recorder('after-commit');
    const { tenancy, by, subject } = await make([recorder.processor]);
    await tenancy
      .run(by, async (tx) => {
        await happened(tx, by, thingEvents.seen({ subject, details: { times: 3 } }));
        throw new Error('no');
      })
      .catch(() => undefined);
    expect(recorder.seen.map(({ eventType }) => eventType.type)).toEqual(['thing.made']);
  });

  it('as a job loses no event when it fails, and does not make the others handle it twice', async () => {
    const [failing, other] = [new Recorder('as-job', 'failing'), new Recorder('as-job', 'other')];
    const processors = [failing.processor, other.processor];
    const { tenancy, tenantId } = await make(processors);
    expect([failing.seen, other.seen]).toEqual([[], []]);
    const [promised] = await outboxJobs(tenantId);
    const job = processEventJob({ tenancy, eventTypes, processors });
    const run = () => job.run(job.schema.parse(promised!.data), {} as never);
    failing.failures = 1;
    await expect(run()).rejects.toThrow('failing failed');
    expect([failing.seen.length, other.seen.length]).toEqual([0, 1]);
    await run();
    await run();
    expect([failing.seen.length, other.seen.length]).toEqual([1, 1]);
  });

  it('that does not handle a kind of event costs no job', async () => {
    const deaf: Processor = {
      name: 'deaf',
      runs: 'as-job',
      handles: () => false,
      handle: async () => undefined,
    };
    const { tenantId } = await make([deaf]);
    expect(await outboxJobs(tenantId)).toEqual([]);
  });

  it('that was added later is given what is on record of its tenant, once', async () => {
    const { tenancy, tenantId, by, subject } = await make([]);
    await make([]);
    await tenancy.run(by, (tx) => happened(tx, by, thingEvents.seen({ subject, details: { times: 2 } })));
    const late = new Recorder('as-job', 'late');
    const replay = () => replayEvents({ tenancy, eventTypes }, late.processor, { tenantId });
    expect(await replay()).toBe(2);
    await replay();
    const looking = new Recorder('after-commit').processor;
    await expect(replayEvents({ tenancy, eventTypes }, looking, { tenantId })).rejects.toThrow(
      'cannot be replayed',
    );
    expect(late.seen.map(({ eventType, subject: of }) => [eventType.type, of])).toEqual([
      ['thing.made', subject],
      ['thing.seen', subject],
    ]);
  });
});

describe('the audit log', () => {
  const entries = (tenantId: TenantId) =>
    testTenancy(at.db).run({ tenantId }, (tx) =>
      tx.selectFrom('auditEntry').selectAll().orderBy('id').execute(),
    );

  it('has an entry for each audited fact, with the fields that differ', async () => {
    const { tenancy, tenantId, by, subject } = await make([auditProcessor]);
    await tenancy.run(by, async (tx) => {
      await happened(
        tx,
        by,
        thingEvents.renamed({ subject, before: thing, after: { ...thing, name: 'Horn' } }),
      );
      await happened(tx, by, thingEvents.seen({ subject, details: { times: 1 } }));
    });
    const [made, renamed, ...more] = await entries(tenantId);
    expect(more).toEqual([]);
    expect(made).toMatchObject({
      action: 'thing.made',
      resource: 'thing',
      resourceId: subject,
      before: null,
    });
    expect(renamed).toMatchObject({ before: { name: 'Bell' }, after: { name: 'Horn' } });
  });

  it('is the same after a replay: an entry is that of its event, with the time of it', async () => {
    const { tenancy, tenantId } = await make([auditProcessor]);
    const before = await entries(tenantId);
    expect(before).toHaveLength(1);
    expect(await replayEvents({ tenancy, eventTypes }, auditProcessor, { tenantId })).toBe(1);
    expect(await entries(tenantId)).toEqual(before);
  });
});
