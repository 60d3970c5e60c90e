import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { IdentityProvider } from '../business/identity/auth/identity-provider.ts';
import { Deliveries } from '../business/identity/auth/deliveries.ts';
import { OneTimeCodes } from '../business/identity/auth/one-time-codes.ts';
import { authRoutes } from '../business/identity/auth/routes.ts';
import { platformRoutes } from '../business/identity/staff/routes.ts';
import { sessionRoutes } from '../business/identity/sessions/routes.ts';
import { Passwords } from '../platform/crypto/password.ts';
import type { RestDependencies } from './rest-routes.ts';

/** What signing in needs besides what every module gets. */
export interface SignInDependencies {
  readonly google?: IdentityProvider | undefined;
  /** One pool for the process; made here unless given. */
  readonly passwords?: Passwords;
}

/** Everybody's ways in: members, and the platform's staff. */
export const signInRoutes: FastifyPluginAsyncZod<RestDependencies & SignInDependencies> = async (
  app,
  dependencies,
) => {
  const { publicUrl, corsOrigins, tokenSecret, passwords = new Passwords() } = dependencies;
  const deliveries = new Deliveries(dependencies);
  app.addHook('onClose', () => deliveries[Symbol.asyncDispose]());
  const auth = { ...dependencies, passwords, deliveries, codes: new OneTimeCodes({ tokenSecret }) };
  const redirectOrigins = [new URL(publicUrl).origin, ...corsOrigins];
  const google =
    dependencies.google === undefined ? undefined : { ...auth, google: dependencies.google, redirectOrigins };
  await app.register(authRoutes, { ...auth, google });
  await app.register(sessionRoutes, dependencies);
  await app.register(platformRoutes, auth);
};
