import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { agentCatalogueOf } from './agent-catalogue.ts';
import { connectSenders } from './connect-senders.ts';
import { connectVendors } from './connect-vendors.ts';
import { createSession } from './create-session.ts';
import { RateLimits } from '../platform/http/rate-limits.ts';
import { openRecords } from './open-records.ts';
import { preparePhrases } from './prepare-phrases.ts';
import { registerRestRoutes } from './rest-routes.ts';
import { createTextAgent } from '../agent/text-reply.ts';
import { phrasesFor } from '../agent/prompt/phrases.ts';
import { CallerNames } from '../business/line/numbers/caller-names.ts';
import { KnowledgeLookup } from '../agent/knowledge/knowledge-lookup.ts';
import { KnowledgeSearch } from '../business/knowledge/search.ts';
import { CallAnswering, CallRegistry, CallTelemetry } from '../call/call.ts';
import type { LiveRecords } from '../call/journal/journals.ts';
import { loadVoiceActivity } from '../call/listening/listening.ts';
import { PhraseAudio, PlayoutClock } from '../call/reply/reply.ts';
import { allJobs } from './all-jobs.ts';
import type { Tenancy } from '../business/tenancy/tenancy.ts';
import { systemClock } from '../platform/process/clock.ts';
import type { Config } from './config.ts';
import type { Db } from '../platform/data/db.ts';
import { encryptionKeys } from '../platform/crypto/encryption-keys.ts';
import { createHealth } from '../platform/http/health.ts';
import { buildHttp } from '../platform/http/http.ts';
import { createLogger } from '../platform/process/logger.ts';
import { startLoopLagMonitor } from '../platform/process/loop-lag.ts';
import { Metrics } from '../platform/process/metrics.ts';
import { usePersonalDataKeys } from '../platform/crypto/personal-data.ts';
import { SessionTokens } from '../business/tenancy/access/session-token.ts';
import { DiskStorage } from '../platform/data/storage-disk.ts';
import { allVendors } from '../vendors/all-vendors.ts';
import { listPrices } from '../vendors/prices.ts';

/** Event-loop lag above which no new call is taken: its audio, and that of the calls we have, would suffer [L12]. */
const MAX_LAG_P99_MS = 250;

/** The running server. Disposing stops it: no new calls, the live ones end by themselves or at the drain's limit. */
export interface App extends AsyncDisposable {
  /** Where it listens on this machine. */
  readonly address: string;
  readonly db: Db;
  readonly tenancy: Tenancy;
  readonly liveRecords: LiveRecords;
  readonly dataDir: string;
  /** Looks for changed lines now, and resolves when their greetings and phrases are ready as audio. */
  refreshLines(): Promise<void>;
}

export interface AppOverrides {
  readonly logger?: Logger;
  /** For a machine that is busy with other things, and is to take calls all the same. */
  readonly maxLagP99Ms?: number;
}

