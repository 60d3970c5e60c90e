import type { PlatformFigures } from '../business/identity/staff/staff.ts';
import { countAgents } from '../business/line/agents/agents.ts';
import { countNumbers } from '../business/line/numbers/numbers.ts';
import { callsByDay, countCallsSince } from '../business/record/calls/calls.ts';

/** Figures for the platform's staff from rooms above identity, which identity may not import. */
export const platformFigures: PlatformFigures = {
  async countInTenant(tx, tenantId, callsSince) {
    return {
      agents: await countAgents(tx, tenantId),
      phoneNumbers: await countNumbers(tx, tenantId),
      recentCalls: await countCallsSince(tx, tenantId, callsSince),
    };
  },
  callsByDay,
};
