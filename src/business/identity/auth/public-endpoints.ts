import type { FastifyRequest } from 'fastify';
import type { RateLimit } from '../../../platform/http/rate-limits.ts';
import type { Client } from '../sessions/sessions.ts';
import { clientOf } from './address-limits.ts';
import { toSignedIn } from './auth-answers.ts';
import type { AuthDependencies, SignedIn } from './enter.ts';

/** Properties of an endpoint without authentication, with its rate limit. */
export function publicPost(tag: string, rateLimit: RateLimit) {
  return { method: 'POST', needs: 'public', limits: { rateLimit }, tag } as const;
}

/** The handler of an endpoint that authenticates a person and returns a session. */
export function signInBy<Proof>(
  dependencies: AuthDependencies,
  way: (dependencies: AuthDependencies, proof: Proof, client: Client) => Promise<SignedIn>,
) {
  return async ({ request, body }: { readonly request: FastifyRequest; readonly body: Proof }) =>
    toSignedIn(await way(dependencies, body, clientOf(request)));
}

/** The response of an endpoint that sends a message, which does not reveal whether an account exists. */
export async function accepted(sending: Promise<void>) {
  await sending;
  return { status: 'accepted' } as const;
}
