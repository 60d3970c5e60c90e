import type { AgentConfig } from '../agents/agent-config.ts';
import type { AgentId, AgentVersionId, PhoneNumberId, TenantId } from '../../platform/ids.ts';

/** A dialled number with everything needed to answer it. */
export interface Line {
  /** E.164. */
  readonly number: string;
  readonly numberId: PhoneNumberId;
  readonly tenantId: TenantId;
  readonly businessName: string;
  /** IANA zone of the business. */
  readonly timeZone: string;
  readonly agentId: AgentId;
  readonly agentVersionId: AgentVersionId;
  readonly agent: AgentConfig;
}

/** Who answers which number, from memory: the call path never waits for the database. */
export interface LineDirectory {
  find(number: string): Line | undefined;
}
