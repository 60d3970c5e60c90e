import type { ChatParts } from '../chat/chat.ts';
import { SessionTokens } from '../business/tenancy/access/access.ts';
import type { HttpServer } from '../platform/http/http.ts';
import { RateLimits } from '../platform/http/rate-limits.ts';
import type { Vendor } from '../vendors/vendors.ts';
import { agentCatalogueOf } from './agent-catalogue.ts';
import type { Base } from './base.ts';
import type { Calls } from './calls.ts';
import { connectSenders } from './connect-senders.ts';
import type { Vendors } from './connect-vendors.ts';
import type { Knowledge } from './knowledge.ts';
import type { Records } from './records.ts';
import { registerRestRoutes } from './rest-routes.ts';

/** The REST interface with its documentation, and the console. */
export interface Api extends AsyncDisposable {
  register(http: HttpServer): Promise<void>;
}

interface ApiParts {
  readonly records: Records;
  readonly vendors: Vendors;
  readonly vendorList: readonly Vendor[];
  readonly knowledge: Knowledge;
  readonly chats: ChatParts;
  /** Of this process; empty where it answers none. */
  readonly calls: Pick<Calls, 'live' | 'liveRecords'>;
}

export function openApi({ config, clock, logger }: Base, parts: ApiParts): Api {
  const { records, vendors, vendorList, knowledge, chats, calls } = parts;
  const { database, tenancy, storage } = records;
  const { tokenSecret, publicUrl, simulated, corsOrigins, limits, redisUrl } = config;
  const rateLimits = new RateLimits({ redisUrl, logger });
  return {
    register: (http) =>
      registerRestRoutes(http, {
        db: database.db,
        tenancy,
        clock,
        logger,
        tokens: new SessionTokens({ tokenSecret, clock }),
        storage,
        knowledgeSearch: knowledge.search,
        liveCalls: calls.live,
        liveRecords: calls.liveRecords,
        tokenSecret,
        notifier: connectSenders(vendors.senders, config, logger),
        google: vendors.identityProvider,
        publicUrl,
        simulated,
        corsOrigins,
        agentCatalogue: agentCatalogueOf(vendorList),
        chats,
        numberCarrier: vendors.carrier.numbers,
        numberWebhooks: vendors.carrier.webhooks,
        rateLimits,
        keyRequestsPerMinute: limits.keyRequestsPerMinute,
        isCarrierSimulated: vendors.carrier.isSimulated,
      }),
    [Symbol.asyncDispose]: async () => rateLimits[Symbol.asyncDispose](),
  };
}
