import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { PersonalDataCipher } from './personal-data.ts';

export interface EncryptionKeyOptions {
  /** 32 bytes each. Empty on a laptop alone: production does not start without one. */
  readonly encryptionKeys: readonly Buffer[];
  readonly dataDir: string;
}

/** The cipher with the keys of this server. */
export async function openCipher(config: EncryptionKeyOptions): Promise<PersonalDataCipher> {
  return new PersonalDataCipher(await encryptionKeys(config));
}

/** The keys of personal data: those given, else one that is made at the first start and stored beside the data. */
export async function encryptionKeys(config: EncryptionKeyOptions): Promise<readonly Buffer[]> {
  if (config.encryptionKeys.length > 0) return config.encryptionKeys;
  await mkdir(config.dataDir, { recursive: true });
  const path = join(config.dataDir, 'encryption-key');
  await makeKey(path);
  const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'hex');
  if (key.length !== 32) throw new Error(`${path} does not hold a key; it must be 64 hexadecimal digits.`);
  return [key];
}

/** Written aside and linked into place: whoever comes second, server or seed, reads the first one's, and all of it. */
async function makeKey(path: string): Promise<void> {
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  await writeFile(draft, randomBytes(32).toString('hex'), { mode: 0o600 });
  try {
    await link(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
}
