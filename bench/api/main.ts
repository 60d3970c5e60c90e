import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../../simulator/simulator.ts';
import { synthesise } from '../../simulator/speech/synthesis.ts';
import { ProbeSwitch } from '../load.ts';
import { describeMachine, pinSimulator } from '../machine.ts';
import { seedAgents } from '../seed-agents.ts';
import { startServer } from '../server-process.ts';
import { cannedReply } from '../trace.ts';
import { startBareServer } from './bare-server.ts';
import { startClients } from './clients.ts';
import { fillDatabase } from './fill.ts';
import { measureAudio } from './measure-audio.ts';
import { measureRoutes, requireSamePage } from './measure-routes.ts';
import { readOptions } from './options.ts';
import { makeOwnDatabase } from './own-database.ts';
import { printAudio, printRatio, printRoutes } from './report.ts';
import { prepareRequests } from './requests.ts';

const options = readOptions(process.argv.slice(2), process.env);
pinSimulator();
console.log(describeMachine());

await using stack = new AsyncDisposableStack();
const dataDir = await mkdtemp(join(tmpdir(), 'parley-bench-api-'));
stack.defer(() => rm(dataDir, { recursive: true, force: true }));
const databaseUrl =
  options.databaseUrl === undefined ? undefined : stack.use(await makeOwnDatabase(options.databaseUrl)).url;
const filled = await fill();
// The embedded database allows one process only, so the bare route has a copy.
const bareDir = join(dataDir, 'bare');
if (databaseUrl === undefined) {
  await cp(join(dataDir, 'database'), join(bareDir, 'database'), { recursive: true });
}

const probes = new ProbeSwitch();
const { mulaw: cannedSpeech } = await synthesise('One moment please, thank you.', { voice: 'agent' });
const simulator = await startSimulator({
  cannedSpeech,
  cannedReply,
  probe: (event) => probes.trace.probe(event),
});
stack.defer(() => simulator.close());
const serverFlags = [`--env-file=${await writeSettings()}`];
const server = stack.use(await startServer({ dataDir, databaseUrl, simulator, serverFlags }));
const clients = stack.use(await startClients());
const routes = await prepareRequests(server.url, filled);

await measurePages();
if (options.liveCalls > 0) {
  console.log(`… ${options.liveCalls} live calls, alone and with API clients`);
  printAudio(await measureAudio({ simulator, server, probes, clients }, routes, options));
}

async function fill() {
  const startedAtMs = performance.now();
  await seedAgents(dataDir, databaseUrl);
  const result = await fillDatabase(dataDir, databaseUrl, options.recordedCalls);
  const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(0);
  console.log(`… ${options.recordedCalls} calls on record after ${seconds} s`);
  return result;
}

/** Raises rate limits, which would otherwise be what is measured. */
async function writeSettings(): Promise<string> {
  const path = join(dataDir, 'bench.env');
  await writeFile(path, 'API_KEY_REQUESTS_PER_MINUTE=10000000\nTRUSTED_PROXIES=127.0.0.1\n');
  return path;
}

async function measurePages(): Promise<void> {
  const { tenantId, callers, apiKey } = filled;
  await using bare = await startBareServer({ databaseUrl, dataDir: bareDir, tenantId, callers });
  const pageBytes = await requireSamePage(server, bare, apiKey);
  console.log('… each route by itself');
  const result = await measureRoutes({ clients, server, bare }, routes, options);
  const database = databaseUrl === undefined ? 'embedded database' : 'PostgreSQL';
  printRoutes([...result.figures, result.list, result.bare], options.recordedCalls, database);
  printRatio(result.list, result.bare, pageBytes);
}
