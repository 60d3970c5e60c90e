import type { AddressInfo } from 'node:net';
import { buildHttp } from '../platform/http/http.ts';
import type { Api } from './api.ts';
import type { Base } from './base.ts';
import type { Calls } from './calls.ts';
import type { Vendors } from './connect-vendors.ts';

/** The HTTP server of this process. Disposing refuses new calls, waits for live ones, then closes the server. */
export interface Doors extends AsyncDisposable {
  /** URL of the server from the same machine. */
  readonly address: string;
}

/**
 * Serves health and metrics in every role, the carrier's webhooks and media sockets for `calls`, and the API for `api`.
 */
export async function openDoors(
  { config, logger, health, metrics }: Base,
  { carrier }: Vendors,
  { calls, api }: { readonly calls: Calls | undefined; readonly api: Api | undefined },
): Promise<Doors> {
  await using stack = new AsyncDisposableStack();
  const { host, port: wantedPort, trustedProxies, limits } = config;
  const http = await buildHttp({ logger, health, metrics, trustedProxies });
  stack.defer(() => http.close());
  if (calls !== undefined) {
    const { answering, telemetry } = calls;
    const door = await carrier.openDoor({
      http,
      calls: answering,
      onStream: (stream) => answering.streamOpened(stream),
      onForged: () => telemetry.webhookForged(),
      maxHalfOpenPerAddress: limits.mediaConnectionsPerAddress,
    });
    telemetry.watchMedia(door.counters);
    stack.defer(() => door.close());
  }
  await api?.register(http);
  stack.defer(async () => {
    health.isAcceptingCalls = false;
    await calls?.drain(AbortSignal.timeout(limits.drainMs));
  });
  await http.listen({ host, port: wantedPort });
  health.isAcceptingCalls = true;

  const owned = stack.move();
  const { port } = http.server.address() as AddressInfo;
  return {
    address: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
