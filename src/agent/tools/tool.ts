import type { z } from 'zod';
import type { AgentConfig } from '../../business/line/agents/agents.ts';
import type { TenantId } from '../../platform/data/ids.ts';
import type { CallId, ChatId, ConversationId } from '../../business/tenancy/ids/ids.ts';
import type { TenantActor } from '../../business/tenancy/actor/actor.ts';
import type { Tx } from '../../business/tenancy/tenancy.ts';
import type { ChannelAbility } from '../channel.ts';
import type { KnowledgeLookup } from '../knowledge/knowledge.ts';

interface ToolDescription<Schema extends z.ZodObject> {
  readonly name: string;
  /** For the model: what the tool does and when to use it. */
  readonly description: string;
  readonly schema: Schema;
  readonly deadlineMs?: number;
  /** An ability of the channel without which the tool is not offered. */
  readonly needs?: ChannelAbility;
}

/**
 * A tool that works through a business service. Tenant, caller and call come from the context, never from the model.
 * Throwing NotFound, Conflict, Forbidden or InvalidInput is a refusal that is worded for the model; any other error is
 * a failure.
 */
export interface BusinessTool<Schema extends z.ZodObject = z.ZodObject> extends ToolDescription<Schema> {
  /**
   * `write`: runs inside one transaction with its entry in the idempotency ledger, and is allowed to finish when the
   * caller interrupts or hangs up. `read`: may be cut and repeated.
   */
  readonly effect: 'read' | 'write';
  /** For the model, instead of the general note when the system cannot be reached. */
  readonly failureNote?: string;
  run(args: z.output<Schema>, context: ToolContext): Promise<ToolOutcome>;
}

/** A tool that controls the call itself. It uses no database, so it works when the database is down. */
export interface CallControlTool<Schema extends z.ZodObject = z.ZodObject> extends ToolDescription<Schema> {
  readonly effect: 'call-control';
  run(args: z.output<Schema>, context: CallContext): ToolOutcome;
}

/**
 * A tool that may wait for a vendor. It runs without a transaction, because a connection that waits for a vendor would
 * be missing from the pool. May be cut and repeated.
 */
export interface LookUpTool<Schema extends z.ZodObject = z.ZodObject> extends ToolDescription<Schema> {
  readonly effect: 'look-up';
  /** For the model, instead of the general note when the system cannot be reached. */
  readonly failureNote?: string;
  run(args: z.output<Schema>, context: CallContext): Promise<ToolOutcome>;
}

/** One thing the agent can do. */
export type Tool = BusinessTool | LookUpTool | CallControlTool;

/** A call or a chat. Its id is part of the idempotency key of every write. */
export type Occasion =
  | { readonly callId: CallId; readonly chatId?: undefined }
  | { readonly callId?: undefined; readonly chatId: ChatId | ConversationId };

/** What is constant during a call or a chat, and is never taken from the model. */
export type Setting = Occasion & {
  readonly tenantId: TenantId;
  /** E.164, or undefined when withheld. */
  readonly callerPhone: string | undefined;
  /** E.164: the dialled number, whose country code is assumed for numbers that the caller gives without one. */
  readonly dialledPhone?: string;
  readonly agent: AgentConfig;
  /** IANA zone of the business. */
  readonly timeZone: string;
  /** Search of the knowledge base; undefined in processes that have none. */
  readonly knowledge?: KnowledgeLookup | undefined;
};

/** What a tool knows of the call or the chat. */
export type CallContext = Setting & { readonly now: Date };

export type ToolContext = CallContext & {
  /** The transaction of the tool's work; that of a write holds its entry in the ledger as well. */
  readonly tx: Tx;
  /** The agent as the actor of what the tool does. */
  readonly actor: TenantActor;
};

interface ToolOutcome {
  /** JSON for the model: short, and complete enough to answer from. */
  readonly result: unknown;
  /** What the call must do once the agent has finished speaking. */
  readonly action?: CallAction;
}

export type CallAction =
  | { readonly type: 'end-call' }
  | { readonly type: 'transfer'; readonly targetId: string };
