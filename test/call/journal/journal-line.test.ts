import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLine, parseJournal } from '../../../src/call/journal/journal-line.ts';
import { newId } from '../../../src/platform/data/ids.ts';
import { digitPressed, recordOf } from '../../support/call-records.ts';

const [callId, tenantId] = [newId('call'), newId('tnt')];

const records = fc
  .array(fc.string({ unit: 'binary', maxLength: 8 }), { maxLength: 12 })
  .map((digits) =>
    digits.map((digit, index) =>
      recordOf(callId, tenantId, index + 1, { ...digitPressed(index), digit } as never),
    ),
  );

describe('the lines of a journal', () => {
  it('are read back as they were written, whatever they hold', () => {
    fc.assert(
      fc.property(records, (written) => {
        const bytes = Buffer.from(written.map(formatLine).join(''));
        expect(parseJournal(bytes)).toEqual({ records: written, wholeBytes: bytes.length });
      }),
    );
  });

  it('are read up to the torn one, wherever the process died', () => {
    fc.assert(
      fc.property(records, fc.nat(), (written, cut) => {
        const whole = Buffer.from(written.map(formatLine).join(''));
        const torn = whole.subarray(0, cut % (whole.length + 1));
        const parsed = parseJournal(torn);
        expect(parsed.records).toEqual(written.slice(0, parsed.records.length));
        const lines = torn.toString('latin1').split('\n').length - 1;
        expect(parsed.records).toHaveLength(lines);
        expect(parsed.wholeBytes).toBe(torn.lastIndexOf(0x0a) + 1);
      }),
    );
  });

  it('end where noise begins', () => {
    const line = formatLine(recordOf(callId, tenantId, 1, digitPressed(0)));
    for (const noise of ['\n', 'null\n', '{}\n', '[1]\n', '\0\0\0\n', line]) {
      expect(parseJournal(Buffer.from(line + noise + line))).toMatchObject({
        records: [{ sequence: 1 }],
        wholeBytes: line.length,
      });
    }
  });
});
