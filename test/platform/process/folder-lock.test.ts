import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from '../../../src/platform/process/folder-lock.ts';

describe('the lock on a folder', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-lock-'));
    path = join(folder, 'database.lock');
  });
  afterEach(() => rm(folder, { recursive: true }));
  const lock = () => lockFolder(path, 'The database');
  const takeAndRelease = async (): Promise<string[]> => {
    await (await lock()).release();
    return readdir(folder);
  };

  it('is held by one at a time, and says by whom and what to do', async () => {
    const held = await lock();
    await expect(lock()).rejects.toThrow(
      new RegExp(`The database is in use by process ${process.pid} .*another DATA_DIR.*delete ${path}`),
    );
    await held.release();
    expect(await takeAndRelease()).toEqual([]);
  });

  it('is taken over from a process that has ended', async () => {
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    await writeFile(path, JSON.stringify({ pid: gone.pid, host: hostname() }));
    expect(await takeAndRelease()).toEqual([]);
  });

  it('is taken over from a process whose number now belongs to another', async () => {
    await writeFile(path, JSON.stringify({ pid: process.pid, host: hostname(), startedTicks: '1' }));
    expect(await takeAndRelease()).toEqual([]);
  });

  it('of another machine is respected while it is touched, and taken over when it is not', async () => {
    const elsewhere = JSON.stringify({ pid: 1, host: 'elsewhere.invalid' });
    await writeFile(path, elsewhere);
    await expect(lock()).rejects.toThrow('process 1 on elsewhere.invalid');
    expect(await readFile(path, 'utf8')).toBe(elsewhere);
    const past = new Date(Date.now() - 60_000);
    await utimes(path, past, past);
    expect(await takeAndRelease()).toEqual([]);
  });

  it('that is unreadable is nobody’s', async () => {
    await writeFile(path, '{"pid":');
    expect(await takeAndRelease()).toEqual([]);
  });

  it('goes to exactly one of many who find it stale', async () => {
    await writeFile(path, JSON.stringify({ pid: 1, host: 'elsewhere.invalid' }));
    await utimes(path, new Date(0), new Date(0));
    const takers = await Promise.allSettled(Array.from({ length: 8 }, lock));
    const held = takers.flatMap((taker) => (taker.status === 'fulfilled' ? [taker.value] : []));
    expect(held).toHaveLength(1);
    await held[0]?.release();
  });
});
