import type { AgentConfig } from '../agents/agents.ts';
import type { OpeningTimes } from '../../catalog/opening-hours/opening-hours.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { AgentId, AgentVersionId, PhoneNumberId } from '../../tenancy/ids/ids.ts';

/** A published version of an agent. */
export interface AnsweringAgent {
  readonly agentId: AgentId;
  readonly agentVersionId: AgentVersionId;
  readonly agent: AgentConfig;
}

interface BusinessLine {
  /** E.164. */
  readonly number: string;
  readonly numberId: PhoneNumberId;
  readonly tenantId: TenantId;
  readonly businessName: string;
  /** IANA zone of the business. */
  readonly timeZone: string;
  /** Left out where the business has not said when it is open. */
  readonly hours?: OpeningTimes;
}

/** A dialled number and the agent that answers this call: everything needed to do so. */
export interface Line extends BusinessLine, AnsweringAgent {}

/** A dialled number with all who may answer it; `chooseAgent` makes a line of it. */
export interface DialledLine extends BusinessLine {
  readonly isSuspended: boolean;
  /** Those that have something published, with weights above 0. */
  readonly agents: readonly (AnsweringAgent & { readonly weight: number })[];
  /** Outside the opening hours; undefined answers as always. */
  readonly afterHours: AfterHours | undefined;
}

export type AfterHours =
  | ({ readonly type: 'agent' } & AnsweringAgent)
  /** Spoken by the carrier's own voice. */
  | { readonly type: 'message'; readonly text: string };

/** Who answers which number, from memory: the call path never waits for the database. */
export interface LineDirectory {
  find(number: string): DialledLine | undefined;
}
