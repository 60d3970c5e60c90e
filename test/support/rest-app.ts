import { randomUUID } from 'node:crypto';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll } from 'vitest';
import type { Tool } from '../../src/agent/tools/tool.ts';
import type { LanguageModel } from '../../src/agent/language-model.ts';
import { type ApiParts, openApi } from '../../src/app/api.ts';
import { noCalls } from '../../src/app/calls.ts';
import { type Config, loadConfig } from '../../src/app/config.ts';
import { createOperatorKey } from '../../src/business/identity/api-keys/api-keys.ts';
import { allChannels, type ChatParts } from '../../src/chat/chat.ts';
import { type Permission, type Role, systemActor } from '../../src/business/tenancy/actor/actor.ts';
import { allProcessors } from '../../src/app/processors.ts';
import { LiveEvents } from '../../src/business/tenancy/live/live.ts';
import type { Tenancy } from '../../src/business/tenancy/tenancy.ts';
import { createTenant } from '../../src/business/tenancy/tenants/tenants.ts';
import { KnowledgeSearch } from '../../src/business/knowledge/knowledge.ts';
import type { Db, OpenDatabase } from '../../src/platform/data/db.ts';
import { runAcrossTenants } from '../../src/platform/data/tx.ts';
import { createHealth } from '../../src/platform/http/health.ts';
import { buildHttp, type HttpServer } from '../../src/platform/http/http.ts';
import { newId, type TenantId } from '../../src/platform/data/ids.ts';
import type { MemberId, PersonId } from '../../src/business/tenancy/ids/ids.ts';
import { type Clock, systemClock } from '../../src/platform/process/clock.ts';
import { Metrics } from '../../src/platform/process/metrics.ts';
import type { OutgoingMessage } from '../../src/business/identity/notices/notices.ts';
import type { Storage } from '../../src/platform/data/storage.ts';
import { SessionTokens } from '../../src/business/tenancy/access/access.ts';
import { allVendors } from '../../src/vendors/all-vendors.ts';
import { FakeClock } from './fake-clock.ts';
import { MemoryNumberCarrier, testWebhooks } from './memory-number-carrier.ts';
import { MemoryStorage } from './memory-storage.ts';
import { end, ScriptedModel, text } from './scripted-model.ts';
import { openTestDatabase } from './test-database.ts';
import { testCipher, testTenancy } from './test-tenancy.ts';

/** Somebody who sends requests: `app.inject({ url, headers: owner.headers })`. */
export interface Caller {
  readonly tenantId: TenantId;
  readonly headers: { readonly authorization: string };
}

export interface MemberCaller extends Caller {
  readonly memberId: MemberId;
  readonly personId: PersonId;
  readonly email: string;
}

export interface KeyCaller extends Caller {
  readonly key: string;
}

/** The whole REST side on a database of its own, without a call, a vendor or a socket. */
export interface RestApp extends AsyncDisposable {
  readonly http: HttpServer;
  readonly db: Db;
  readonly tenancy: Tenancy;
  readonly database: OpenDatabase;
  /** Moved by hand: tokens and cached permissions go by it. It starts at the time of the machine, unless told. */
  readonly clock: FakeClock;
  readonly tokens: SessionTokens;
  /** Messages the server has sent to people, newest last. */
  readonly sent: OutgoingMessage[];
  inject(options: InjectOptions): Promise<LightMyRequestResponse>;
  /** A new tenant and its owner. */
  signUp(): Promise<MemberCaller>;
  memberWith(role: Role, tenantId: TenantId): Promise<MemberCaller>;
  /** A key with these scopes; with none named, with all. */
  apiKeyWith(scopes: readonly Permission[] | '*', tenantId: TenantId): Promise<KeyCaller>;
}

export interface RestAppOptions {
  /** Parts instead of the usual stand-ins. */
  readonly config?: Partial<Config>;
  readonly storage?: Storage;
  readonly calls?: Partial<ApiParts['calls']>;
  readonly carrier?: Partial<ApiParts['vendors']['carrier']>;
  /** Without one, there is no sign-in with it. */
  readonly identityProvider?: ApiParts['vendors']['identityProvider'];
  readonly requestsPerMinute?: number;
  /** Of the agents in chats; without it each answer is `Hello.` */
  readonly model?: LanguageModel;
  /** Of which agents may be given some; all there are, where left out. */
  readonly toolList?: readonly Tool[];
  /** Where the clock starts, for what goes by the calendar. */
  readonly now?: Date;
  /** Routes of the test's own, behind the same guard. */
  readonly routes?: (http: HttpServer, db: Db) => void;
}

const tokenSecret = 'a secret for tests';

