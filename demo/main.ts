import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { styleText } from 'node:util';
import { seedDemo } from '../db/seed.ts';
import { createOperatorKey } from '../src/business/identity/api-keys/api-keys.ts';
import { systemActor } from '../src/business/tenancy/actor/actor.ts';
import { simulateVendors } from '../src/app/simulate-vendors.ts';
import { type App, startApp } from '../src/app/app.ts';
import type { CallRecord } from '../src/business/record/calls/calls.ts';
import type { CallId } from '../src/business/tenancy/ids/ids.ts';
import { loadConfig } from '../src/app/config.ts';
import { shutdownSignal } from '../src/platform/process/shutdown.ts';
import { VOICE_PATH, STATUS_PATH } from '../src/vendors/twilio/vendor.ts';
import { allScenarios } from '../simulator/scenarios/all-scenarios.ts';
import { spawnSimulator } from '../simulator/spawn.ts';
import { parseDemoArguments, usage } from './arguments.ts';
import { ConversationPrinter } from './conversation-printer.ts';
import { judgeAppointment, judgeCall } from './judge-call.ts';
import { readCall, readCreated } from './read-back.ts';
import { printSummary } from './summary.ts';

const scenarios = allScenarios.map(({ name }) => name);
const command = parseDemoArguments(process.argv.slice(2), scenarios);

switch (command.type) {
  case 'list':
    for (const { name, description } of allScenarios) console.log(`${name.padEnd(22)} ${description}`);
    break;
  case 'refused':
    console.error(`${command.reason}\n\n${usage}\n\nScenarios: ${scenarios.join(', ')}`);
    process.exitCode = 2;
    break;
  case 'play':
    process.exitCode = await play(command.scenario, command.once);
    break;
  default:
    command satisfies never;
}

/** Runs the normal app with the simulator in place of every vendor: one call, then the console page. */
async function play(scenario: string, isOnce: boolean): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const shutdown = shutdownSignal();
  const dataDir = await chooseDataDir(isOnce, stack);
  const port = await freePort(Number(process.env['PORT'] ?? 3000));
  const config = loadConfig({
    LOG_LEVEL: 'error',
    ...process.env,
    NODE_ENV: 'development',
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DATA_DIR: dataDir,
  });
  console.log(styleText('dim', 'Starting the server and the simulated vendors …'));
  const recordings = join(dataDir, 'simulated-caller');
  await mkdir(recordings, { recursive: true });
  const simulator = await spawnSimulator({
    accountSid: config.vendors.twilio.accountSid,
    authToken: config.vendors.twilio.authTokens[0] ?? '',
  });
  stack.defer(() => simulator.close());
  const app = stack.use(await startApp(simulateVendors(config, simulator.addresses), { maxLagP99Ms: 2_000 }));
  const { tenantId, number } = await seedDemo(app);
  await app.refreshLines();

  console.log(styleText('bold', `\nScenario "${scenario}", calling ${number}\n`));
  const watched = watchCall(app);
  const report = await simulator.placeCall({
    scenario,
    to: number,
    voiceUrl: config.publicUrl + VOICE_PATH,
    statusUrl: config.publicUrl + STATUS_PATH,
  });
  const callId = watched.callId();
  const call = callId === undefined ? undefined : await readCall(app.tenancy, tenantId, callId);
  const created = call === undefined ? [] : await readCreated(app.tenancy, tenantId, call);
  const problems = judgeCall(report, call);
  if (scenario === scenarios[0] && call !== undefined) problems.push(...judgeAppointment(call, created));
  printSummary({ report, call, created, problems, dataDir });

  if (!isOnce && !shutdown.aborted) {
    const actor = systemActor(tenantId, 'demo');
    const { key } = await app.tenancy.run(actor, (tx) => createOperatorKey(tx, actor, { name: 'Demo page' }));
    console.log(`\nAll calls, with transcripts and audio:  ${app.address}/console?key=${key}`);
    console.log(styleText('dim', 'Ctrl+C ends the server.'));
    await once(shutdown, 'abort');
  }
  return problems.length === 0 ? 0 : 1;
}

function watchCall(app: App): { callId: () => CallId | undefined } {
  const printer = new ConversationPrinter((line) => console.log(line));
  let callId: CallId | undefined;
  app.liveRecords.subscribe((record: CallRecord) => {
    callId ??= record.callId;
    if (record.callId === callId) printer.print(record);
  });
  return { callId: () => callId };
}

/** With `--once` the data goes to a temporary folder, unless DATA_DIR is set. */
async function chooseDataDir(isOnce: boolean, stack: AsyncDisposableStack): Promise<string> {
  const asked = process.env['DATA_DIR'];
  if (asked !== undefined && asked !== '') return resolve(asked);
  if (!isOnce) return resolve('data/demo');
  const folder = await mkdtemp(join(tmpdir(), 'parley-demo-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The wanted port, or a free one if it is in use. */
async function freePort(wanted: number): Promise<number> {
  for (const port of [wanted, 0]) {
    const server = createServer();
    server.listen(port, '127.0.0.1');
    const found = await Promise.race([
      once(server, 'listening').then(() => server.address()),
      once(server, 'error').then(() => undefined),
    ]).catch(() => undefined);
    server.close();
    if (found !== null && typeof found === 'object') return found.port;
  }
  return wanted;
}
