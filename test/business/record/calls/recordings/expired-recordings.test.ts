import { describe, expect, it } from 'vitest';
import { listRecordingRetentions } from '../../../../../src/business/line/agents/agents.ts';
import {
  type CallEvent,
  deleteExpiredRecordingsJob,
  ingestRecords,
} from '../../../../../src/business/record/calls/calls.ts';
import { jobContext } from '../../../../../src/jobs/job.ts';
import { runInTenant } from '../../../../../src/platform/data/tx.ts';
import { newId, type TenantId } from '../../../../../src/platform/data/ids.ts';
import type { AgentId } from '../../../../../src/business/tenancy/ids/ids.ts';
import { createLogger } from '../../../../../src/platform/process/logger.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';
import { aTenant, useDatabase } from '../../../a-business.ts';
import { aPublishedAgent } from '../../../line/agents/an-agent.ts';
import { callStarted, recordsOf } from '../a-call.ts';
import { testTenancy } from '../../../../support/test-tenancy.ts';

const at = useDatabase();

async function anAgent(tenantId: TenantId, keepDays: number | null): Promise<AgentId> {
  const { agentId } = await aPublishedAgent(at.tenancy, tenantId, {
    name: 'Robin',
    greeting: 'Hello.',
    instructions: '',
    tools: [],
    voice: {},
    speechToText: {},
    model: {},
    turnTaking: {},
    recording: { keepDays },
  });
  return agentId;
}

/** A recorded call that began on 24 November 2026. */
async function aRecordedCall(tenantId: TenantId, agentId: AgentId): Promise<string> {
  const callId = newId('call');
  const event = { ...callStarted(), agentId } as CallEvent;
  await ingestRecords(testTenancy(at.db), recordsOf(tenantId, callId, [event]));
  const recordingKey = `recordings/${callId}.wav`;
  await runInTenant(at.db, tenantId, (transaction) =>
    transaction.updateTable('call').set({ recordingKey }).where('id', '=', callId).execute(),
  );
  return recordingKey;
}

describe('recordings', () => {
  it('are deleted when they are older than their agent keeps them, and their calls stay', async () => {
    const tenantId = await aTenant(at.db);
    const [brief, long, forever] = [
      await anAgent(tenantId, 30),
      await anAgent(tenantId, 90),
      await anAgent(tenantId, null),
    ];
    const expired = await aRecordedCall(tenantId, brief);
    const kept = [await aRecordedCall(tenantId, long), await aRecordedCall(tenantId, forever)];
    const removed: string[] = [];
    const storage = { remove: (key: string) => Promise.resolve(void removed.push(key)) };
    const logger = createLogger({ logLevel: 'silent' });
    for (const [day, gone] of [
      ['2026-12-23', []],
      ['2026-12-25', [expired]],
    ] as const) {
      const clock = new FakeClock(new Date(`${day}T16:00:00Z`));
      const job = deleteExpiredRecordingsJob({
        tenancy: at.tenancy,
        storage,
        clock,
        listRetentions: listRecordingRetentions,
      });
      await job.run({}, jobContext({ logger }));
      expect(removed).toEqual(gone);
    }
    const calls = await runInTenant(at.db, tenantId, (transaction) =>
      transaction.selectFrom('call').select('recordingKey').where('tenantId', '=', tenantId).execute(),
    );
    expect(calls).toHaveLength(3);
    expect(calls.flatMap(({ recordingKey }) => recordingKey ?? []).toSorted()).toEqual(kept.toSorted());
  });

  it('are deleted for the other agents where the storage fails for one', async () => {
    const tenantId = await aTenant(at.db);
    const [failing, fine] = [
      await aRecordedCall(tenantId, await anAgent(tenantId, 30)),
      await aRecordedCall(tenantId, await anAgent(tenantId, 30)),
    ];
    const removed: string[] = [];
    const storage = {
      remove: (key: string) =>
        key === failing ? Promise.reject(new Error('away')) : Promise.resolve(void removed.push(key)),
    };
    const clock = new FakeClock(new Date('2026-12-25T16:00:00Z'));
    const logger = createLogger({ logLevel: 'silent' });
    const job = deleteExpiredRecordingsJob({
      tenancy: at.tenancy,
      storage,
      clock,
      listRetentions: listRecordingRetentions,
    });
    // The job fails, and is tried again.
    await expect(job.run({}, jobContext({ logger }))).rejects.toThrow('could not be deleted');
    expect(removed).toEqual([fine]);
  });
});
