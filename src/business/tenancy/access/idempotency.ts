import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../../platform/process/clock.ts';
import { Conflict, InvalidInput, Unprocessable } from '../../../platform/process/errors.ts';
import type { HttpServer } from '../../../platform/http/http.ts';
import type { PersonalDataCipher } from '../../../platform/crypto/personal-data.ts';
import { formatProblem, problemFor } from '../../../platform/http/problem.ts';
import type { Tenancy, Tx } from '../tenancy.ts';
import { actorIdOf, actorOf, type TenantActor } from '../actor/actor.ts';
import * as queries from './idempotency-queries.ts';

interface IdempotencyDependencies {
  readonly tenancy: Tenancy;
  readonly clock: Clock;
}

interface Taken {
  readonly actor: TenantActor;
  readonly key: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The idempotency key that this request has taken, under which its answer is stored. */
    idempotency?: Taken;
  }
}

export const keptMs = 24 * 3_600_000;
// No request lasts this long, so its process has crashed; whether its effect was committed is unknown.
const abandonedAfterMs = 5 * 60_000;
const keyForm = /^[\x21-\x7e]{1,255}$/;

/**
 * Handles `Idempotency-Key` on idempotent routes that begin their own transactions: the first request with a key is
 * served, and its answer is returned to repetitions for a day. A 5xx or 429 is not stored, so that the client may retry
 * with the same key.
 */
export function replayIdempotentRequests(app: HttpServer, dependencies: IdempotencyDependencies): void {
  app.addHook('preHandler', async (request, reply) => {
    const header = request.headers['idempotency-key'];
    const { idempotent, isIdempotentInTransaction } = request.routeOptions.config;
    if (idempotent !== true || isIdempotentInTransaction === true || header === undefined) return undefined;
    return take(dependencies, { actor: actorOf(request), key: checked(header) }, request, reply);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const taken = request.idempotency;
    if (taken !== undefined) await leave(dependencies, taken, reply, payload);
    return payload;
  });
}

function checked(header: string | string[]): string {
  if (typeof header === 'string' && keyForm.test(header)) return header;
  throw new InvalidInput(
    'This Idempotency-Key cannot be one.',
    [{ pointer: '/headers/idempotency-key', detail: 'must be 1 to 255 visible characters' }],
    { code: 'idempotency-key-not-valid' },
  );
}

async function take(
  { tenancy, clock }: IdempotencyDependencies,
  taken: Taken,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const keyed: KeyedRequest = {
    actor: taken.actor,
    key: taken.key,
    requestSha256: digestOf(request),
    at: clock.date(),
  };
  const replay = await tenancy.run(taken.actor, async (tx) => {
    const earlier = await takeKey(tx, keyed);
    return earlier && replayOf(tx.cipher, earlier, keyed);
  });
  if (replay === undefined) {
    request.idempotency = taken;
    return undefined;
  }
  const { status, contentType, body } = replay;
  return reply.code(status).header('idempotency-replayed', 'true').type(contentType).send(body);
}

/** A request with a key, as it is stored. */
export interface KeyedRequest {
  readonly actor: TenantActor;
  readonly key: string;
  readonly requestSha256: string;
  readonly at: Date;
}

/** An answer as text. */
export interface WrittenAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
  readonly etag?: string | undefined;
}

/** Undefined if the client sent no key. */
export function keyedRequest(
  request: FastifyRequest,
  actor: TenantActor,
  at: Date,
): KeyedRequest | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  return { actor, key: checked(header), requestSha256: digestOf(request), at };
}

/**
 * Takes the key, serves the request and stores its answer in one transaction, which a crash rolls back as a whole. A
 * concurrent request with the same key waits for the first one, and gets its answer.
 */