export async function buildRestApp(restApp: RestAppOptions = {}): Promise<RestApp> {
  const { routes, now = new Date() } = restApp;
  const database = await openTestDatabase();
  const { db } = database;
  const liveEvents = new LiveEvents(pino({ level: 'silent' }));
  const tenancy = testTenancy(db, [...allProcessors(), liveEvents.processor]);
  const clock = new FakeClock(now);
  const tokens = new SessionTokens({ tokenSecret, clock });
  const sent: OutgoingMessage[] = [];
  const logger = pino({ level: 'silent' });
  const health = createHealth({ maxMs: () => 0 });
  const http = await buildHttp({ logger, health, metrics: new Metrics() });
  const api = openApi(
    { config: configOf(restApp), clock, logger },
    {
      records: { tenancy, liveEvents, storage: restApp.storage ?? new MemoryStorage() },
      vendors: vendorsOf(restApp, sent),
      vendorList: allVendors,
      toolList: restApp.toolList,
      knowledge: {
        search: new KnowledgeSearch({ tenancy, clock, embedder: undefined, onError: () => undefined }),
      },
      chats: chatsOf(restApp, tenancy, clock),
      calls: { ...noCalls, ...restApp.calls },
    },
  );
  await api.register(http);
  routes?.(http, db);
  await http.ready();

  const signedIn = async (role: Role, tenantId: TenantId): Promise<MemberCaller> => {
    const email = `${randomUUID()}@example.com`;
    const person = await insertMember(db, { role, tenantId, email });
    const token = await tokens.issue({ kind: 'member', tenantId, role, ...person });
    const { memberId, personId } = person;
    return { tenantId, memberId, personId, email, headers: { authorization: `Bearer ${token}` } };
  };
  return {
    http,
    db,
    tenancy,
    database,
    clock,
    tokens,
    sent,
    inject: (options) => http.inject(options),
    async signUp() {
      const slug = newId('slug').slice('slug_'.length);
      const business = { slug, name: 'Harbour Street', timeZone: 'America/New_York', currency: 'USD' };
      const tenant = await tenancy.system((tx) => createTenant(tx, business));
      return signedIn('owner', tenant.id);
    },
    memberWith: signedIn,
    async apiKeyWith(scopes, tenantId) {
      const actor = systemActor(tenantId, 'test');
      const { key } = await tenancy.run(actor, (tx) =>
        createOperatorKey(tx, actor, { name: 'Test', scopes: scopes === '*' ? ['*'] : scopes }),
      );
      return { tenantId, key, headers: { authorization: `Bearer ${key}` } };
    },
    async [Symbol.asyncDispose]() {
      await http.close();
      await api[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

function configOf({ config, requestsPerMinute = 10_000 }: RestAppOptions): Config {
  const usual = loadConfig({ NODE_ENV: 'test', JWT_SECRET: tokenSecret });
  const limits = { ...usual.limits, keyRequestsPerMinute: requestsPerMinute };
  return { ...usual, simulated: [], limits, ...config };
}

/** A carrier that sells numbers from memory, and a sender for every message, which collects them in `sent`. */
function vendorsOf(
  { carrier, identityProvider }: RestAppOptions,
  sent: OutgoingMessage[],
): ApiParts['vendors'] {
  return {
    carrier: { isSimulated: false, numbers: new MemoryNumberCarrier(), webhooks: testWebhooks, ...carrier },
    senders: [{ suits: () => 'best', send: (message) => Promise.resolve(void sent.push(message)) }],
    identityProvider,
  };
}

function chatsOf({ model, toolList }: RestAppOptions, tenancy: Tenancy, clock: Clock): ChatParts {
  const agent = {
    toolList,
    model: model ?? new ScriptedModel(systemClock, [[text('Hello.'), end]]),
    tenancy,
    // A model may wait, and nobody turns the clock meanwhile.
    clock: systemClock,
    onError: () => undefined,
  };
  return { tenancy, clock, logger: pino({ level: 'silent' }), channels: allChannels, agent };
}

/** One for the file. */
export function useRestApp(options: RestAppOptions = {}): { readonly app: RestApp } {
  let app: RestApp;
  beforeAll(async () => {
    app = await buildRestApp(options);
  });
  afterAll(() => app[Symbol.asyncDispose]());
  return {
    get app() {
      return app;
    },
  };
}

async function insertMember(
  db: Db,
  { role, tenantId, email }: { role: Role; tenantId: TenantId; email: string },
) {
  const personId = newId('per');
  const memberId = newId('mem');
  const sessionId = newId('ses');
  await runAcrossTenants(db, async (transaction) => {
    await transaction
      .insertInto('person')
      .values({
        id: personId,
        name: 'Robin',
        emailEncrypted: testCipher.encrypt(email),
        emailIndex: testCipher.blindIndex(email),
        emailVerifiedAt: new Date(),
      })
      .execute();
    await transaction
      .insertInto('member')
      .values({
        tenantId,
        id: memberId,
        personId,
        role,
        status: 'active',
        name: 'Robin',
        joinedAt: new Date(),
      })
      .execute();
    await transaction
      .insertInto('session')
      .values({ tenantId, id: sessionId, memberId, personId, expiresAt: new Date(Date.now() + 3_600_000) })
      .execute();
  });
  return { personId, memberId, sessionId };
}
