import { readUsage, usageBetween } from '../process-usage.ts';
import type { BareServer } from './bare-server.ts';
import type { ClientFigures } from './client-message.ts';
import type { ApiClients } from './clients.ts';
import type { ApiBenchOptions } from './options.ts';
import { listPath, type RouteLoad } from './requests.ts';

export interface RouteFigures extends ClientFigures {
  readonly name: string;
  readonly connections: number;
  /** Of the process that answers, all threads; a database server's is not in it. */
  readonly cpuMsPerRequest: number | undefined;
}

/** One server that can be asked. */
interface Answering {
  readonly pid: number;
  readonly url: string;
}

const WARM_UP_SHARE = 0.25;

/** Each route by itself; the list and the bare route in turns, so that both meet the same machine. */
export async function measureRoutes(
  { clients, server, bare }: { clients: ApiClients; server: Answering; bare: BareServer },
  routes: readonly RouteLoad[],
  { routeMs, rounds }: Pick<ApiBenchOptions, 'routeMs' | 'rounds'>,
): Promise<{
  readonly figures: readonly RouteFigures[];
  readonly list: RouteFigures;
  readonly bare: RouteFigures;
}> {
  const figures: RouteFigures[] = [];
  for (const route of routes) {
    if (route.name !== 'list calls') figures.push(await measureRoute(clients, server, route, routeMs));
  }
  const list = routes.find(({ name }) => name === 'list calls')!;
  const ours: RouteFigures[] = [];
  const theirs: RouteFigures[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await measureRoute(clients, server, list, routeMs));
    theirs.push(await measureRoute(clients, bare, list, routeMs));
  }
  return { figures, list: medianOf(ours), bare: { ...medianOf(theirs), name: 'bare route, same page' } };
}

async function measureRoute(
  clients: ApiClients,
  { pid, url }: Answering,
  { name, connections, requests, variesAddress }: RouteLoad,
  durationMs: number,
): Promise<RouteFigures> {
  const job = { url, connections, requests, variesAddress };
  await clients.run({ ...job, durationMs: Math.max(1_000, durationMs * WARM_UP_SHARE) });
  const before = readUsage(pid);
  const figures = await clients.run({ ...job, durationMs });
  const after = readUsage(pid);
  requireAlive(pid, name);
  const cpuMs = before && after && usageBetween(pid, before, after).cpuMs;
  return { ...figures, name, connections, cpuMsPerRequest: cpuMs && cpuMs / figures.answered };
}

/** Refused connections come back fast: they would look like a busy server. */
function requireAlive(pid: number, asked: string): void {
  try {
    process.kill(pid, 0);
  } catch (error) {
    throw new Error(`the process that was asked to ${asked} is gone`, { cause: error });
  }
}

/** The round in the middle by its rate. */
function medianOf(rounds: readonly RouteFigures[]): RouteFigures {
  const sorted = rounds.toSorted((a, b) => a.requestsPerSecond - b.requestsPerSecond);
  return sorted[Math.floor((sorted.length - 1) / 2)]!;
}

/** Both have to give the same page, to the byte, or there is nothing to compare. */
export async function requireSamePage(server: Answering, bare: Answering, apiKey: string): Promise<number> {
  const headers = { authorization: `Bearer ${apiKey}` };
  const [ours, theirs] = await Promise.all(
    [server, bare].map(async ({ url }) => (await fetch(`${url}${listPath}`, { headers })).text()),
  );
  if (ours !== theirs) throw new Error(`The pages differ:\n${ours}\n${theirs}`);
  return Buffer.byteLength(ours!);
}
