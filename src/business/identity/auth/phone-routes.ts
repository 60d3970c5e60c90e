import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problemSchema } from '../../../platform/http/problem.ts';
import { creating, reading } from '../../tenancy/access/responses.ts';
import { addressLimits, clientOf } from './address-limits.ts';
import type { AuthDependencies } from './enter.ts';
import {
  forgotPasswordByPhone,
  registerByPhone,
  resetPasswordByPhone,
  sendSignInCode,
  sendVerification,
  signInByCode,
  verifyCode,
} from './phone-sign-in.ts';
import {
  phoneRegistrationSchema,
  phoneResetSchema,
  phoneSignInSchema,
  presentSignedIn,
  sendCodeSchema,
  signedInSchema,
  verifyCodeSchema,
} from './schema.ts';

const tags = ['Signing in by phone'];
const accepted = z.object({ status: z.literal('accepted') });
const sending = { access: 'public', rateLimit: addressLimits.message } as const;
const checking = { access: 'public', rateLimit: addressLimits.signIn } as const;

/** With a number instead of an e-mail address, and a code instead of a password. */
export const phoneRoutes: FastifyPluginAsyncZod<AuthDependencies> = async (app, dependencies) => {
  app.post(
    '/v1/auth/phone/send-verification',
    {
      config: sending,
      schema: {
        tags,
        summary: 'Send a code to a number that nobody has signed up with yet',
        body: sendCodeSchema,
        response: { 202: accepted, 502: problemSchema, ...creating },
      },
    },
    async (request, reply) => {
      await sendVerification(dependencies, request.body);
      return reply.code(202).send({ status: 'accepted' });
    },
  );

  app.post(
    '/v1/auth/phone/verify-code',
    {
      config: checking,
      schema: {
        tags,
        summary: 'Check a code before you register with it; it stays good',
        body: verifyCodeSchema,
        response: { 200: z.object({ verified: z.literal(true) }), ...creating },
      },
    },
    async (request) => {
      await verifyCode(dependencies, request.body);
      return { verified: true as const };
    },
  );

  app.post(
    '/v1/auth/phone/register',
    {
      config: { access: 'public', rateLimit: addressLimits.signUp },
      schema: {
        tags,
        summary: 'Sign up with a number and its code; makes the business and its owner',
        body: phoneRegistrationSchema,
        response: { 201: signedInSchema, ...creating },
      },
    },
    async (request, reply) => {
      const signedIn = await registerByPhone(dependencies, request.body, clientOf(request));
      return reply.code(201).send(presentSignedIn(signedIn));
    },
  );

  app.post(
    '/v1/auth/phone/send-sign-in-code',
    {
      config: sending,
      schema: {
        tags,
        summary: 'Ask for a code to sign in with; the answer does not tell whether there is an account',
        body: sendCodeSchema,
        response: { 202: accepted, ...reading },
      },
    },
    async (request, reply) => {
      await sendSignInCode(dependencies, request.body);
      return reply.code(202).send({ status: 'accepted' });
    },
  );

  app.post(
    '/v1/auth/phone/sign-in',
    {
      config: checking,
      schema: {
        tags,
        summary: 'Sign in with a number and its code',
        body: phoneSignInSchema,
        response: { 200: signedInSchema, ...reading },
      },
    },
    async (request) => presentSignedIn(await signInByCode(dependencies, request.body, clientOf(request))),
  );

  app.post(
    '/v1/auth/phone/forgot-password',
    {
      config: sending,
      schema: {
        tags,
        summary: 'Ask for a code to set a new password; the answer does not tell whether there is an account',
        body: sendCodeSchema,
        response: { 202: accepted, ...reading },
      },
    },
    async (request, reply) => {
      await forgotPasswordByPhone(dependencies, request.body);
      return reply.code(202).send({ status: 'accepted' });
    },
  );

  app.post(
    '/v1/auth/phone/reset-password',
    {
      config: { ...checking, changesAccess: true },
      schema: {
        tags,
        summary: 'Set a new password with a code; ends every session',
        body: phoneResetSchema,
        response: { 204: z.null(), ...creating },
      },
    },
    async (request, reply) => {
      await resetPasswordByPhone(dependencies, request.body);
      return reply.code(204).send(null);
    },
  );
};
