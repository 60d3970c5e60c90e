import { readUsage, usageBetween } from '../process-usage.ts';
import type { BareServer } from './bare-server.ts';
import type { ClientFigures } from './client-message.ts';
import type { ApiClients } from './clients.ts';
import type { ApiBenchOptions } from './options.ts';
import { listPath, type RouteLoad } from './requests.ts';

export interface RouteFigures extends ClientFigures {
  readonly name: string;
  readonly connections: number;
  /** CPU time of all threads of the server process; without that of a database server. */
  readonly cpuMsPerRequest: number | undefined;
}

/** One of the two servers. */
interface Answering {
  readonly pid: number;
  readonly url: string;
}

const WARM_UP_SHARE = 0.25;

/**
 * Measures each route separately; the list and the bare route alternate, so that both run under the same conditions.
 */
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

/** Throws if the process has exited, because refused connections would look like a fast server. */
function requireAlive(pid: number, asked: string): void {
  try {
    process.kill(pid, 0);
  } catch (error) {
    throw new Error(`the process that was asked to ${asked} is gone`, { cause: error });
  }
}

/** The median round by rate. */
function medianOf(rounds: readonly RouteFigures[]): RouteFigures {
  const sorted = rounds.toSorted((a, b) => a.requestsPerSecond - b.requestsPerSecond);
  return sorted[Math.floor((sorted.length - 1) / 2)]!;
}

/** Requires that both return the same page, byte for byte. */
export async function requireSamePage(server: Answering, bare: Answering, apiKey: string): Promise<number> {
  const headers = { authorization: `Bearer ${apiKey}` };
  const [ours, theirs] = await Promise.all(
    [server, bare].map(async ({ url }) => (await fetch(`${url}${listPath}`, { headers })).text()),
  );
  if (ours !== theirs) throw new Error(`The pages differ:\n${ours}\n${theirs}`);
  return Buffer.byteLength(ours!);
}
