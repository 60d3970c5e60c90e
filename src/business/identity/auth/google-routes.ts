import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { problemSchema } from '../../../platform/http/problem.ts';
import { creating } from '../../tenancy/access/responses.ts';
import { addressLimits, clientOf } from './address-limits.ts';
import { finishGoogleSignIn, type GoogleDependencies, startGoogleSignIn } from './google-sign-in.ts';
import {
  googleAnswerSchema,
  googleStartedSchema,
  googleStartSchema,
  presentSignedIn,
  signedInSchema,
} from './schema.ts';

const tags = ['Signing in with Google'];
const config = { access: 'public', rateLimit: addressLimits.signIn } as const;
const refused = { ...creating, 502: problemSchema };

/** Two steps around the page at Google: where to go, and what came back from there. */
export const googleRoutes: FastifyPluginAsyncZod<GoogleDependencies> = async (app, dependencies) => {
  app.post(
    '/v1/auth/google/start',
    {
      config,
      schema: {
        tags,
        summary: 'Begin: where to send the browser',
        body: googleStartSchema,
        response: { 200: googleStartedSchema, ...refused },
      },
    },
    (request) => startGoogleSignIn(dependencies, request.body.redirectUri),
  );

  app.post(
    '/v1/auth/google/finish',
    {
      config,
      schema: {
        tags,
        summary: 'Finish, with what Google put into the address; whoever is new gets a business (201)',
        body: googleAnswerSchema,
        response: { 200: signedInSchema, 201: signedInSchema, ...refused },
      },
    },
    async (request, reply) => {
      const signedIn = await finishGoogleSignIn(dependencies, request.body, clientOf(request));
      return reply.code(signedIn.isNew ? 201 : 200).send(presentSignedIn(signedIn));
    },
  );
};
