import type { Processor } from '../../src/business/tenancy/events/events.ts';
import { createTenancy, type Tenancy } from '../../src/business/tenancy/tenancy.ts';
import type { Db } from '../../src/platform/data/db.ts';

export function testTenancy(db: Db, processors: readonly Processor[] = []): Tenancy {
  return createTenancy(db, processors);
}
