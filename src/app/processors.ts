import { auditProcessor } from '../business/tenancy/audit/audit-processor.ts';
import type { Processor } from '../business/tenancy/events/processor.ts';

/** Everything that reads the events. In this order within a transaction. */
export function allProcessors(): readonly Processor[] {
  return [auditProcessor];
}
