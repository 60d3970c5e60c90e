import type { TextAgent } from '../agent/text-agent.ts';
import { createTextAgent } from '../agent/text-reply.ts';
import type { Base } from './base.ts';
import type { Vendors } from './connect-vendors.ts';
import type { Knowledge } from './knowledge.ts';
import type { Records } from './records.ts';

/** Agents in writing. */
export function openChats(
  { clock, logger }: Base,
  { tenancy }: Records,
  { model }: Vendors,
  { lookup: knowledge }: Knowledge,
): TextAgent {
  return createTextAgent({
    model,
    tenancy,
    clock,
    knowledge,
    onError: (what, error) => logger.error({ err: error, what }, 'chat agent failed'),
  });
}
