import autocannon, { type Cannon, type CannonRequest } from 'autocannon';
import { distributionOf } from '../statistics.ts';
import type { ClientCommand, ClientFigures, ClientJob, ClientMessage } from './client-message.ts';

/** Sends requests from a separate process, so that its work delays neither the callers nor the measurement. */
let running: Cannon | undefined;
let addresses = 0;

process.on('message', (command: ClientCommand) => {
  if (command.type === 'stop') {
    running?.stop();
    return;
  }
  run(command.job).then(
    (figures) => tell({ type: 'done', figures }),
    (error: unknown) => tell({ type: 'failed', reason: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
tell({ type: 'ready' });

function run(job: ClientJob): Promise<ClientFigures> {
  const { url, connections, durationMs, variesAddress } = job;
  const requests = job.requests.map((request) =>
    variesAddress ? { ...request, setupRequest: fromSomebodyElse } : request,
  );
  const latenciesMs: number[] = [];
  const refusedByStatus = new Map<number, number>();
  const { promise, resolve, reject } = Promise.withResolvers<ClientFigures>();
  const startedAtMs = performance.now();
  running = autocannon({ url, connections, duration: durationMs / 1_000, requests }, (error, result) => {
    if (error !== null) return reject(error);
    const elapsedMs = performance.now() - startedAtMs;
    resolve({
      requestsPerSecond: (latenciesMs.length / elapsedMs) * 1_000,
      latency: distributionOf(latenciesMs),
      answered: latenciesMs.length,
      failures: [
        ...[...refusedByStatus].map(([status, count]) => `${count} × ${status}`),
        ...(result.errors === 0 ? [] : [`${result.errors} × no answer`]),
      ],
    });
  });
  running.on('response', (_client: unknown, status: number, _bytes: number, latencyMs: number) => {
    if (status >= 200 && status < 300) latenciesMs.push(latencyMs);
    else refusedByStatus.set(status, (refusedByStatus.get(status) ?? 0) + 1);
  });
  return promise;
}

function fromSomebodyElse(request: CannonRequest): CannonRequest {
  addresses += 1;
  const address = `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`;
  return { ...request, headers: { ...request.headers, 'x-forwarded-for': address } };
}

function tell(message: ClientMessage): void {
  process.send?.(message);
}
