import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';

/** The server has the first core to itself; the simulator has the second. */
export const SERVER_CORE = 0;
const SIMULATOR_CORE = 1;
export const PINNING_PROGRAM = 'taskset';

/** Whether processes can be pinned to a core. */
export const canPin = cpus().length > 1 && hasTaskset();

/** Keeps this process, and what it will start, off the server's core. */
export function pinSimulator(): void {
  if (canPin) execFileSync(PINNING_PROGRAM, ['-acp', String(SIMULATOR_CORE), String(process.pid)]);
}

export function describeMachine(): string {
  const [cpu] = cpus();
  const cores = canPin ? `server on core ${SERVER_CORE}, simulator on core ${SIMULATOR_CORE}` : 'not pinned';
  return [
    `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'} (${cores}), ${Math.round(totalmem() / 2 ** 30)} GiB,`,
    `node ${process.version}, ${process.platform}-${process.arch}, load ${describeLoad()}`,
  ].join(' ');
}

/** Load average of the last minute, which shows other work during the measurement. */
export function describeLoad(): string {
  return loadavg()[0]!.toFixed(1);
}

function hasTaskset(): boolean {
  try {
    execFileSync(PINNING_PROGRAM, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
