import type { Logger } from 'pino';
import type { AgentParts } from '../agent/agent.ts';
import type { Tenancy } from '../business/tenancy/tenancy.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { ChatChannel } from './channel.ts';

/** What chats are answered with. */
export interface ChatParts {
  readonly tenancy: Tenancy;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly agent: AgentParts;
  readonly channels: readonly ChatChannel[];
}
