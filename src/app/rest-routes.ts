import type { Logger } from 'pino';
import { Credentials } from '../business/access/credentials.ts';
import { replayIdempotentRequests } from '../business/access/idempotency.ts';
import { guardRoutes } from '../business/access/route-access.ts';
import { countUsage } from '../business/api-keys/count-usage.ts';
import { limitKeys } from '../business/api-keys/request-limit.ts';
import { apiKeyRoutes } from '../business/api-keys/routes.ts';
import { UsageMeter } from '../business/api-keys/usage-meter.ts';
import { auditRoutes } from '../business/audit/routes.ts';
import { alertRoutes } from '../business/alerts/routes.ts';
import { companyRoutes } from '../business/company/routes.ts';
import { consoleRoutes } from '../business/calls/console-routes.ts';
import type { LiveCalls, LiveRecordFeed } from '../business/calls/live-calls.ts';
import { liveRoutes } from '../business/calls/live-routes.ts';
import { recordingRoutes } from '../business/calls/recording-routes.ts';
import { callRoutes } from '../business/calls/routes.ts';
import { memberRoutes } from '../business/members/routes.ts';
import { ticketRoutes } from '../business/tickets/routes.ts';
import type { Clock } from '../platform/clock.ts';
import { allowOrigins } from '../platform/cors.ts';
import type { Db } from '../platform/db.ts';
import type { VendorName } from '../platform/errors.ts';
import type { HttpServer } from '../platform/http.ts';
import type { Notifier } from '../platform/notify.ts';
import type { SessionTokens } from '../platform/session-token.ts';
import type { Storage } from '../platform/storage.ts';
import { registerOpenApi } from './openapi.ts';

/** What the routes of all modules are made of; each takes its slice. */
export interface RestDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tokens: SessionTokens;
  readonly storage: Storage;
  readonly liveCalls: LiveCalls;
  readonly liveRecords: LiveRecordFeed;
  /** What signed addresses are signed with, through keys of their own. */
  readonly tokenSecret: string;
  readonly notifier: Notifier;
  readonly publicUrl: string;
  readonly simulated: readonly VendorName[];
  readonly corsOrigins: readonly string[];
  readonly keyRequestsPerMinute: number;
}

/** Every module's routes, behind one guard. */
export async function registerRestRoutes(app: HttpServer, dependencies: RestDependencies): Promise<void> {
  await registerOpenApi(app, dependencies);
  allowOrigins(app, dependencies.corsOrigins);
  const credentials = new Credentials(dependencies);
  guardRoutes(app, credentials);
  const usage = new UsageMeter(dependencies);
  countUsage(app, usage);
  limitKeys(app, { clock: dependencies.clock, requestsPerMinute: dependencies.keyRequestsPerMinute });
  replayIdempotentRequests(app, dependencies);
  await app.register(memberRoutes, dependencies);
  await app.register(apiKeyRoutes, { ...dependencies, usage });
  await app.register(auditRoutes, dependencies);
  await app.register(alertRoutes, dependencies);
  await app.register(callRoutes, dependencies);
  await app.register(liveRoutes, dependencies);
  await app.register(recordingRoutes, dependencies);
  await app.register(companyRoutes, dependencies);
  await app.register(ticketRoutes, dependencies);
  await app.register(consoleRoutes, dependencies);
}