/** Builds everything once, in order, and listens. */
export async function startApp(config: Config, overrides: AppOverrides = {}): Promise<App> {
  await using stack = new AsyncDisposableStack();
  const clock = systemClock;
  const { logger = createLogger(config), maxLagP99Ms = MAX_LAG_P99_MS } = overrides;
  const metrics = new Metrics({ withProcess: true });
  const loopLag = stack.use(startLoopLagMonitor());
  const health = createHealth(loopLag);
  usePersonalDataKeys(await encryptionKeys(config));

  // What a call stands on.
  const vendors = connectVendors(allVendors, config, { clock, logger });
  const [openVoiceActivity] = await Promise.all([loadVoiceActivity(), vendors.warm()]);
  const playoutClock = new PlayoutClock({
    clock,
    onError: (error) => logger.error({ err: error }, 'playout tick of a call failed'),
  });
  const phraseAudio = new PhraseAudio({
    folder: join(config.dataDir, 'phrases'),
    clock,
    onFailure: (error, vendor) => logger.warn({ err: error, vendor }, 'phrase synthesis failed; will retry'),
  });
  stack.defer(() => phraseAudio.close());
  let phrasesReady = Promise.resolve();
  const storage = new DiskStorage(config.dataDir);
  const { embedder } = vendors;
  const { numbers: numberCarrier, webhooks: numberWebhooks } = vendors.carrier;
  const numberOrders = { carrier: numberCarrier, webhooks: numberWebhooks };
  const jobs = (of: Tenancy) =>
    allJobs({ storage, clock, embedder, tenancy: of, prices: listPrices, ...numberOrders });
  const records = await openRecords({ config, clock, logger, metrics, jobs }, stack, (lines) => {
    phrasesReady = preparePhrases(phraseAudio, vendors, lines);
  });
  const { database, tenancy, directory, journals } = records;

  const knowledgeSearch = new KnowledgeSearch({
    db: database.db,
    clock,
    embedder: vendors.embedder,
    onError: (error) => logger.warn({ err: error }, 'embedding failed; searching by keywords only'),
  });
  const knowledge = stack.use(
    new KnowledgeLookup({
      db: database.db,
      search: knowledgeSearch,
      onError: (error) => logger.warn({ err: error }, 'caller question not recorded'),
    }),
  );

  // Calls.
  const telemetry = new CallTelemetry(metrics, logger);
  const calls = new CallRegistry({
    maxCalls: config.limits.maxCalls,
    isOverloaded: () => loopLag.p99Ms() > maxLagP99Ms || journals.isDiskFailing,
  });
  const sessionDeps = {
    vendors,
    openVoiceActivity,
    tenancy,
    storage,
    journals,
    phraseAudio,
    knowledge,
    callerNames: new CallerNames({ db: database.db, clock, logger }),
  };
  const answering = new CallAnswering({
    lines: directory,
    calls,
    carrier: vendors.carrier.carrier,
    clock,
    telemetry,
    phrasesFor,
    issueToken: (callSid) => vendors.carrier.issueToken(callSid),
    createSession: (call, line, onClosed) =>
      createSession({ ...sessionDeps, playoutClock, telemetry, clock, logger }, call, line, onClosed),
  });
  stack.defer(() => answering.close());

  // Doors.
  const http = await buildHttp({ logger, health, metrics, trustedProxies: config.trustedProxies });
  const door = await vendors.carrier.openDoor({
    http,
    calls: answering,
    onStream: (stream) => answering.streamOpened(stream),
    onForged: () => telemetry.webhookForged(),
    maxHalfOpenPerAddress: config.limits.mediaConnectionsPerAddress,
  });
  await registerRestRoutes(http, {
    db: database.db,
    tenancy,
    clock,
    logger,
    tokens: new SessionTokens({ tokenSecret: config.tokenSecret, clock }),
    storage,
    knowledgeSearch,
    liveCalls: calls,
    liveRecords: journals.live,
    tokenSecret: config.tokenSecret,
    notifier: connectSenders(vendors.senders, config, logger),
    google: vendors.identityProvider,
    publicUrl: config.publicUrl,
    simulated: config.simulated,
    corsOrigins: config.corsOrigins,
    agentCatalogue: agentCatalogueOf(allVendors),
    textAgent: createTextAgent({
      model: vendors.model,
      tenancy,
      clock,
      knowledge,
      onError: (what, error) => logger.error({ err: error, what }, 'chat agent failed'),
    }),
    numberCarrier,
    numberWebhooks,
    rateLimits: stack.use(new RateLimits({ redisUrl: config.redisUrl, logger })),
    keyRequestsPerMinute: config.limits.keyRequestsPerMinute,
    isCarrierSimulated: vendors.carrier.isSimulated,
  });
  telemetry.watchMedia(door.counters);
  stack.defer(() => http.close());
  stack.defer(() => door.close());
  stack.defer(async () => {
    health.isAcceptingCalls = false;
    await calls.drain(AbortSignal.timeout(config.limits.drainMs));
  });
  await http.listen({ host: config.host, port: config.port });
  health.isAcceptingCalls = true;

  const running = stack.move();
  const { port } = http.server.address() as AddressInfo;
  return {
    address: `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${port}`,
    db: database.db,
    tenancy,
    liveRecords: journals.live,
    dataDir: config.dataDir,
    async refreshLines() {
      await directory.refresh();
      await phrasesReady;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
