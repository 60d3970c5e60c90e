import { formatDistribution, formatMs, judged, printTable } from '../table.ts';
import { API_CLIENTS, type AudioFigures } from './measure-audio.ts';
import type { RouteFigures } from './measure-routes.ts';

const targets = { listToBare: 2.5, audioP99Ms: 10 } as const;

export function printRoutes(figures: readonly RouteFigures[], recordedCalls: number, database: string): void {
  printTable(
    `(a) Requests, one route at a time, ${recordedCalls.toLocaleString('en')} calls on record, ${database}`,
    ['route', 'connections', 'requests/s', 'p50 ms', 'p99 ms', 'CPU-ms/request', 'failed'],
    figures.map(({ name, connections, requestsPerSecond, latency, cpuMsPerRequest, failures }) => [
      name,
      String(connections),
      requestsPerSecond.toFixed(0),
      formatMs(latency?.p50),
      formatMs(latency?.p99),
      cpuMsPerRequest?.toFixed(2) ?? '–',
      failures.join(', ') || 'none',
    ]),
  );
}

export function printRatio(list: RouteFigures, bare: RouteFigures, pageBytes: number): void {
  const ratio = bare.requestsPerSecond / list.requestsPerSecond;
  const cpu =
    list.cpuMsPerRequest === undefined || bare.cpuMsPerRequest === undefined
      ? '–'
      : (list.cpuMsPerRequest / bare.cpuMsPerRequest).toFixed(2);
  printTable(
    `(b) What a page of calls costs beside a bare route that gives the same ${pageBytes} bytes; target ≤ ${targets.listToBare} ×`,
    ['', 'list / bare'],
    [
      ['time per request', judged(`${ratio.toFixed(2)} ×`, ratio <= targets.listToBare)],
      ['CPU of the process', `${cpu} ×`],
    ],
  );
}

export function printAudio({ alone, withClients, clients }: AudioFigures): void {
  const row = (
    name: string,
    of: (figures: AudioFigures['alone']) => Parameters<typeof formatDistribution>[0],
  ) => {
    const before = of(alone);
    const after = of(withClients);
    const moved = before && after && after.p99 - before.p99;
    return [
      name,
      formatDistribution(before),
      formatDistribution(after),
      judged(formatMs(moved), moved === undefined ? undefined : moved < targets.audioP99Ms),
    ];
  };
  const plain = (name: string, of: (figures: AudioFigures['alone']) => string) => [
    name,
    of(alone),
    of(withClients),
    '',
  ];
  printTable(
    `(c) Audio of ${alone.calls} live calls, ms (p50 / p95 / p99), without and with ${API_CLIENTS} API clients at full speed; target: p99 moves by < ${targets.audioP99Ms} ms`,
    ['', 'alone', 'with clients', 'p99 moves by'],
    [
      row('agent audio → caller', ({ stages }) => stages.audioMs),
      row('caller frame → STT', ({ everyFrame }) => everyFrame),
      row('added to a turn', ({ stages }) => stages.sumMs),
      row('greeting', ({ greeting }) => greeting),
      plain('simulator late', ({ simulatorLate }) => formatDistribution(simulatorLate)),
      plain('turns', ({ turns, unanswered }) => `${turns} (${unanswered} unanswered)`),
      plain('frames lost / gaps heard', ({ lostFrames, gaps }) => `${lostFrames} / ${gaps}`),
      plain('failed calls', ({ failedCalls }) => String(failedCalls)),
      plain('machine load', ({ machineLoad }) => machineLoad),
    ],
  );
  const { requestsPerSecond, latency, failures } = clients;
  console.log(
    `\nThe clients meanwhile: ${requestsPerSecond.toFixed(0)} requests/s, ${formatDistribution(latency)} ms, failed: ${failures.join(', ') || 'none'}`,
  );
}
