import type { Logger } from 'pino';
import type { SessionTokens } from '../business/tenancy/access/access.ts';
import type { AgentCatalogue } from '../business/line/agents/agents.ts';
import type { LiveCalls, LiveRecordFeed } from '../business/record/calls/calls.ts';
import type { ChatParts } from '../chat/chat.ts';
import type { Tenancy } from '../business/tenancy/tenancy.ts';
import type { NumberCarrier, NumberWebhooks } from '../business/line/numbers/numbers.ts';
import type { KnowledgeSearch } from '../business/knowledge/knowledge.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { RateLimits } from '../platform/http/rate-limits.ts';
import type { Db } from '../platform/data/db.ts';
import type { Notifier } from '../business/identity/notices/notices.ts';
import type { Storage } from '../platform/data/storage.ts';
import type { IdentityProvider } from '../business/identity/auth/auth.ts';
import type { Passwords } from '../platform/crypto/password.ts';

/** What signing in needs besides what every module gets. */
export interface SignInDependencies {
  readonly google?: IdentityProvider | undefined;
  /** One pool for the process; made here unless given. */
  readonly passwords?: Passwords;
}

/** What the routes of all modules are made of; each takes its slice. */
export interface RestDependencies extends SignInDependencies {
  readonly db: Db;
  readonly tenancy: Tenancy;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tokens: SessionTokens;
  readonly storage: Storage;
  readonly knowledgeSearch: KnowledgeSearch;
  readonly liveCalls: LiveCalls;
  readonly liveRecords: LiveRecordFeed;
  /** What signed addresses are signed with, through keys of their own. */
  readonly tokenSecret: string;
  readonly notifier: Notifier;
  readonly publicUrl: string;
  readonly simulated: readonly string[];
  readonly corsOrigins: readonly string[];
  readonly agentCatalogue: AgentCatalogue;
  readonly chats: ChatParts;
  readonly numberCarrier: NumberCarrier;
  readonly numberWebhooks: NumberWebhooks;
  readonly rateLimits: RateLimits;
  readonly keyRequestsPerMinute: number;
  readonly isCarrierSimulated: boolean;
}
