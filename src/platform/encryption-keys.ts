import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from './config.ts';

/**
 * The keys of personal data: those of the environment, else (a laptop's, `config` sees to that) one that is made at
 * the first start and kept beside the data it opens.
 */
export async function encryptionKeys(
  config: Pick<Config, 'encryptionKeys' | 'dataDir'>,
): Promise<readonly Buffer[]> {
  if (config.encryptionKeys.length > 0) return config.encryptionKeys;
  await mkdir(config.dataDir, { recursive: true });
  const path = join(config.dataDir, 'encryption-key');
  // Whoever comes second, server or seed, reads what the first has written.
  await writeFile(path, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 }).catch(
    (error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    },
  );
  const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'hex');
  if (key.length !== 32) throw new Error(`${path} does not hold a key; it must be 64 hexadecimal digits.`);
  return [key];
}
