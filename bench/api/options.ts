import { parseArgs } from 'node:util';

export interface ApiBenchOptions {
  /** Number of calls inserted before the measurement. */
  readonly recordedCalls: number;
  /** Duration of each round of a route. */
  readonly routeMs: number;
  /** How often the list and the bare route alternate. */
  readonly rounds: number;
  readonly liveCalls: number;
  /** How long the audio of the live calls is measured, without and with API clients. */
  readonly audioMs: number;
  /** A server on which a temporary database is created; an embedded one if undefined. */
  readonly databaseUrl: string | undefined;
}

export function readOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ApiBenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      calls: { type: 'string' },
      'live-calls': { type: 'string' },
      quick: { type: 'boolean', default: false },
      'database-url': { type: 'string' },
    },
  });
  const { quick } = values;
  const recordedCalls = Number(values.calls ?? (quick ? 5_000 : 100_000));
  const liveCalls = Number(values['live-calls'] ?? (quick ? 20 : 50));
  // A page has twenty, and the transcripts of hundreds are read.
  const isValid = Number.isInteger(recordedCalls) && recordedCalls >= 1_000 && Number.isInteger(liveCalls);
  if (!isValid || liveCalls < 0) throw new Error('--calls takes 1000 or more, --live-calls 0 or more');
  return {
    recordedCalls,
    liveCalls,
    routeMs: quick ? 2_000 : 8_000,
    rounds: quick ? 2 : 5,
    audioMs: quick ? 8_000 : 40_000,
    databaseUrl: (values['database-url'] ?? env['DATABASE_URL']) || undefined,
  };
}
