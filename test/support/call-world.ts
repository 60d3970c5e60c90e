import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { demoAgent } from '../../db/seed/demo-business.ts';
import { seedDemo } from '../../db/seed.ts';
import { simulateVendors } from '../../src/app/simulate-vendors.ts';
import { type App, startApp } from '../../src/app/app.ts';
import { defaultVoices } from '../../src/business/line/agents/agent-config.ts';
import {
  type CallDetail,
  type CallEvent,
  type CallRecord,
  getCall,
} from '../../src/business/record/calls/calls.ts';
import { addNumber } from '../../src/business/line/numbers/numbers.ts';
import { type Config, loadConfig } from '../../src/app/config.ts';
import type { TenantId } from '../../src/platform/data/ids.ts';
import { systemActor } from '../../src/business/tenancy/actor/actor.ts';
import type { CallId } from '../../src/business/tenancy/ids/ids.ts';
import type { CallReport } from '../../simulator/call-report.ts';
import type { VendorFaults } from '../../simulator/faults.ts';
import type { Scenario } from '../../simulator/scenario.ts';
import { type SimulatorProcess, spawnSimulator } from '../../simulator/spawn.ts';
import { STATUS_PATH, VOICE_PATH } from '../../src/vendors/twilio/webhooks.ts';
import { aPublishedAgent } from '../business/line/agents/an-agent.ts';
import { createServerDatabase } from './test-database.ts';

export type AgentInput = typeof demoAgent;

/** A number of its own, with an agent of its own: faults can be aimed at its calls alone by `mark`. */
export interface TestLine {
  readonly number: string;
  /** In every address and request that the vendors get on behalf of this line. */
  readonly mark: string;
}

export interface PlayedCall {
  /** As the caller and the carrier experienced it. */
  readonly report: CallReport;
  /** As the database has it, when its record is complete. */
  readonly call: CallDetail;
  /** As it was put on record, one after the other. */
  readonly records: readonly CallRecord[];
}

export interface WorldOptions {
  /** Calls the app may still end by themselves when the world closes. */
  readonly drainMs?: number;
  /** The app's, instead of an embedded database of its own: something between the app and the server, say. */
  readonly databaseUrl?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The last notices of a call arrive, the record is copied and finished: seconds, on a machine that has time. */
const RECORD_DEADLINE_MS = 60_000;
/** Starting makes the event loop run late; calls begin when that is over. */
const QUIET_LAG_MS = 60;
const QUIET_DEADLINE_MS = 10_000;
const VOICE_ID_LENGTH = 20;

/** One real server, and everybody it talks to on real sockets, played by the simulator in a process of its own. */
export class CallWorld implements AsyncDisposable {
  readonly app: App;
  readonly config: Config;
  readonly simulator: SimulatorProcess;
  readonly tenantId: TenantId;
  /** The seeded agent's. */
  readonly number: string;
  /** What the app thought a person should look at. */
  readonly errors: readonly string[];
  /** What it was able to cope with. */
  readonly warnings: readonly string[];
  readonly #records = new Map<CallId, CallRecord[]>();
  readonly #stack: AsyncDisposableStack;
  #lines = 0;

