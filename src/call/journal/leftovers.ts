import { readdir, readFile, truncate, appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallRecord, CallServices } from '../../business/record/calls/calls.ts';
import { parseId } from '../../platform/data/ids.ts';
import type { CallId } from '../../business/tenancy/ids/ids.ts';
import { CallUsageMeter } from '../call-usage.ts';
import { formatLine, parseJournal } from './journal-line.ts';

/** A call that was live, or not yet copied, when an earlier process ended. */
export interface Leftover {
  readonly callId: CallId;
  readonly path: string;
  readonly lastSequence: number;
}

/**
 * Repairs the journals that earlier processes left behind: a torn last line is cut off, and a call without `call-ended`
 * gets one, because its server has stopped. Files without a complete record are ignored.
 */
export async function repairLeftovers(folder: string): Promise<readonly Leftover[]> {
  const leftovers: Leftover[] = [];
  for (const name of await readdir(folder)) {
    const callId = name.endsWith('.jsonl') ? parseId('call', name.slice(0, -'.jsonl'.length)) : undefined;
    if (callId === undefined) continue;
    const path = join(folder, name);
    const lastSequence = await repair(path);
    if (lastSequence > 0) leftovers.push({ callId, path, lastSequence });
  }
  return leftovers;
}

async function repair(path: string): Promise<number> {
  const bytes = await readFile(path);
  const { records, wholeBytes } = parseJournal(bytes);
  const last = records.at(-1);
  if (last === undefined) return 0;
  if (wholeBytes < bytes.length) await truncate(path, wholeBytes);
  if (records.some(({ event }) => event.type === 'call-ended')) return last.sequence;
  const end = serverLost(records, last);
  await appendFile(path, formatLine(end), { flush: true });
  return end.sequence;
}

/** The `call-ended` of a call whose server was lost, dated to its last record. */
function serverLost(records: readonly CallRecord[], last: CallRecord): CallRecord {
  const meter = new CallUsageMeter();
  let ttsCharacters = 0;
  let services: CallServices = { sttVendor: 'unknown', ttsVendor: 'unknown' };
  for (const { event } of records) {
    meter.recorded(event);
    if (event.type === 'call-started') services = event.services ?? services;
    if (event.type === 'reply-ended') ttsCharacters += event.generatedText.length;
  }
  const durationMs = Date.parse(last.at) - Date.parse(records[0]?.at ?? last.at);
  const seconds = Math.ceil(durationMs / 1000);
  // Only the lost process knew whether there was a failover; the usage is billed to the first recogniser.
  meter.listened(seconds);
  const usage = meter.total({ callSeconds: seconds, ...services, ttsCharacters });
  return {
    ...last,
    sequence: last.sequence + 1,
    event: { type: 'call-ended', reason: 'server-lost', durationMs, usage },
  };
}
