import type { Tenancy } from '../../../tenancy/tenancy.ts';
import { appendEvents } from '../../../tenancy/events/events.ts';
import type { CallId } from '../../../tenancy/ids/ids.ts';
import { enqueue } from '../../../../jobs/jobs.ts';
import type { CallRecord } from '../call-record.ts';
import { finishCallOf } from '../finish/finish.ts';
import { linkCaller } from './link-caller.ts';
import { projectRecords } from './project-records.ts';
import { lockCall } from '../call-queries.ts';
import { indexWords } from '../call-words.ts';
import { findProgress, isDeleted } from './progress.ts';
import { journalStreamOf, toStoredEvent } from '../journal-stream.ts';

/** Records are missing before the ones given; nothing of the call was stored. Send it again from `expected` on. */
export class SequenceGap extends Error {
  override readonly name = 'SequenceGap';
  readonly callId: CallId;
  readonly expected: number;

  constructor(callId: CallId, expected: number, found: number) {
    super(`${callId}: record ${expected} is missing, the next one given is ${found}.`);
    this.callId = callId;
    this.expected = expected;
  }
}

/**
 * Stores records of journals as events and rows, and enqueues the job that finishes a call when it is over. One
 * transaction per call; records that are stored already are skipped, so a batch may be given again and in any order. A
 * call with a gap is left untouched, and the gap is thrown after the other calls are stored.
 */
export async function ingestRecords(tenancy: Tenancy, records: readonly CallRecord[]): Promise<void> {
  const gaps: SequenceGap[] = [];
  for (const ofOneCall of Map.groupBy(records, ({ tenantId, callId }) => `${tenantId} ${callId}`).values()) {
    try {
      await ingestCall(tenancy, ofOneCall);
    } catch (error) {
      if (!(error instanceof SequenceGap)) throw error;
      gaps.push(error);
    }
  }
  if (gaps.length === 1) throw gaps[0]!;
  if (gaps.length > 1) throw new AggregateError(gaps, `Records are missing from ${gaps.length} calls.`);
}

async function ingestCall(tenancy: Tenancy, records: readonly CallRecord[]): Promise<void> {
  const { tenantId, callId } = records[0]!;
  await tenancy.run({ tenantId }, async (tx) => {
    await lockCall(tx, callId);
    const progress = await findProgress(tx, callId);
    // The call was deleted while some of its records were still on their way; it stays deleted.
    if (progress === undefined && (await isDeleted(tx, callId))) return;
    const lastSequence = progress?.lastSequence ?? 0;
    const fresh = freshRecords(records, lastSequence);
    if (fresh.length === 0) return;
    if (lastSequence === 0 && fresh[0]!.event.type !== 'call-started') {
      throw new Error(`${callId}: its first record is not call-started.`);
    }
    const events = fresh.map((record) => toStoredEvent(tx.cipher, record));
    await appendEvents(tx, tenantId, journalStreamOf(callId), lastSequence, events);
    const status = await projectRecords(tx, fresh);
    await linkCaller(tx, fresh);
    if (status !== 'completed') return;
    await indexWords(tx, callId);
    // Records that arrive after the end (a tool that outlived the call, the recording) have the call finished again.
    await enqueue(tx, finishCallOf(tenantId, callId, fresh.at(-1)!.sequence));
  });
}

/** In order, each once, and without a gap after what is stored. */
function freshRecords(records: readonly CallRecord[], lastSequence: number): readonly CallRecord[] {
  const bySequence = new Map(records.map((record) => [record.sequence, record]));
  const fresh = [...bySequence.values()]
    .filter(({ sequence }) => sequence > lastSequence)
    .toSorted((a, b) => a.sequence - b.sequence);
  for (const [index, { callId, sequence }] of fresh.entries()) {
    const expected = lastSequence + 1 + index;
    if (sequence !== expected) throw new SequenceGap(callId, expected, sequence);
  }
  return fresh;
}
