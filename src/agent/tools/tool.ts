import type { z } from 'zod';
import type { AgentConfig } from '../../business/agents/agent-config.ts';
import type { CallId, TenantId } from '../../platform/ids.ts';
import type { Db } from '../../platform/db.ts';

/**
 * One thing the agent can do. `run` works through a business service; tenant, caller and call come from the context,
 * never from the model. Throwing NotFound, Conflict or InvalidInput is a refusal the model is told about; any other
 * error is a failure.
 */
export interface Tool<Schema extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** Told to the model: what it does, when to use it. */
  readonly description: string;
  readonly schema: Schema;
  /**
   * `write`: runs inside one transaction with its entry in the idempotency ledger, and is allowed to finish when the
   * caller hangs up. `read`: may be cut and repeated.
   */
  readonly effect: 'read' | 'write' | 'call-control';
  /** Said when the tool takes longer than a second. */
  readonly fillerLine?: string;
  readonly deadlineMs?: number;
  run(args: z.output<Schema>, context: ToolContext): Promise<ToolOutcome>;
}

export interface ToolContext {
  readonly tenantId: TenantId;
  readonly callId: CallId;
  /** E.164, or undefined when withheld. */
  readonly callerPhone: string | undefined;
  readonly agent: AgentConfig;
  /** IANA zone of the business. */
  readonly timeZone: string;
  readonly now: Date;
  /** Already inside the tenant's transaction. */
  readonly db: Db;
}

export interface ToolOutcome {
  /** JSON for the model: short, with everything it may say. */
  readonly result: unknown;
  /** What the call must do once the agent has finished speaking. */
  readonly action?: CallAction;
}

export type CallAction =
  | { readonly type: 'end-call' }
  | { readonly type: 'transfer'; readonly targetId: string };
