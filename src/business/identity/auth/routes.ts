import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Actor } from '../../tenancy/access/actor.ts';
import { actorOf, memberOf } from '../../tenancy/access/actor.ts';
import { changing, creating, reading } from '../../tenancy/access/responses.ts';
import { addressLimits, clientOf } from './address-limits.ts';
import { type AuthDependencies, describeMember, refresh, signOut, switchTenant } from './enter.ts';
import { type GoogleDependencies } from './google-sign-in.ts';
import { googleRoutes } from './google-routes.ts';
import { changePassword, signInByPassword } from './password-sign-in.ts';
import { forgotPassword, resetPassword } from './password-reset.ts';
import { phoneRoutes } from './phone-routes.ts';
import { resetPage } from './reset-page.ts';
import {
  changePasswordSchema,
  forgotPasswordSchema,
  invitedSignUpSchema,
  meSchema,
  presentMembership,
  presentPerson,
  presentSignedIn,
  presentTokens,
  refreshSchema,
  resetPasswordSchema,
  signedInSchema,
  signInSchema,
  signUpSchema,
  switchTenantSchema,
  tokensSchema,
} from './schema.ts';
import { signUpByEmail, signUpByInvitation } from './sign-up.ts';

const tags = ['Signing in'];

export interface AuthRoutesDependencies extends AuthDependencies {
  /** Undefined where sign-in with Google is not offered. */
  readonly google: GoogleDependencies | undefined;
}

/** How people come in, by each of the ways there are, and go out. */
export const authRoutes: FastifyPluginAsyncZod<AuthRoutesDependencies> = async (app, dependencies) => {
  await app.register(passwordRoutes, dependencies);
  await app.register(signedInRoutes, dependencies);
  await app.register(phoneRoutes, dependencies);
  await app.register(resetPage);
  if (dependencies.google !== undefined) await app.register(googleRoutes, dependencies.google);
};

const passwordRoutes: FastifyPluginAsyncZod<AuthDependencies> = async (app, dependencies) => {
  app.post(
    '/v1/auth/sign-up',
    {
      config: { access: 'public', rateLimit: addressLimits.signUp },
      schema: {
        tags,
        summary: 'Sign up with e-mail and password; makes the business and its owner',
        body: signUpSchema,
        response: { 201: signedInSchema, ...creating },
      },
    },
    async (request, reply) => {
      const signedIn = await signUpByEmail(dependencies, request.body, clientOf(request));
      return reply.code(201).send(presentSignedIn(signedIn));
    },
  );

  app.post(
    '/v1/auth/accept-invitation',
    {
      config: { access: 'public', rateLimit: addressLimits.signUp },
      schema: {
        tags,
        summary: 'Sign up with an invitation, into the business that invited',
        body: invitedSignUpSchema,
        response: { 201: signedInSchema, ...creating },
      },
    },
    async (request, reply) => {
      const signedIn = await signUpByInvitation(dependencies, request.body, clientOf(request));
      return reply.code(201).send(presentSignedIn(signedIn));
    },
  );

  app.post(
    '/v1/auth/sign-in',
    {
      config: { access: 'public', rateLimit: addressLimits.signIn },
      schema: {
        tags,
        summary: 'Sign in with e-mail and password',
        body: signInSchema,
        response: { 200: signedInSchema, ...reading },
      },
    },
    async (request) => presentSignedIn(await signInByPassword(dependencies, request.body, clientOf(request))),
  );

  app.post(
    '/v1/auth/forgot-password',
    {
      config: { access: 'public', rateLimit: addressLimits.message },
      schema: {
        tags,
        summary: 'Ask for a link to set a new password; the answer does not tell whether there is an account',
        body: forgotPasswordSchema,
        response: { 202: z.object({ status: z.literal('accepted') }), ...reading },
      },
    },
    async (request, reply) => {
      await forgotPassword(dependencies, request.body.email);
      return reply.code(202).send({ status: 'accepted' });
    },
  );

  app.post(
    '/v1/auth/reset-password',
    {
      config: { access: 'public', rateLimit: addressLimits.signIn, changesAccess: true },
      schema: {
        tags,
        summary: 'Set a new password with the token of a link; ends every session',
        body: resetPasswordSchema,
        response: { 204: z.null(), ...creating },
      },
    },
    async (request, reply) => {
      await resetPassword(dependencies, request.body);
      return reply.code(204).send(null);
    },
  );
};

const signedInRoutes: FastifyPluginAsyncZod<AuthDependencies> = async (app, dependencies) => {
  app.post(
    '/v1/auth/refresh',
    {
      config: { access: 'public', rateLimit: addressLimits.refresh, changesAccess: true },
      schema: {
        tags,
        summary: 'Exchange a refresh token, once, for the next pair of tokens',
        body: refreshSchema,
        response: { 200: tokensSchema, ...reading },
      },
    },
    async (request) =>
      presentTokens(await refresh(dependencies, request.body.refreshToken, clientOf(request))),
  );

  app.post(
    '/v1/auth/sign-out',
    {
      config: { access: 'signed-in', changesAccess: true },
      schema: { tags, summary: 'End this session', response: { 204: z.null(), ...changing } },
    },
    async (request, reply) => {
      await signOut(dependencies, memberOf(request));
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/v1/auth/switch-tenant',
    {
      config: { access: 'signed-in', changesAccess: true },
      schema: {
        tags,
        summary: 'Go on in another of your businesses; this session ends',
        body: switchTenantSchema,
        response: { 200: signedInSchema, ...changing },
      },
    },
    async (request) => {
      const target = { tenantId: request.body.tenantId, client: clientOf(request) };
      return presentSignedIn(await switchTenant(dependencies, memberOf(request), target));
    },
  );

  app.post(
    '/v1/auth/change-password',
    {
      config: { access: 'signed-in', rateLimit: addressLimits.signIn, changesAccess: true },
      schema: {
        tags,
        summary: 'Change your password; ends your other sessions',
        body: changePasswordSchema,
        response: { 204: z.null(), ...changing },
      },
    },
    async (request, reply) => {
      await changePassword(dependencies, memberOf(request), request.body);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/v1/auth/me',
    {
      config: { access: 'signed-in' },
      schema: { tags, summary: 'Who you are, and what you may do', response: { 200: meSchema, ...reading } },
    },
    (request) => me(dependencies, actorOf(request)),
  );
};

async function me(dependencies: AuthDependencies, actor: Actor): Promise<z.infer<typeof meSchema>> {
  const permissions = [...actor.permissions];
  switch (actor.type) {
    case 'member': {
      const { person, memberships } = await describeMember(dependencies, actor);
      const presented = memberships.map(presentMembership);
      return {
        type: 'member',
        person: presentPerson(person),
        sessionId: actor.sessionId,
        membership: presented.find(({ tenant }) => tenant.id === actor.tenantId)!,
        memberships: presented,
        permissions,
      };
    }
    case 'api-key':
      return {
        type: 'api-key',
        apiKeyId: actor.apiKeyId,
        mode: actor.mode,
        tenantId: actor.tenantId,
        permissions,
      };
    case 'staff':
      return {
        type: 'staff',
        staffId: actor.staffId,
        impersonationId: actor.sessionId,
        tenantId: actor.tenantId!,
        permissions,
      };
    case 'agent':
    case 'customer':
    case 'system':
      throw new Error('Requests come from people and programs alone.');
    default:
      return actor satisfies never;
  }
}
