import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encryptionKeys } from '../../../src/platform/crypto/encryption-keys.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'parley-keys-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

describe('the keys of personal data', () => {
  it('are those of the environment, where it has any', async () => {
    const given = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    expect(await encryptionKeys({ encryptionKeys: given, dataDir })).toEqual(given);
    await expect(stat(join(dataDir, 'encryption-key'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('are else made once, and kept beside the data, for its owner alone', async () => {
    const config = { encryptionKeys: [], dataDir: join(dataDir, 'new') };
    const [[one], [two]] = await Promise.all([encryptionKeys(config), encryptionKeys(config)]);
    expect(one).toHaveLength(32);
    expect(two).toEqual(one);
    expect(await encryptionKeys(config)).toEqual([one]);
    const path = join(dataDir, 'new', 'encryption-key');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).toBe(one!.toString('hex'));
  });

  it('are not replaced when the file was damaged: what they open would be lost', async () => {
    await writeFile(join(dataDir, 'encryption-key'), 'half a k');
    await expect(encryptionKeys({ encryptionKeys: [], dataDir })).rejects.toThrow(/does not hold a key/);
  });
});
