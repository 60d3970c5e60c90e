import type { Logger } from 'pino';
import { deleteToolCalls } from '../agent/tools/tools.ts';
import { companyEndpoints } from '../business/catalog/company/company.ts';
import { openingHoursEndpoints } from '../business/catalog/opening-hours/opening-hours.ts';
import { productEndpoints } from '../business/catalog/products/products.ts';
import { resourceEndpoints } from '../business/catalog/resources/resources.ts';
import { serviceEndpoints } from '../business/catalog/services/services.ts';
import { customerEndpoints } from '../business/customers/customers.ts';
import { bookingEndpoints } from '../business/desk/bookings/bookings.ts';
import { messageEndpoints } from '../business/desk/messages/messages.ts';
import { orderEndpoints } from '../business/desk/orders/orders.ts';
import { ticketEndpoints } from '../business/desk/tickets/tickets.ts';
import { apiKeyEndpoints, type UsageMeter } from '../business/identity/api-keys/api-keys.ts';
import { authEndpoints } from '../business/identity/auth/auth.ts';
import { memberEndpoints, refuseUnlessMember } from '../business/identity/members/members.ts';
import { sessionEndpoints } from '../business/identity/sessions/sessions.ts';
import { staffEndpoints } from '../business/identity/staff/staff.ts';
import { knowledgeEndpoints, type KnowledgeSearch } from '../business/knowledge/knowledge.ts';
import { type AgentCatalogue, agentEndpoints } from '../business/line/agents/agents.ts';
import {
  countNumbersOfAgent,
  numberEndpoints,
  numberLinkEndpoints,
} from '../business/line/numbers/numbers.ts';
import { alertEndpoints } from '../business/record/alerts/alerts.ts';
import { analyticsEndpoints } from '../business/record/analytics/analytics.ts';
import {
  callEndpoints,
  callExists,
  hasCallsOfAgent,
  type LiveCalls,
  liveEndpoints,
  type LiveRecordFeed,
  readNumberUsage,
  recordingEndpoints,
  RecordingLinks,
} from '../business/record/calls/calls.ts';
import { aboutEndpoint } from '../business/record/console/console.ts';
import { conversationEndpoints } from '../business/record/conversations/conversations.ts';
import type { AnyEndpoint } from '../business/tenancy/access/access.ts';
import { eventStreamEndpoints, type TenantStreams } from '../business/tenancy/live/live.ts';
import { auditEndpoints } from '../business/tenancy/audit/audit.ts';
import { type ChatParts, chatEndpoints } from '../chat/chat.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { Config } from './config.ts';
import type { Vendors } from './connect-vendors.ts';
import { customerHoldings } from './customer-holdings.ts';
import { platformFigures } from './platform-figures.ts';
import type { Records } from './records.ts';
import type { SignIn } from './sign-in.ts';

/** Dependencies of the endpoints. */
export interface EndpointParts {
  readonly config: Pick<Config, 'publicUrl' | 'simulated' | 'tokenSecret'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly records: Pick<Records, 'tenancy' | 'storage' | 'liveEvents'>;
  readonly carrier: Pick<Vendors['carrier'], 'numbers' | 'webhooks' | 'isSimulated'>;
  readonly catalogue: AgentCatalogue;
  readonly signIn: SignIn;
  readonly usage: Pick<UsageMeter, 'flush'>;
  readonly liveCalls: LiveCalls;
  readonly liveRecords: LiveRecordFeed;
  readonly streams: TenantStreams;
  readonly knowledgeSearch: KnowledgeSearch;
  readonly chats: ChatParts;
}

/** Every operation of the REST API, room by room. */
export function allEndpoints(parts: EndpointParts): readonly AnyEndpoint[] {
  const { config, clock, logger, carrier, catalogue, signIn, usage } = parts;
  const { liveCalls, liveRecords, streams, knowledgeSearch, chats } = parts;
  const { tenancy, storage, liveEvents } = parts.records;
  const { publicUrl, simulated, tokenSecret } = config;
  const { tokens, passwords, codes, deliveries, notifier, google } = signIn;
  const links = new RecordingLinks({ tokenSecret, clock });
  return [
    ...auditEndpoints,
    ...eventStreamEndpoints({ liveEvents, streams }),
    ...authEndpoints({ tenancy, clock, tokens, passwords, codes, deliveries, publicUrl, google }),
    ...sessionEndpoints({ tenancy }),
    ...memberEndpoints({ tenancy, notifier }),
    ...apiKeyEndpoints({ tenancy, usage, publicUrl }),
    ...staffEndpoints({ tenancy, clock, tokens, passwords, figures: platformFigures }),
    ...customerEndpoints({ tenancy, storage, holdings: customerHoldings }),
    ...companyEndpoints,
    ...openingHoursEndpoints,
    ...productEndpoints,
    ...resourceEndpoints,
    ...serviceEndpoints,
    ...bookingEndpoints(desk),
    ...messageEndpoints(desk),
    ...orderEndpoints(desk),
    ...ticketEndpoints(desk),
    ...agentEndpoints({ catalogue, uses: usesOfAgents }),
    ...numberLinkEndpoints,
    ...numberEndpoints({
      tenancy,
      logger,
      carrier: carrier.numbers,
      webhooks: carrier.webhooks,
      isCarrierSimulated: carrier.isSimulated,
      readUsage: readNumberUsage,
    }),
    ...callEndpoints({ tenancy, storage, deleteToolCalls }),
    ...liveEndpoints({ liveCalls, liveRecords, streams }),
    ...recordingEndpoints({ tenancy, storage, links, publicUrl }),
    ...conversationEndpoints,
    ...alertEndpoints,
    ...analyticsEndpoints,
    aboutEndpoint({ simulated }),
    ...knowledgeEndpoints({ tenancy, storage, knowledgeSearch }),
    ...chatEndpoints(chats),
  ];
}

/** Functions of higher rooms that the desk calls and may not import. */
const desk = { callExists, checkAssignee: refuseUnlessMember };

/** Functions of higher rooms that agents call, before one is removed, and may not import. */
const usesOfAgents = { hasCalls: hasCallsOfAgent, countNumbers: countNumbersOfAgent };
