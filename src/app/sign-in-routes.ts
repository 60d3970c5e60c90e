import { authEndpoints, Deliveries, OneTimeCodes, resetPage } from '../business/identity/auth/auth.ts';
import { memberEndpoints } from '../business/identity/members/members.ts';
import { sessionEndpoints } from '../business/identity/sessions/sessions.ts';
import { staffEndpoints } from '../business/identity/staff/staff.ts';
import { serveEndpoints } from '../business/tenancy/access/access.ts';
import { Passwords } from '../platform/crypto/password.ts';
import type { HttpServer } from '../platform/http/http.ts';
import { platformFigures } from './platform-figures.ts';
import type { RestDependencies, SignInDependencies } from './rest-dependencies.ts';

/** Everybody's ways in: members, and the platform's staff. */
export async function registerSignIn(
  app: HttpServer,
  dependencies: RestDependencies & SignInDependencies,
): Promise<void> {
  const { publicUrl, corsOrigins, tokenSecret, passwords = new Passwords() } = dependencies;
  const deliveries = new Deliveries(dependencies);
  app.addHook('onClose', () => deliveries[Symbol.asyncDispose]());
  const auth = { ...dependencies, passwords, deliveries, codes: new OneTimeCodes({ tokenSecret }) };
  const redirectOrigins = [new URL(publicUrl).origin, ...corsOrigins];
  const google =
    dependencies.google === undefined ? undefined : { ...auth, google: dependencies.google, redirectOrigins };
  const endpoints = [
    ...authEndpoints({ ...auth, google }),
    ...sessionEndpoints(dependencies),
    ...memberEndpoints(dependencies),
    ...staffEndpoints({ ...auth, figures: platformFigures }),
  ];
  serveEndpoints(app, endpoints, dependencies);
  await app.register(resetPage);
}
