import { describe, expect, it } from 'vitest';
import { LiveRecords } from '../../../src/call/journal/live-records.ts';
import { newId } from '../../../src/platform/data/ids.ts';
import { digitPressed, recordOf } from '../../support/call-records.ts';

const record = (sequence: number) => recordOf(newId('call'), newId('tnt'), sequence, digitPressed(0));

describe('live records', () => {
  it('reach every listener in order until it has had enough', () => {
    const live = new LiveRecords({ warn: () => undefined });
    const seen: number[] = [];
    const listener = ({ sequence }: { sequence: number }): void => void seen.push(sequence);
    const stop = live.subscribe(listener);
    live.subscribe(listener);
    live.publish(record(1));
    stop();
    live.publish(record(2));
    expect(seen).toEqual([1, 1, 2]);
  });

  it('[F21] drop a listener that throws, with a notice, and the others hear on', () => {
    const warnings: unknown[] = [];
    const live = new LiveRecords({ warn: (...entry: unknown[]) => void warnings.push(entry) });
    let failures = 0;
    live.subscribe(() => {
      failures += 1;
      throw new Error('full');
    });
    const seen: number[] = [];
    live.subscribe(({ sequence }) => void seen.push(sequence));
    live.publish(record(1));
    live.publish(record(2));
    expect({ seen, failures, warned: warnings.length }).toEqual({ seen: [1, 2], failures: 1, warned: 1 });
  });

  it('refuse a listener too many', () => {
    const live = new LiveRecords({ warn: () => undefined });
    for (let index = 0; index < 1_000; index++) live.subscribe(() => undefined);
    expect(() => live.subscribe(() => undefined)).toThrow('Too many');
  });
});
