import cookie from '@fastify/cookie';
import { countUsage, limitKeys, type UsageMeter } from '../business/identity/api-keys/api-keys.ts';
import { resetPage } from '../business/identity/auth/auth.ts';
import { recordImpersonatedRequests } from '../business/identity/staff/staff.ts';
import { consolePage } from '../business/record/console/console.ts';
import {
  type AnyEndpoint,
  type Credentials,
  guardRoutes,
  replayIdempotentRequests,
  serveEndpoints,
} from '../business/tenancy/access/access.ts';
import { allowOrigins } from '../platform/http/cors.ts';
import type { HttpServer } from '../platform/http/http.ts';
import { limitAddresses, type RateLimits } from '../platform/http/rate-limits.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { Config } from './config.ts';
import { registerOpenApi } from './openapi.ts';
import type { Records } from './records.ts';

/** Dependencies of the guard, the rate limits and the idempotency of requests. */
export interface RestParts {
  readonly config: Pick<Config, 'publicUrl' | 'corsOrigins' | 'limits'>;
  readonly clock: Clock;
  readonly records: Pick<Records, 'tenancy'>;
  readonly credentials: Credentials;
  readonly usage: UsageMeter;
  readonly rateLimits: RateLimits;
}

/** Registers the endpoints with their guard and documentation, and the two pages. */
export async function registerRestRoutes(
  http: HttpServer,
  endpoints: readonly AnyEndpoint[],
  parts: RestParts,
): Promise<void> {
  const { config, clock, credentials, usage, rateLimits } = parts;
  const { tenancy } = parts.records;
  const { publicUrl, corsOrigins, limits } = config;
  await registerOpenApi(http, { publicUrl });
  await http.register(cookie);
  await allowOrigins(http, corsOrigins);
  guardRoutes(http, credentials);
  recordImpersonatedRequests(http, { tenancy });
  countUsage(http, usage);
  limitAddresses(http, rateLimits);
  limitKeys(http, rateLimits, limits.keyRequestsPerMinute);
  replayIdempotentRequests(http, { tenancy, clock });
  serveEndpoints(http, endpoints, { tenancy, clock });
  await http.register(resetPage);
  await http.register(consolePage, { tenancy, publicUrl });
}
