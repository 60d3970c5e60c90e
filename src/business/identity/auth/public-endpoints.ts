import type { FastifyRequest } from 'fastify';
import type { RateLimit } from '../../../platform/http/rate-limits.ts';
import type { Client } from '../sessions/sessions.ts';
import { clientOf } from './address-limits.ts';
import { toSignedIn } from './auth-answers.ts';
import type { AuthDependencies, SignedIn } from './enter.ts';

/** To be spread into an endpoint for people who are not signed in: it says how often an address may use it. */
export function publicPost(tag: string, rateLimit: RateLimit) {
  return { method: 'POST', needs: 'public', limits: { rateLimit }, tag } as const;
}

/** The handler of an endpoint at which somebody proves who they are, and is answered with a session. */
export function signInBy<Proof>(
  dependencies: AuthDependencies,
  way: (dependencies: AuthDependencies, proof: Proof, client: Client) => Promise<SignedIn>,
) {
  return async ({ request, body }: { readonly request: FastifyRequest; readonly body: Proof }) =>
    toSignedIn(await way(dependencies, body, clientOf(request)));
}

/** The answer of an endpoint that sends a message, which does not tell whether anybody gets it. */
export async function accepted(sending: Promise<void>) {
  await sending;
  return { status: 'accepted' } as const;
}
