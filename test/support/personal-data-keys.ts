import { createHash } from 'node:crypto';
import { usePersonalDataKeys } from '../../src/platform/crypto/personal-data.ts';

/** Every test reads what every other wrote: one key, made from a name. */
usePersonalDataKeys([createHash('sha256').update('a key for tests').digest()]);
