import type { Tool } from '../agent/tools/tools.ts';
import type { ChatParts } from '../chat/chat.ts';
import { findApiKey, UsageMeter } from '../business/identity/api-keys/api-keys.ts';
import { findMemberActor } from '../business/identity/members/members.ts';
import { findStaffActor } from '../business/identity/staff/staff.ts';
import { TenantStreams } from '../business/tenancy/live/live.ts';
import { Credentials, type SessionTokens } from '../business/tenancy/access/access.ts';
import type { Tenancy } from '../business/tenancy/tenancy.ts';
import type { HttpServer } from '../platform/http/http.ts';
import { RateLimits } from '../platform/http/rate-limits.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { Vendor } from '../vendors/vendors.ts';
import { agentCatalogueOf } from './agent-catalogue.ts';
import { allEndpoints, type EndpointParts } from './all-endpoints.ts';
import type { Base } from './base.ts';
import type { Calls } from './calls.ts';
import type { Vendors } from './connect-vendors.ts';
import type { Knowledge } from './knowledge.ts';
import type { Records } from './records.ts';
import { registerRestRoutes } from './rest-routes.ts';
import { openSignIn } from './sign-in.ts';

/**
 * The REST API with its documentation, and the console page. It is disposed of after the HTTP server it is registered
 * on.
 */
export interface Api extends AsyncDisposable {
  register(http: HttpServer): Promise<void>;
}

export interface ApiParts {
  readonly records: Pick<Records, 'tenancy' | 'storage' | 'liveEvents'>;
  readonly vendors: Pick<Vendors, 'senders' | 'identityProvider'> & Pick<EndpointParts, 'carrier'>;
  readonly vendorList: readonly Vendor[];
  /** Instead of all there are. */
  readonly toolList?: readonly Tool[] | undefined;
  readonly knowledge: Pick<Knowledge, 'search'>;
  readonly chats: ChatParts;
  /** Live calls of this process; `noCalls` in a process that answers none. */
  readonly calls: Pick<Calls, 'live' | 'liveRecords'>;
}

export function openApi(base: Pick<Base, 'config' | 'clock' | 'logger'>, parts: ApiParts): Api {
  const { config, clock, logger } = base;
  const { records, vendors, vendorList, toolList, knowledge, chats, calls } = parts;
  const { tenancy } = records;
  const stack = new AsyncDisposableStack();
  const rateLimits = stack.use(new RateLimits({ redisUrl: config.redisUrl, logger }));
  const usage = stack.use(new UsageMeter({ tenancy, clock, logger }));
  const signIn = stack.use(openSignIn(base, vendors));
  const streams = new TenantStreams(clock);
  const endpoints = allEndpoints({
    config,
    clock,
    logger,
    records,
    carrier: vendors.carrier,
    catalogue: agentCatalogueOf(vendorList, toolList),
    signIn,
    usage,
    liveCalls: calls.live,
    liveRecords: calls.liveRecords,
    streams,
    knowledgeSearch: knowledge.search,
    chats,
  });
  const credentials = credentialsOf(tenancy, signIn.tokens, clock);
  return {
    async register(http) {
      // Closing the server waits for requests in flight, and an event stream does not end by itself.
      http.addHook('preClose', async () => streams.close());
      const guard = { config, clock, records, credentials, usage, rateLimits };
      await registerRestRoutes(http, endpoints, guard);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Looks credentials up in identity, which `access` may not import. */
function credentialsOf(tenancy: Tenancy, tokens: SessionTokens, clock: Clock): Credentials {
  return new Credentials({
    tokens,
    clock,
    findKey: (presented) => findApiKey(tenancy, presented),
    findMember: (claims) => tenancy.run(claims, (tx) => findMemberActor(tx, claims)),
    findStaff: (claims) => tenancy.system((tx) => findStaffActor(tx, claims, clock.date())),
  });
}
