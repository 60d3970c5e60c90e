import { createHash } from 'node:crypto';
import type { Processor } from '../../src/business/tenancy/events/events.ts';
import { createTenancy, type Tenancy } from '../../src/business/tenancy/tenancy.ts';
import { PersonalDataCipher } from '../../src/platform/crypto/personal-data.ts';
import type { Db } from '../../src/platform/data/db.ts';

/** Every test reads what every other wrote: one key, made from a name. */
export const testCipher = new PersonalDataCipher([createHash('sha256').update('a key for tests').digest()]);

export function testTenancy(db: Db, processors: readonly Processor[] = []): Tenancy {
  return createTenancy(db, testCipher, processors);
}
