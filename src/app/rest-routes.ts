import type { RestDependencies } from './rest-dependencies.ts';
import cookie from '@fastify/cookie';
import {
  Credentials,
  guardRoutes,
  replayIdempotentRequests,
  serveEndpoints,
} from '../business/tenancy/access/access.ts';
import {
  apiKeyEndpoints,
  countUsage,
  findApiKey,
  limitKeys,
  UsageMeter,
} from '../business/identity/api-keys/api-keys.ts';
import { agentEndpoints } from '../business/line/agents/agents.ts';
import { analyticsEndpoints } from '../business/record/analytics/analytics.ts';
import { alertEndpoints } from '../business/record/alerts/alerts.ts';
import { auditEndpoints } from '../business/tenancy/audit/audit.ts';
import { customerEndpoints } from '../business/customers/customers.ts';
import { customerHoldings } from './customer-holdings.ts';
import { conversationEndpoints } from '../business/record/conversations/conversations.ts';
import { companyEndpoints } from '../business/catalog/company/company.ts';
import { aboutEndpoint, consolePage } from '../business/record/console/console.ts';
import {
  callEndpoints,
  callExists,
  hasCallsOfAgent,
  liveEndpoints,
  LiveStreams,
  readNumberUsage,
  recordingEndpoints,
} from '../business/record/calls/calls.ts';
import { bookingEndpoints } from '../business/desk/bookings/bookings.ts';
import { deleteToolCalls } from '../agent/tools/tools.ts';
import { chatEndpoints } from '../chat/chat.ts';
import { findMemberActor, refuseUnlessMember } from '../business/identity/members/members.ts';
import { findStaffActor, recordImpersonatedRequests } from '../business/identity/staff/staff.ts';
import { openingHoursEndpoints } from '../business/catalog/opening-hours/opening-hours.ts';
import { messageEndpoints } from '../business/desk/messages/messages.ts';
import { orderEndpoints } from '../business/desk/orders/orders.ts';
import { productEndpoints } from '../business/catalog/products/products.ts';
import { ticketEndpoints } from '../business/desk/tickets/tickets.ts';
import { resourceEndpoints } from '../business/catalog/resources/resources.ts';
import { serviceEndpoints } from '../business/catalog/services/services.ts';
import {
  countNumbersOfAgent,
  numberEndpoints,
  numberLinkEndpoints,
} from '../business/line/numbers/numbers.ts';
import { knowledgeEntryRoutes } from '../business/knowledge/sources/entry-endpoints.ts';
import { knowledgeFileRoutes } from '../business/knowledge/sources/file-endpoints.ts';
import { knowledgeEndpoints } from '../business/knowledge/knowledge.ts';
import { allowOrigins } from '../platform/http/cors.ts';
import { limitAddresses } from '../platform/http/rate-limits.ts';
import type { HttpServer } from '../platform/http/http.ts';
import { registerSignIn } from './sign-in-routes.ts';
import { registerOpenApi } from './openapi.ts';

/** Every module's routes, behind one guard. */
export async function registerRestRoutes(app: HttpServer, dependencies: RestDependencies): Promise<void> {
  await registerOpenApi(app, dependencies);
  await app.register(cookie);
  await allowOrigins(app, dependencies.corsOrigins);
  const { tenancy, clock } = dependencies;
  const credentials = new Credentials({
    ...dependencies,
    findKey: (presented) => findApiKey(tenancy, presented),
    findMember: (claims) => tenancy.run(claims, (tx) => findMemberActor(tx, claims)),
    findStaff: (claims) => tenancy.system((tx) => findStaffActor(tx, claims, clock.date())),
  });
  guardRoutes(app, credentials);
  recordImpersonatedRequests(app, dependencies);
  const usage = new UsageMeter(dependencies);
  countUsage(app, usage);
  limitAddresses(app, dependencies.rateLimits);
  limitKeys(app, dependencies.rateLimits, dependencies.keyRequestsPerMinute);
  replayIdempotentRequests(app, dependencies);
  await registerSignIn(app, dependencies);
  serveEndpoints(app, apiKeyEndpoints({ ...dependencies, usage }), dependencies);
  serveEndpoints(app, alertEndpoints, dependencies);
  serveEndpoints(app, auditEndpoints, dependencies);
  serveEndpoints(app, bookingEndpoints(desk), dependencies);
  registerCalls(app, dependencies);
  serveEndpoints(app, conversationEndpoints, dependencies);
  serveEndpoints(app, customerEndpoints({ ...dependencies, holdings: customerHoldings }), dependencies);
  serveEndpoints(app, companyEndpoints, dependencies);
  serveEndpoints(app, analyticsEndpoints, dependencies);
  serveEndpoints(app, openingHoursEndpoints, dependencies);
  serveEndpoints(app, messageEndpoints(desk), dependencies);
  serveEndpoints(app, orderEndpoints(desk), dependencies);
  serveEndpoints(app, productEndpoints, dependencies);
  serveEndpoints(app, resourceEndpoints, dependencies);
  serveEndpoints(app, serviceEndpoints, dependencies);
  serveEndpoints(app, ticketEndpoints(desk), dependencies);
  await app.register(knowledgeEntryRoutes, dependencies);
  await app.register(knowledgeFileRoutes, dependencies);
  serveEndpoints(app, knowledgeEndpoints(dependencies), dependencies);
  registerLine(app, dependencies);
  serveEndpoints(app, [aboutEndpoint(dependencies)], dependencies);
  await app.register(consolePage, dependencies);
}

/** The record of calls, their audio, and those going on now. */
function registerCalls(app: HttpServer, dependencies: RestDependencies): void {
  const { liveCalls, liveRecords, clock } = dependencies;
  const liveStreams = new LiveStreams(liveRecords, clock);
  // Closing waits for requests in flight, and these have no end of their own.
  app.addHook('preClose', async () => liveStreams.close());
  serveEndpoints(app, callEndpoints({ ...dependencies, deleteToolCalls }), dependencies);
  serveEndpoints(app, liveEndpoints({ liveCalls, liveStreams }), dependencies);
  serveEndpoints(app, recordingEndpoints(dependencies), dependencies);
}

/** What the desk asks of rooms that it does not know. */
const desk = { callExists, checkAssignee: refuseUnlessMember };

/** What agents ask of the calls and numbers that name them. */
const usesOfAgents = { hasCalls: hasCallsOfAgent, countNumbers: countNumbersOfAgent };

/** Numbers, and the agents that answer them. */
function registerLine(app: HttpServer, dependencies: RestDependencies): void {
  const { tenancy, logger, chats } = dependencies;
  const catalogue = dependencies.agentCatalogue;
  serveEndpoints(app, agentEndpoints({ catalogue, uses: usesOfAgents }), dependencies);
  serveEndpoints(app, chatEndpoints(chats), dependencies);
  serveEndpoints(app, numberLinkEndpoints, dependencies);
  serveEndpoints(
    app,
    numberEndpoints({
      tenancy,
      logger,
      carrier: dependencies.numberCarrier,
      webhooks: dependencies.numberWebhooks,
      isCarrierSimulated: dependencies.isCarrierSimulated,
      readUsage: readNumberUsage,
    }),
    dependencies,
  );
}
