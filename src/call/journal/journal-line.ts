import type { CallRecord } from '../../business/record/calls/calls.ts';

/** One record as a line of a journal file. */
export function formatLine(record: CallRecord): string {
  return `${JSON.stringify(record)}\n`;
}

export interface ParsedJournal {
  readonly records: readonly CallRecord[];
  /** Length of the valid part; what follows was being written when the process died. */
  readonly wholeBytes: number;
}

/**
 * Reads a journal file as far as it is valid. A process that is killed leaves at most a torn last line; reading stops
 * there, or at the first line that is not the next record, because nothing after it can be trusted.
 */
export function parseJournal(bytes: Buffer): ParsedJournal {
  const records: CallRecord[] = [];
  let wholeBytes = 0;
  while (true) {
    const end = bytes.indexOf(0x0a, wholeBytes);
    if (end === -1) break;
    const record = parseLine(bytes.toString('utf8', wholeBytes, end));
    if (record?.sequence !== records.length + 1) break;
    records.push(record);
    wholeBytes = end + 1;
  }
  return { records, wholeBytes };
}

/** Checks the outer fields only, because the lines are written by this server; undefined if these are wrong. */
function parseLine(line: string): CallRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isRecord =
      typeof value === 'object' &&
      value !== null &&
      'callId' in value &&
      'sequence' in value &&
      'event' in value;
    return isRecord ? (value as CallRecord) : undefined;
  } catch {
    return undefined;
  }
}
