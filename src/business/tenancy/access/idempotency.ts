import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../../platform/process/clock.ts';
import type { Db } from '../../../platform/data/db.ts';
import { Conflict, InvalidInput, Unprocessable } from '../../../platform/process/errors.ts';
import type { HttpServer } from '../../../platform/http/http.ts';
import { decrypt, encrypt } from '../../../platform/crypto/personal-data.ts';
import { inTenant } from '../tenants/unit-of-work.ts';
import { actorIdOf, actorOf, type TenantActor } from './actor.ts';
import * as queries from './idempotency-queries.ts';

interface IdempotencyDependencies {
  readonly db: Db;
  readonly clock: Clock;
}

interface Taken {
  readonly actor: TenantActor;
  readonly key: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The idempotency key this request has taken, and has to leave its answer under. */
    idempotency?: Taken;
  }
}

const keptMs = 24 * 3_600_000;
// A request does not last this long: whoever took the key is gone, and what he did before that is unknown to us.
const abandonedAfterMs = 5 * 60_000;
const keyForm = /^[\x21-\x7e]{1,255}$/;

/**
 * `Idempotency-Key` on the routes that say `idempotent`: the first request with a key is served, and its answer is
 * given again, for a day, to whoever sends the same again. A fault of ours (5xx) or a refusal for now (429) is not
 * kept: the client may try the same key again.
 */
export function replayIdempotentRequests(app: HttpServer, dependencies: IdempotencyDependencies): void {
  app.addHook('preHandler', async (request, reply) => {
    const header = request.headers['idempotency-key'];
    if (request.routeOptions.config.idempotent !== true || header === undefined) return undefined;
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
  throw new InvalidInput('This Idempotency-Key cannot be one.', [
    { pointer: '/headers/idempotency-key', detail: 'must be 1 to 255 visible characters' },
  ]);
}

async function take(
  { db, clock }: IdempotencyDependencies,
  taken: Taken,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const { tenantId } = taken.actor;
  const requestSha256 = hash('sha256', JSON.stringify([request.method, request.url, request.body ?? null]));
  const row = { actorId: actorIdOf(taken.actor), key: taken.key };
  const nowMs = clock.date().getTime();
  const earlier = await inTenant(db, tenantId, async (transaction) => {
    await queries.dropOldKeys(transaction, tenantId, row, {
      keptSince: new Date(nowMs - keptMs),
      startedSince: new Date(nowMs - abandonedAfterMs),
    });
    const fresh = { ...row, requestSha256, createdAt: new Date(nowMs) };
    if ((await queries.insertKey(transaction, tenantId, fresh)) !== undefined) return undefined;
    return queries.findKey(transaction, tenantId, row);
  });
  if (earlier === undefined) {
    request.idempotency = taken;
    return undefined;
  }
  if (earlier.requestSha256 !== requestSha256) {
    throw new Unprocessable('This Idempotency-Key was used for another request; choose a new one.');
  }
  if (earlier.status === null || earlier.bodyEncrypted === null) {
    throw new Conflict('The first request with this Idempotency-Key is still being served.');
  }
  reply.code(earlier.status).header('idempotency-replayed', 'true');
  if (earlier.contentType !== null) reply.type(earlier.contentType);
  return reply.send(Buffer.from(decrypt(earlier.bodyEncrypted)));
}

async function leave(
  { db }: IdempotencyDependencies,
  { actor, key }: Taken,
  reply: FastifyReply,
  payload: unknown,
): Promise<void> {
  const { tenantId } = actor;
  const row = { actorId: actorIdOf(actor), key };
  const isKept = reply.statusCode < 500 && reply.statusCode !== 429 && isText(payload);
  await inTenant(db, tenantId, async (transaction) => {
    if (!isKept) {
      await queries.releaseKey(transaction, tenantId, row);
      return;
    }
    await queries.keepAnswer(transaction, tenantId, row, {
      status: reply.statusCode,
      contentType: reply.getHeader('content-type')?.toString() ?? null,
      bodyEncrypted: encrypt(payload?.toString() ?? ''),
    });
  });
}

/** A stream cannot be given twice; routes that answer with one are not idempotent. */
function isText(payload: unknown): payload is string | Buffer | null | undefined {
  return payload === null || payload === undefined || typeof payload === 'string' || Buffer.isBuffer(payload);
}