export async function inOneTransaction(
  tx: Tx,
  keyed: KeyedRequest,
  serve: () => Promise<WrittenAnswer & { readonly body: string }>,
): Promise<WrittenAnswer & { readonly isReplayed: boolean }> {
  const earlier = await takeKey(tx, keyed);
  if (earlier !== undefined) return { ...replayOf(tx.cipher, earlier, keyed), isReplayed: true };
  const answer = await serve();
  await queries.keepAnswer(tx, rowOf(keyed), {
    status: answer.status,
    contentType: answer.contentType,
    bodyEncrypted: tx.cipher.encrypt(answer.body),
  });
  return { ...answer, isReplayed: false };
}

/** Stores a refusal in a separate transaction, because its own was rolled back together with the key. */
export async function storeRefusal(
  tenancy: Tenancy,
  keyed: KeyedRequest,
  error: unknown,
  requestId: string,
): Promise<void> {
  const cause = problemFor(error);
  // The refusal of a key that was used for another request is not an answer to store.
  if (cause.status >= 500 || cause.status === 429 || cause.code === 'idempotency-key-reused') return;
  await tenancy.run(keyed.actor, async (tx) => {
    if ((await takeKey(tx, keyed)) !== undefined) return;
    await queries.keepAnswer(tx, rowOf(keyed), {
      status: cause.status,
      contentType: 'application/problem+json',
      bodyEncrypted: tx.cipher.encrypt(JSON.stringify(formatProblem(cause, requestId))),
    });
  });
}

/** The earlier request with this key; undefined if the key is taken now. */
async function takeKey(tx: Tx, keyed: KeyedRequest) {
  const row = rowOf(keyed);
  const nowMs = keyed.at.getTime();
  const fresh = { ...row, requestSha256: keyed.requestSha256, createdAt: keyed.at };
  const taken = await queries.takeKey(tx, fresh, {
    keptSince: new Date(nowMs - keptMs),
    startedSince: new Date(nowMs - abandonedAfterMs),
  });
  return taken === undefined ? queries.findKey(tx, row) : undefined;
}

function replayOf(
  cipher: PersonalDataCipher,
  earlier: NonNullable<Awaited<ReturnType<typeof queries.findKey>>>,
  { requestSha256 }: KeyedRequest,
): WrittenAnswer {
  if (earlier.requestSha256 !== requestSha256) {
    throw new Unprocessable('This Idempotency-Key was used for another request; choose a new one.', {
      code: 'idempotency-key-reused',
    });
  }
  if (earlier.status === null || earlier.bodyEncrypted === null) {
    throw new Conflict('The first request with this Idempotency-Key is still being served.', {
      code: 'idempotency-in-progress',
      retryAfterSeconds: 1,
    });
  }
  const { status, contentType, bodyEncrypted } = earlier;
  return {
    status,
    contentType: contentType ?? 'application/octet-stream',
    body: Buffer.from(cipher.decrypt(bodyEncrypted)),
  };
}

function rowOf({ actor, key }: KeyedRequest) {
  return { actorId: actorIdOf(actor), key };
}

function digestOf({ method, url, body }: FastifyRequest): string {
  return hash('sha256', JSON.stringify([method, url, body ?? null]));
}

async function leave(
  { tenancy }: IdempotencyDependencies,
  { actor, key }: Taken,
  reply: FastifyReply,
  payload: unknown,
): Promise<void> {
  const row = { actorId: actorIdOf(actor), key };
  const isKept = reply.statusCode < 500 && reply.statusCode !== 429 && isText(payload);
  await tenancy.run(actor, async (tx) => {
    if (!isKept) {
      await queries.releaseKey(tx, row);
      return;
    }
    await queries.keepAnswer(tx, row, {
      status: reply.statusCode,
      contentType: reply.getHeader('content-type')?.toString() ?? null,
      bodyEncrypted: tx.cipher.encrypt(payload?.toString() ?? ''),
    });
  });
}

/** A stream cannot be stored, so routes that answer with one are not idempotent. */
function isText(payload: unknown): payload is string | Buffer | null | undefined {
  return payload === null || payload === undefined || typeof payload === 'string' || Buffer.isBuffer(payload);
}
