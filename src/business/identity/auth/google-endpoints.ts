import { problemSchema } from '../../../platform/http/problem.ts';
import { answer, type AnyEndpoint, rawEndpoint } from '../../tenancy/access/access.ts';
import { addressLimits, clientOf } from './address-limits.ts';
import { googleStartedSchema, signedInSchema, toSignedIn } from './auth-answers.ts';
import { googleAnswerSchema, googleStartSchema } from './auth-requests.ts';
import { finishGoogleSignIn, type GoogleDependencies, startGoogleSignIn } from './google-sign-in.ts';
import { publicPost } from './public-endpoints.ts';

const common = { ...publicPost('Signing in with Google', addressLimits.signIn), noStore: true };

/** The two steps of signing in with Google: start with its URL, and finish with its answer. */
export function googleEndpoints(dependencies: GoogleDependencies): readonly AnyEndpoint[] {
  return [
    rawEndpoint({
      ...common,
      path: '/v1/auth/google/start',
      summary: 'Begin: where to send the browser',
      body: googleStartSchema,
      answers: { 200: googleStartedSchema, 502: problemSchema },
      handle: ({ body }) => startGoogleSignIn(dependencies, body.redirectUri),
    }),
    rawEndpoint({
      ...common,
      path: '/v1/auth/google/finish',
      summary: 'Finish, with what Google put into the address; whoever is new gets a business (201)',
      body: googleAnswerSchema,
      answers: { 200: signedInSchema, 201: signedInSchema, 502: problemSchema },
      async handle({ request, body }) {
        const signedIn = await finishGoogleSignIn(dependencies, body, clientOf(request));
        return answer(signedIn.isNew ? 201 : 200, toSignedIn(signedIn));
      },
    }),
  ];
}
