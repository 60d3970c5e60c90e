import { describe, expect, it } from 'vitest';
import { extractFile, type ExtractionLimits } from '../../../src/business/knowledge/extract/extract-file.ts';
import { systemClock } from '../../../src/platform/process/clock.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const generous: ExtractionLimits = { timeoutMs: 30_000, memoryMegabytes: 256 };

function aText(characters: number) {
  return { bytes: new Uint8Array(Buffer.alloc(characters, 'word ')), mediaType: 'text/plain' as const };
}

describe('reading a file in a thread of its own', () => {
  it('gives its chunks, and takes the bytes along', async () => {
    const file = aText(5_000);
    const clock = new FakeClock();
    const extraction = await extractFile(file, clock, generous);
    expect(extraction).toMatchObject({ type: 'extracted', pageCount: undefined });
    expect(file.bytes.byteLength).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is given up when it takes too long', async () => {
    const clock = new FakeClock();
    const extraction = extractFile(aText(5_000), clock, generous);
    clock.advance(generous.timeoutMs);
    expect(await extraction).toEqual({
      type: 'unreadable',
      reason: expect.stringContaining('takes too long'),
    });
  });

  it('is given up when it takes too much memory, and nothing else is harmed', async () => {
    const extraction = await extractFile(aText(8_000_000), systemClock, { ...generous, memoryMegabytes: 12 });
    expect(extraction).toEqual({ type: 'unreadable', reason: expect.stringContaining('more memory') });
  });
});