  private constructor(
    parts: Pick<CallWorld, 'app' | 'config' | 'simulator' | 'tenantId' | 'number' | 'errors' | 'warnings'>,
    stack: AsyncDisposableStack,
  ) {
    this.app = parts.app;
    this.config = parts.config;
    this.simulator = parts.simulator;
    this.tenantId = parts.tenantId;
    this.number = parts.number;
    this.errors = parts.errors;
    this.warnings = parts.warnings;
    this.#stack = stack;
    this.app.liveRecords.subscribe((record) => this.#keep(record));
  }

  static async open(options: WorldOptions = {}): Promise<CallWorld> {
    await using stack = new AsyncDisposableStack();
    const dataDir = await mkdtemp(join(tmpdir(), 'parley-test-'));
    stack.defer(() => rm(dataDir, { recursive: true, force: true }));
    const port = await freePort();
    const config = loadConfig({
      NODE_ENV: 'test',
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      DATA_DIR: dataDir,
      DRAIN_MS: String(options.drainMs ?? 2_000),
      ...(await services(options, stack)),
      ...options.environment,
    });
    const simulator = await spawnSimulator({
      accountSid: config.vendors.twilio.accountSid,
      authToken: config.vendors.twilio.authTokens[0]!,
      // Phrases are made before the calls, and nobody waits for them.
      faults: { elevenlabs: instantly, deepgram: { speak: instantly } },
    });
    stack.defer(() => simulator.close());
    const errors: string[] = [];
    const warnings: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line) => sortLine(line, errors, warnings) });
    const app = stack.use(
      await startApp(simulateVendors(config, simulator.addresses), { logger, maxLagP99Ms: Infinity }),
    );
    const { tenantId, number } = await seedDemo(app);
    const parts = { app, config, simulator, tenantId, number, errors, warnings };
    return new CallWorld(parts, stack.move());
  }

  /** A line whose agent is the demo's, but for `changes`; `refresh` makes it known. */
  async addLine(changes: Partial<AgentInput> = {}, wants: { ownVoice?: boolean } = {}): Promise<TestLine> {
    const { tenantId } = this;
    const { tenancy } = this.app;
    const actor = systemActor(tenantId, 'test');
    const mark = `line${letters(this.#lines)}`;
    const number = `+1500556${String(this.#lines).padStart(4, '0')}`;
    this.#lines += 1;
    const speechToText = changes.speechToText ?? demoAgent.speechToText;
    // Making its phrases takes time, so that only who needs one has a voice of its own.
    const ownVoices = new Map([
      ['elevenlabs', mark.padEnd(VOICE_ID_LENGTH, '0')],
      ['deepgram', `aura-2-${mark}-en`],
    ]);
    const voices = (changes.voices ?? defaultVoices).map(({ provider, voiceId }) => ({
      provider,
      voiceId: wants.ownVoice === true ? ownVoices.get(provider)! : voiceId,
    }));
    const { agentId } = await aPublishedAgent(tenancy, tenantId, {
      ...demoAgent,
      ...changes,
      instructions: `${demoAgent.instructions}\nInternal name of this line: ${mark}.`,
      speechToText: { ...speechToText, keyterms: [...(speechToText.keyterms ?? []), mark] },
      voices,
    });
    await tenancy.run(actor, (tx) => addNumber(tx, actor, { phoneNumber: number, agentId }));
    return { number, mark };
  }

  /** Makes new lines known, then lets the vendors behave as in life but for `faults`, and waits for the app's calm. */
  async settle(faults: VendorFaults = {}): Promise<void> {
    await this.app.refreshLines();
    this.simulator.setFaults(faults);
    await quietEventLoop();
  }

  /** Plays a call to its end and waits until its record is complete. */
  async call(
    scenario: Scenario | string,
    request: Partial<Omit<Parameters<SimulatorProcess['placeCall']>[0], 'scenario'>> = {},
  ): Promise<PlayedCall> {
    const { publicUrl } = this.config;
    const report = await this.simulator.placeCall({
      scenario,
      to: this.number,
      voiceUrl: publicUrl + VOICE_PATH,
      statusUrl: publicUrl + STATUS_PATH,
      ...request,
    });
    const records = this.recordsOf(report.callSid);
    if (records === undefined) throw new Error(`the app never knew this call: ${JSON.stringify(report)}`);
    return { report, call: await this.readCall(records[0]!.callId), records };
  }

  /** What was put on record so far of the call that the carrier knows by this name. */
  recordsOf(callSid: string): readonly CallRecord[] | undefined {
    return this.#records
      .values()
      .find(([first]) => first?.event.type === 'call-started' && first.event.callSid === callSid);
  }

  /** The call from the database, once the job that completes its record has run. */
  async readCall(callId: CallId): Promise<CallDetail> {
    const deadlineMs = performance.now() + RECORD_DEADLINE_MS;
    for (;;) {
      const call = await this.app.tenancy.run(this, (tx) => getCall(tx, callId)).catch(() => undefined);
      if (call?.status === 'completed' && call.outcome !== null) return call;
      if (performance.now() > deadlineMs) {
        const lately = [...this.errors, ...this.warnings].slice(-5).join('\n');
        throw new Error(`the record of ${callId} stayed ${call?.status ?? 'away'}:\n${lately}`);
      }
      await delay(100);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }

  #keep(record: CallRecord): void {
    const known = this.#records.get(record.callId);
    if (known === undefined) this.#records.set(record.callId, [record]);
    else known.push(record);
  }
}

const instantly = { latency: { connectMs: 0, firstAudioMs: 0, realTimeFactor: 0 } };

export function eventsOf<Type extends CallEvent['type']>(
  { records }: Pick<PlayedCall, 'records'>,
  type: Type,
): Extract<CallEvent, { type: Type }>[] {
  return records.flatMap(({ event }) =>
    event.type === type ? [event as Extract<CallEvent, { type: Type }>] : [],
  );
}

/** On the servers that the environment names, a database and a Redis of one's own; else nothing is needed. */
async function services(
  { databaseUrl }: WorldOptions,
  stack: AsyncDisposableStack,
): Promise<Record<string, string>> {
  const { DATABASE_URL, REDIS_URL } = process.env;
  if (databaseUrl !== undefined) return { DATABASE_URL: databaseUrl };
  if (DATABASE_URL === undefined) return {};
  const database = stack.use(await createServerDatabase());
  if (REDIS_URL === undefined) return { DATABASE_URL: database.url };
  // Queues are called the same in every process: two of them on one Redis would do each other's jobs.
  const redisUrl = new URL(REDIS_URL);
  redisUrl.pathname = `/${8 + (Number(process.env['VITEST_POOL_ID'] ?? 1) % 8)}`;
  const redis = new Redis(redisUrl.href);
  await redis.flushdb();
  redis.disconnect();
  return { DATABASE_URL: database.url, REDIS_URL: redisUrl.href };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves after a second in which nothing held up the process for long, or when that does not come. */
async function quietEventLoop(): Promise<void> {
  const histogram = monitorEventLoopDelay({ resolution: 10 });
  histogram.enable();
  for (const deadlineMs = performance.now() + QUIET_DEADLINE_MS; performance.now() < deadlineMs;) {
    histogram.reset();
    await delay(1_000);
    if (histogram.max / 1e6 < QUIET_LAG_MS) break;
  }
  histogram.disable();
}

function sortLine(line: string, errors: string[], warnings: string[]): void {
  const { level } = JSON.parse(line) as { level: number };
  if (level >= pino.levels.values['error']!) errors.push(line);
  else warnings.push(line);
}

/** 0 → "aa", 1 → "ab": marks of one length, so that none is part of another. */
function letters(index: number): string {
  const letter = (n: number): string => String.fromCodePoint('a'.codePointAt(0)! + n);
  return letter(Math.floor(index / 26)) + letter(index % 26);
}
