import type { Logger } from 'pino';
import type { Clock } from '../../../platform/process/clock.ts';
import { every, type Repetition } from '../../../platform/process/every.ts';
import type { SystemTx, Tenancy } from '../../tenancy/tenancy.ts';
import type { AgentVersionId } from '../../tenancy/ids/ids.ts';
import { linesOf } from './choose-agent.ts';
import { assembleLines, type DirectoryContent, parseVersion } from './directory-content.ts';
import { type AgentConfig, listVersionConfigs } from '../agents/agents.ts';
import * as queries from './directory-queries.ts';
import type { DialledLine, Line, LineDirectory } from './line.ts';
import type { LineSnapshot } from './line-snapshot.ts';

export interface DirectoryDependencies {
  readonly tenancy: Tenancy;
  readonly snapshot: LineSnapshot;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called with all lines at the start and after every change, to prepare what their calls will need. */
  readonly onLines?: (lines: readonly Line[]) => void;
}

// A change is to be heard on the next call two seconds later. One small read a second is cheaper to rely on than a
// notification, which a lost connection or a busy pool can swallow.
const refreshEveryMs = 1_000;

interface Change {
  readonly stamp: number;
  readonly content: DirectoryContent;
  /** Of the versions that were not known yet. */
  readonly added: readonly { readonly id: AgentVersionId; readonly config: unknown }[];
}

/**
 * All lines in memory, refreshed by a timer. While the database cannot be reached it serves what it has; started without
 * the database it serves the snapshot of its last run.
 */
export class StoredLineDirectory implements LineDirectory, AsyncDisposable {
  readonly #dependencies: DirectoryDependencies;
  #lines: ReadonlyMap<string, DialledLine> = new Map();
  /** The same object for as long as a version answers: what is derived from it is derived once. */
  #versions: ReadonlyMap<AgentVersionId, AgentConfig> = new Map();
  #stamp: number | undefined;
  #isOutOfReach = false;
  // Of each process, not a job of the fleet: each has the lines in its own memory.
  readonly #refreshing: Repetition;

  private constructor(dependencies: DirectoryDependencies) {
    const { clock, logger } = dependencies;
    this.#dependencies = dependencies;
    this.#refreshing = every({
      clock,
      intervalMs: refreshEveryMs,
      run: () => this.#refresh(),
      onError: (error) => logger.error({ err: error }, 'line directory failed; will retry'),
    });
  }

  /** Resolves when there is something to serve, from the database or from the last run. */
  static async open(dependencies: DirectoryDependencies): Promise<StoredLineDirectory> {
    const snapshot = await dependencies.snapshot.read();
    const directory = new StoredLineDirectory(dependencies);
    if (snapshot !== undefined) {
      directory.#versions = snapshot.versions;
      directory.#lines = assembleLines(snapshot.content, snapshot.versions);
    }
    await directory.refresh();
    // Nothing came from the database, so that the snapshot is what there is.
    if (directory.#stamp === undefined) directory.#announceLines();
    return directory;
  }

  find(number: string): DialledLine | undefined {
    return this.#lines.get(number);
  }

  /** Reads what has changed now; the timer does so by itself. Never rejects. */
  refresh(): Promise<void> {
    return this.#refreshing.runNow();
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#refreshing[Symbol.asyncDispose]();
  }

  async #refresh(): Promise<void> {
    const { tenancy, logger } = this.#dependencies;
    try {
      const change = await tenancy.system((tx) => this.#readChange(tx));
      if (this.#isOutOfReach) logger.info('line directory refresh recovered');
      this.#isOutOfReach = false;
      if (change !== undefined) await this.#replace(change);
    } catch (error) {
      if (!this.#isOutOfReach) {
        logger.warn(
          { err: error, lines: this.#lines.size },
          'line directory refresh failed; serving last snapshot',
        );
      }
      this.#isOutOfReach = true;
    }
  }

  async #readChange(tx: SystemTx): Promise<Change | undefined> {
    // The stamp first: lines that change in between only make the next refresh load again.
    const stamp = await queries.readStamp(tx);
    if (stamp === this.#stamp) return undefined;
    const content = await queries.readContent(tx);
    const unknown = content.agents
      .map(({ agentVersionId }) => agentVersionId)
      .filter((id) => !this.#versions.has(id));
    const added = unknown.length === 0 ? [] : await listVersionConfigs(tx, unknown);
    return { stamp, content, added };
  }

  async #replace({ stamp, content, added }: Change): Promise<void> {
    const { logger, snapshot } = this.#dependencies;
    const read = new Map<AgentVersionId, AgentConfig>();
    for (const { id, config } of added) {
      const agent = parseVersion(config);
      if (agent !== undefined) read.set(id, agent);
      // One agent this server cannot read must not silence the others.
      else logger.error({ agentVersionId: id }, 'agent version not readable; its lines are not answered');
    }
    const versions = new Map<AgentVersionId, AgentConfig>();
    for (const { agentVersionId: id } of content.agents) {
      const agent = read.get(id) ?? this.#versions.get(id);
      if (agent !== undefined) versions.set(id, agent);
    }
    this.#versions = versions;
    this.#lines = assembleLines(content, versions);
    this.#stamp = stamp;
    this.#announceLines();
    await snapshot.write({ content, versions }).catch((error: unknown) => {
      logger.warn({ err: error }, 'line directory snapshot write failed');
    });
  }

  #announceLines(): void {
    this.#dependencies.onLines?.([...this.#lines.values()].flatMap(linesOf));
  }
}
