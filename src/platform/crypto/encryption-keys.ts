import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { PersonalDataCipher } from './personal-data.ts';

export interface EncryptionKeyOptions {
  /** 32 bytes each. Empty in development only: production does not start without one. */
  readonly encryptionKeys: readonly Buffer[];
  readonly dataDir: string;
}

/** A cipher with the keys of this server. */
export async function openCipher(config: EncryptionKeyOptions): Promise<PersonalDataCipher> {
  return new PersonalDataCipher(await encryptionKeys(config));
}

/**
 * The keys of personal data: those configured, else one that is generated at the first start and stored in `dataDir`.
 */
export async function encryptionKeys(config: EncryptionKeyOptions): Promise<readonly Buffer[]> {
  if (config.encryptionKeys.length > 0) return config.encryptionKeys;
  await mkdir(config.dataDir, { recursive: true });
  const path = join(config.dataDir, 'encryption-key');
  await makeKey(path);
  const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'hex');
  if (key.length !== 32) throw new Error(`${path} does not hold a key; it must be 64 hexadecimal digits.`);
  return [key];
}

/** Writes a temporary file and links it, so that of two processes that start together both use the first one's key. */
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
