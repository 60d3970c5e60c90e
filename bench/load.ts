import type { CallReport } from '../simulator/call-report.ts';
import type { Scenario } from '../simulator/scenario.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { readUsage, usageBetween, type UsageBetween } from './process-usage.ts';
import { numbers, type AgentKind } from './seed-agents.ts';
import type { ServerProcess } from './server-process.ts';
import { Trace } from './trace.ts';
import { callTraces, type CallTrace } from './turn-stages.ts';

/** Calls begin over about one turn, so that their turns do not all end together. */
const RAMP_MS = 7_000;
const MIN_SPACING_MS = 15;
const MAX_SPACING_MS = 250;
/** After the last call has begun: its greeting, and a first turn. */
const SETTLE_MS = 8_000;
const HANG_UP_EVERY_MS = 5;
/** Time after the window for events of turns that ended in it. */
const AFTER_WINDOW_MS = 2_500;
const END_TIMEOUT_MS = 20_000;
const RESIDENT_EVERY_MS = 500;

export interface Load {
  readonly calls: number;
  readonly agent: AgentKind;
  readonly scenario: Scenario;
  readonly windowMs: number;
}

/** The measurement of one number of concurrent calls. */
export interface LoadResult {
  readonly load: Load;
  readonly traces: readonly CallTrace[];
  readonly reports: readonly CallReport[];
  readonly window: { readonly fromMs: number; readonly toMs: number };
  readonly usage: UsageBetween | undefined;
  /** The median over the window. */
  readonly residentBytes: number | undefined;
  /** Calls that were not live any more, or never, when the window ended. */
  readonly failedCalls: number;
}

/** Forwards probes to the current recipient, because the simulator is started before the first call. */
export class ProbeSwitch {
  trace = new Trace();
}

/** Begins the calls, lets them settle, measures for a while, and ends them. */
export async function runLoad(
  { simulator, server, probes }: { simulator: Simulator; server: ServerProcess; probes: ProbeSwitch },
  load: Load,
): Promise<LoadResult> {
  const trace = (probes.trace = new Trace());
  const phones = new Map<string, string>();
  const running: { readonly callSid: string; readonly done: Promise<CallReport> }[] = [];
  const spacingMs = Math.min(MAX_SPACING_MS, Math.max(MIN_SPACING_MS, RAMP_MS / load.calls));
  const rampFromMs = performance.now();
  for (let i = 0; i < load.calls; i += 1) {
    await sleepUntil(rampFromMs + i * spacingMs);
    const from = `+1415${String(5_550_000 + i).padStart(7, '0')}`;
    const call = simulator.placeCall({
      scenario: load.scenario,
      to: numbers[load.agent],
      from,
      voiceUrl: `${server.url}/webhooks/twilio/voice`,
      statusUrl: `${server.url}/webhooks/twilio/status`,
      listensForWords: false,
    });
    phones.set(call.callSid, from);
    running.push(call);
  }
  let ended = 0;
  for (const { done } of running) void done.then(() => (ended += 1));
  await sleepUntil(performance.now() + SETTLE_MS);

  const residents: number[] = [];
  const before = readUsage(server.pid);
  const fromMs = performance.now();
  while (performance.now() < fromMs + load.windowMs) {
    await sleepUntil(Math.min(performance.now() + RESIDENT_EVERY_MS, fromMs + load.windowMs));
    const usage = readUsage(server.pid);
    if (usage !== undefined) residents.push(usage.residentBytes);
  }
  const toMs = performance.now();
  const after = readUsage(server.pid);
  const failedCalls = ended;
  await sleepUntil(toMs + AFTER_WINDOW_MS);

  const reports = await endCalls(simulator, running);
  return {
    load,
    traces: callTraces(trace, phones),
    reports,
    window: { fromMs, toMs },
    usage: before && after && usageBetween(server.pid, before, after),
    residentBytes: residents.toSorted((a, b) => a - b)[Math.floor(residents.length / 2)],
    failedCalls,
  };
}

/** Ends calls over the carrier's REST API. */
async function endCalls(
  { addresses, accountSid, authToken }: Simulator,
  running: readonly { readonly callSid: string; readonly done: Promise<CallReport> }[],
): Promise<readonly CallReport[]> {
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  for (const { callSid } of running) {
    const url = `${addresses.twilio}/2010-04-01/Accounts/${accountSid}/Calls/${callSid}.json`;
    const body = new URLSearchParams({ Status: 'completed' });
    const response = await fetch(url, { method: 'POST', headers: { authorization }, body });
    await response.arrayBuffer();
    await sleepUntil(performance.now() + HANG_UP_EVERY_MS);
  }
  const reports: CallReport[] = [];
  const all = Promise.all(running.map(({ done }) => done.then((report) => reports.push(report))));
  const { promise: timedOut, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, END_TIMEOUT_MS);
  await Promise.race([all, timedOut]);
  clearTimeout(timer);
  return reports;
}

function sleepUntil(atMs: number): Promise<void> {
  const delayMs = atMs - performance.now();
  return delayMs <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, delayMs));
}
