import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskStorage } from '../../../src/platform/data/storage-disk.ts';

describe('storage on disk', () => {
  let folder: string;
  let storage: DiskStorage;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-storage-'));
    storage = new DiskStorage(join(folder, 'inside'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function store(key: string, ...parts: string[]): Promise<void> {
    const writer = await storage.create(key);
    for (const part of parts) await writer.append(Buffer.from(part));
    await writer.close();
  }
  const text = async (key: string, range?: { start: number; end: number }): Promise<string | undefined> => {
    const found = await storage.read(key, range);
    return found && (await buffer(found.stream)).toString();
  };

  it('gives back what was appended, whole or a range of it, with the size of the whole', async () => {
    await store('recordings/call_1.wav', 'hello ', 'world');
    expect(await text('recordings/call_1.wav')).toBe('hello world');
    expect(await text('recordings/call_1.wav', { start: 4, end: 6 })).toBe('o w');
    const found = await storage.read('recordings/call_1.wav', { start: 0, end: 0 });
    expect(found?.sizeBytes).toBe(11);
    await buffer(found!.stream);
  });

  it('patches what was written without moving the end, and nothing else', async () => {
    const writer = await storage.create('a.wav');
    await writer.append(Buffer.from('????body'));
    await writer.patch(0, Buffer.from('head'));
    await writer.append(Buffer.from('!'));
    await expect(writer.patch(8, Buffer.from('xx'))).rejects.toThrow('Only what was written');
    await writer.close();
    expect(await text('a.wav')).toBe('headbody!');
  });

  it('keeps appends in order that nobody waited for', async () => {
    const writer = await storage.create('a.wav');
    await Promise.all(['a', 'b', 'c', 'd'].map((part) => writer.append(Buffer.from(part.repeat(1000)))));
    await writer.close();
    expect(await text('a.wav')).toBe(['a', 'b', 'c', 'd'].map((part) => part.repeat(1000)).join(''));
  });

  it('reports missing keys as undefined, and removes them without an error', async () => {
    await store('a/b.wav', 'x');
    expect(await storage.read('a/c.wav')).toBeUndefined();
    expect(await storage.read('a')).toBeUndefined();
    expect(await storage.read('a/b.wav/c')).toBeUndefined();
    await storage.remove('a/b.wav');
    await storage.remove('a/b.wav');
    expect(await storage.read('a/b.wav')).toBeUndefined();
  });

  it('refuses a second writer under the same key', async () => {
    await store('a.wav', 'x');
    await expect(storage.create('a.wav')).rejects.toThrow('EEXIST');
  });

  it.each([
    '../secret',
    'a/../../secret',
    '/etc/passwd',
    'a//b',
    '',
    '.',
    '..',
    'a/.hidden',
    'a\\..\\b',
    'a\0b',
  ])('refuses the key %j, which could lead out of its folder', async (key) => {
    await writeFile(join(folder, 'secret'), 'x');
    await expect(storage.read(key)).rejects.toThrow('relative path');
    await expect(storage.create(key)).rejects.toThrow('relative path');
    await expect(storage.remove(key)).rejects.toThrow('relative path');
    expect(await readdir(folder)).toEqual(['secret']);
  });
});
