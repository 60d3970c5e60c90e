import { mkdir, mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalFile } from '../../../src/call/journal/journal-file.ts';
import { formatLine } from '../../../src/call/journal/journal-line.ts';
import { newId } from '../../../src/platform/data/ids.ts';
import { digitPressed, recordOf } from '../../support/call-records.ts';

const [callId, tenantId] = [newId('call'), newId('tnt')];
const line = (sequence: number): string =>
  formatLine(recordOf(callId, tenantId, sequence, digitPressed(sequence)));

describe('the journal file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-journal-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('keeps lines in order when flushes overlap appends', async () => {
    const file = new JournalFile(join(folder, 'a.jsonl'));
    const flushes: Promise<void>[] = [];
    for (let sequence = 1; sequence <= 50; sequence++) {
      file.append(line(sequence));
      if (sequence % 3 === 0) flushes.push(file.flush());
      if (sequence % 10 === 0) await Promise.all(flushes);
    }
    await file.close();
    expect(file.isClosed).toBe(true);
    const sequences = (await file.readAfter(0, 100)).map((record) => record.sequence);
    expect(sequences).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect((await file.readAfter(10, 3)).map((record) => record.sequence)).toEqual([11, 12, 13]);
  });

  it('takes in what was appended while the write before the last one was under way', async () => {
    const file = new JournalFile(join(folder, 'a.jsonl'));
    file.append(line(1));
    await file.flush();
    file.append(line(2));
    const underWay = file.flush();
    await Promise.resolve();
    file.append(line(3));
    await file.close();
    await underWay;
    expect(file.isClosed).toBe(true);
    expect(await readFile(file.path, 'utf8')).toBe([1, 2, 3].map(line).join(''));
  });

  it('[F34] keeps lines while the disk refuses them, and writes them all when it takes them again', async () => {
    const file = new JournalFile(join(folder, 'gone', 'a.jsonl'));
    file.append(line(1));
    await expect(file.flush()).rejects.toThrow('ENOENT');
    file.append(line(2));
    await expect(file.close()).rejects.toThrow('ENOENT');
    expect(file.isClosed).toBe(false);
    await mkdir(join(folder, 'gone'));
    await file.flush();
    expect(file.isClosed).toBe(true);
    expect(await readFile(file.path, 'utf8')).toBe(line(1) + line(2));
  });

  it('[F34] writes over a line that a full disk cut short', async () => {
    let isFull = false;
    const file = new JournalFile(join(folder, 'a.jsonl'), async (path, flags) => {
      const handle = await open(path, flags);
      const write = handle.write.bind(handle);
      Object.assign(handle, {
        write: async (bytes: Buffer, offset: number, length: number, position: number) => {
          if (!isFull) return write(bytes, offset, length, position);
          await write(bytes, offset, Math.floor(length / 2), position);
          throw new Error('ENOSPC: no space left on device');
        },
      });
      return handle;
    });
    file.append(line(1));
    await file.flush();
    isFull = true;
    file.append(line(2));
    file.append(line(3));
    await expect(file.flush()).rejects.toThrow('ENOSPC');
    file.append(line(4));
    isFull = false;
    await file.close();
    expect(await readFile(file.path, 'utf8')).toBe([1, 2, 3, 4].map(line).join(''));
  });

  it('[F34] holds a bounded number of lines for a disk that stays away, and counts what it lets go', async () => {
    const file = new JournalFile(join(folder, 'gone', 'a.jsonl'));
    for (let sequence = 1; sequence <= 10_005; sequence++) file.append('x\n');
    expect(file.droppedLines).toBe(5);
  });

  it('is deleted by remove(), written or not', async () => {
    const file = new JournalFile(join(folder, 'a.jsonl'));
    file.append(line(1));
    await file.flush();
    file.append(line(2));
    await file.remove();
    await expect(stat(file.path)).rejects.toThrow('ENOENT');
    await new JournalFile(join(folder, 'never.jsonl')).remove();
  });

  it('does not write into a file that another journal made', async () => {
    const first = new JournalFile(join(folder, 'a.jsonl'));
    first.append(line(1));
    await first.close();
    const second = new JournalFile(join(folder, 'a.jsonl'));
    second.append(line(1));
    await expect(second.flush()).rejects.toThrow('EEXIST');
  });
});
