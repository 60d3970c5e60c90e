import { setTimeout as sleep } from 'node:timers/promises';
import { politeCaller } from '../callers.ts';
import { type ProbeSwitch, runLoad } from '../load.ts';
import { figuresOf, type LoadFigures } from '../report.ts';
import type { ServerProcess } from '../server-process.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { ClientFigures } from './client-message.ts';
import type { ApiClients } from './clients.ts';
import type { ApiBenchOptions } from './options.ts';
import { everydayRequests, type RouteLoad } from './requests.ts';

export const API_CLIENTS = 20;
/** The load is stopped when the calls have ended. */
const AS_LONG_AS_IT_TAKES_MS = 600_000;
/** Pause in which the server completes the records of earlier calls. */
const BETWEEN_MS = 3_000;

export interface AudioFigures {
  readonly alone: LoadFigures;
  readonly withClients: LoadFigures;
  readonly clients: ClientFigures;
}

/** Measures the same calls twice: alone, and with clients that use the API as fast as they can. */
export async function measureAudio(
  bench: { simulator: Simulator; server: ServerProcess; probes: ProbeSwitch; clients: ApiClients },
  routes: readonly RouteLoad[],
  { liveCalls, audioMs }: Pick<ApiBenchOptions, 'liveCalls' | 'audioMs'>,
): Promise<AudioFigures> {
  const load = { calls: liveCalls, agent: 'patient', scenario: politeCaller, windowMs: audioMs } as const;
  // Warm-up, so that compilation and loading are not measured.
  await runLoad(bench, { ...load, calls: Math.min(5, liveCalls), windowMs: 3_000 });
  await sleep(BETWEEN_MS);
  const alone = figuresOf(await runLoad(bench, load));
  await sleep(BETWEEN_MS);
  const asking = bench.clients.run({
    url: bench.server.url,
    connections: API_CLIENTS,
    durationMs: AS_LONG_AS_IT_TAKES_MS,
    requests: everydayRequests(routes),
    variesAddress: false,
  });
  const withClients = figuresOf(await runLoad(bench, load));
  bench.clients.stop();
  return { alone, withClients, clients: await asking };
}
