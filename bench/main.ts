import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../simulator/simulator.ts';
import { synthesise } from '../simulator/speech/synthesis.ts';
import { impatientCaller, politeCaller, question } from './callers.ts';
import { type Load, type LoadResult, ProbeSwitch, runLoad } from './load.ts';
import { describeMachine, pinSimulator } from './machine.ts';
import { readOptions } from './options.ts';
import { readUsage, usageBetween } from './process-usage.ts';
import {
  figuresOf,
  isWithinLimit,
  type LoadFigures,
  printBargeIn,
  printCosts,
  printHealth,
  printLimit,
  printMouthToEar,
  printStages,
} from './report.ts';
import { type AgentKind, seedAgents } from './seed-agents.ts';
import { startServer, type ServerProcess } from './server-process.ts';
import { cannedReply } from './trace.ts';

const LIMIT_STEP = 50;
const MOST_CALLS = 1_000;
/** Between loads the server finishes the records of the calls before. */
const IDLE_BUSY_SHARE = 0.05;
const IDLE_TIMEOUT_MS = 30_000;

const options = readOptions(process.argv.slice(2));
pinSimulator();
console.log(describeMachine());

await using stack = new AsyncDisposableStack();
const dataDir = await mkdtemp(join(tmpdir(), 'parley-bench-'));
stack.defer(() => rm(dataDir, { recursive: true, force: true }));
await seedAgents(dataDir, options.databaseUrl);
const probes = new ProbeSwitch();
const { mulaw: cannedSpeech } = await synthesise('One moment please, thank you.', { voice: 'agent' });
const simulator = await startSimulator({
  cannedSpeech,
  cannedReply,
  probe: (event) => probes.trace.probe(event),
});
stack.defer(() => simulator.close());
const server = stack.use(await startServer({ ...options, dataDir, simulator }));

// Warm-up, so that compilation and loading are not measured.
await measure({ calls: 5, scenario: politeCaller, agent: 'patient', windowMs: 5_000 });
const idleBytes = readUsage(server.pid)?.residentBytes;

const all: LoadFigures[] = [];
for (const calls of options.calls) all.push(await measurePolite(calls));
if (options.findsLimit) await findLimit();
const interrupted = options.onlyLoad ? undefined : await measureInterruptions();
const eagerCalls = options.calls.findLast((calls) => calls <= 100) ?? options.calls[0]!;
const eager = options.onlyLoad ? undefined : await measurePolite(eagerCalls, 'eager');

printStages(all);
if (eager !== undefined)
  printMouthToEar(
    all.find(({ calls }) => calls === eagerCalls)!,
    eager,
  );
printCosts(all, idleBytes);
printLimit(all);
if (interrupted !== undefined) await printBargeIn(interrupted, question);
printHealth(all);

function measureInterruptions(): Promise<LoadResult> {
  const calls = Math.min(100, options.calls.at(-1)!);
  return measure({ calls, scenario: impatientCaller, agent: 'patient', windowMs: options.windowMs });
}

async function measurePolite(calls: number, agent: AgentKind = 'patient'): Promise<LoadFigures> {
  return figuresOf(await measure({ calls, scenario: politeCaller, agent, windowMs: options.windowMs }));
}

async function findLimit(): Promise<void> {
  for (let calls = options.calls.at(-1)!; calls < MOST_CALLS && isWithinLimit(all.at(-1)!);) {
    calls += LIMIT_STEP;
    all.push(await measurePolite(calls));
  }
}

async function measure(load: Load): Promise<LoadResult> {
  console.log(`… ${load.calls} × ${load.scenario.name}, eager ${load.agent === 'eager' ? 'on' : 'off'}`);
  const result = await runLoad({ simulator, server, probes }, load);
  await untilIdle(server);
  return result;
}

async function untilIdle({ pid }: ServerProcess): Promise<void> {
  const deadlineMs = performance.now() + IDLE_TIMEOUT_MS;
  while (performance.now() < deadlineMs) {
    const before = readUsage(pid);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const after = readUsage(pid);
    if (before === undefined || after === undefined) return;
    const { cpuMs, elapsedMs } = usageBetween(pid, before, after);
    if (cpuMs / elapsedMs < IDLE_BUSY_SHARE) return;
  }
}
