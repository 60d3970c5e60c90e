import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Measured one after the other, fewest first. */
  readonly calls: readonly number[];
  readonly windowMs: number;
  /** Whether to increase the load above the last of `calls` until the server cannot keep up. */
  readonly findsLimit: boolean;
  /** Leaves out interruptions and speculation. */
  readonly onlyLoad: boolean;
  readonly databaseUrl: string | undefined;
  /** For the server's node: `--cpu-prof`, `--trace-gc`. */
  readonly serverFlags: readonly string[];
}

export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      calls: { type: 'string' },
      seconds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      'only-load': { type: 'boolean', default: false },
      'find-limit': { type: 'boolean', default: false },
      'database-url': { type: 'string' },
      'server-flags': { type: 'string', default: '' },
    },
  });
  const calls = (values.calls ?? (values.quick ? '50' : '1,50,100,200,400')).split(',').map(Number);
  const seconds = Number(values.seconds ?? (values.quick ? 10 : 20));
  const isValid = calls.every((count) => Number.isInteger(count) && count > 0) && seconds > 0;
  if (!isValid) throw new Error('--calls takes whole numbers with commas, --seconds a number');
  return {
    calls: calls.toSorted((a, b) => a - b),
    windowMs: seconds * 1_000,
    findsLimit: values['find-limit'],
    onlyLoad: values['only-load'],
    databaseUrl: values['database-url'],
    serverFlags: values['server-flags'].split(' ').filter(Boolean),
  };
}
