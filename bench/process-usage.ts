import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second. */
const MS_PER_TICK = 10;

export interface ProcessUsage {
  readonly atMs: number;
  /** User and system time so far. */
  readonly cpuMs: number;
  readonly cpuMsByThread: ReadonlyMap<string, { readonly name: string; readonly cpuMs: number }>;
  readonly residentBytes: number;
}

/** What a process has used, from /proc; undefined where there is none. */
export function readUsage(pid: number): ProcessUsage | undefined {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).flatMap((thread) => readThread(pid, thread));
    return {
      atMs: performance.now(),
      cpuMs: cpuMsIn(readFileSync(`/proc/${pid}/stat`, 'latin1')),
      cpuMsByThread: new Map(threads),
      residentBytes: residentBytesIn(readFileSync(`/proc/${pid}/status`, 'latin1')),
    };
  } catch {
    return undefined;
  }
}

export interface UsageBetween {
  readonly cpuMs: number;
  /** Of the thread that runs the calls. */
  readonly mainThreadCpuMs: number;
  /** Of the busiest other thread: the embedded database, when there is one. */
  readonly otherThreadCpuMs: number;
  readonly elapsedMs: number;
}

export function usageBetween(pid: number, before: ProcessUsage, after: ProcessUsage): UsageBetween {
  const used = [...after.cpuMsByThread].map(([thread, { cpuMs }]) => ({
    isMain: thread === String(pid),
    cpuMs: cpuMs - (before.cpuMsByThread.get(thread)?.cpuMs ?? 0),
  }));
  return {
    cpuMs: after.cpuMs - before.cpuMs,
    mainThreadCpuMs: used.find(({ isMain }) => isMain)?.cpuMs ?? 0,
    otherThreadCpuMs: Math.max(0, ...used.filter(({ isMain }) => !isMain).map(({ cpuMs }) => cpuMs)),
    elapsedMs: after.atMs - before.atMs,
  };
}

function readThread(pid: number, thread: string): [string, { name: string; cpuMs: number }][] {
  try {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1');
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    return [[thread, { name, cpuMs: cpuMsIn(stat) }]];
  } catch {
    // The thread has ended meanwhile.
    return [];
  }
}

/** Fields are counted after the name, which may contain spaces and brackets. */
function cpuMsIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

function residentBytesIn(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}
