import { readFileSync } from 'node:fs';
import { link, open, readFile, rename, unlink, utimes, stat } from 'node:fs/promises';
import { hostname } from 'node:os';

/**
 * A lock file that allows one process per folder. Two PGlite processes would open the same folder without an error and
 * corrupt it, and a process must not repair the live journals of another. A stale lock, of a process that has ended, is
 * taken over.
 */
export interface FolderLock {
  release(): Promise<void>;
}

class FolderLocked extends Error {
  override readonly name = 'FolderLocked';
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Distinguishes a process from a later one with the same pid; undefined if the system does not report it. */
  readonly startedTicks: string | undefined;
}

// Whether a holder on another machine or in another container is alive cannot be queried, so it touches the file as a
// heartbeat. The lock is stale after three missed ones.
const touchEveryMs = 5_000;
const goneAfterMs = 3 * touchEveryMs;

/** Takes the lock file at `path`, or throws with its holder; `what` names the locked thing in that message. */
export async function lockFolder(path: string, what: string): Promise<FolderLock> {
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await create(path)) return held(path);
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const holder = parseHolder(text);
    if (holder !== undefined && (await isAlive(path, holder)))
      throw new FolderLocked(explain(path, what, holder));
    await removeStale(path, text);
  }
  throw new FolderLocked(`${path} could not be taken: other processes are starting on it at the same time.`);
}

async function create(path: string): Promise<boolean> {
  const holder: Holder = { pid: process.pid, host: hostname(), startedTicks: startedTicks(process.pid) };
  // Written to a temporary file and linked, so that nobody reads an incomplete lock.
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  const file = await open(draft, 'wx');
  try {
    await file.writeFile(JSON.stringify(holder));
    await file.close();
    await link(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await unlink(draft);
  }
}

function held(path: string): FolderLock {
  const timer = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined); // the lock was removed by hand; the process continues
  }, touchEveryMs);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      await unlink(path).catch(() => undefined);
    },
  };
}

async function isAlive(path: string, holder: Holder): Promise<boolean> {
  if (holder.host !== hostname()) {
    const file = await stat(path).catch(() => undefined);
    return file !== undefined && Date.now() - file.mtimeMs < goneAfterMs;
  }
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
  return holder.startedTicks === undefined || holder.startedTicks === startedTicks(holder.pid);
}

/** Two processes may find the same stale lock; only the one that renames the file it has checked removes it. */
async function removeStale(path: string, judged: string): Promise<void> {
  const aside = `${path}.stale.${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  const moved = await readFile(aside, 'utf8');
  if (moved !== judged) await link(aside, path).catch(() => undefined);
  await unlink(aside);
}

function parseHolder(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

/** The 22nd field of Linux's `/proc/<pid>/stat`; the second may hold spaces, so count from its closing bracket. */
function startedTicks(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function explain(path: string, what: string, holder: Holder): string {
  return (
    `${what} is in use by process ${holder.pid} on ${holder.host}. ` +
    'Stop that process, or choose another DATA_DIR. ' +
    `If no such process of Parley is running, delete ${path}.`
  );
}
