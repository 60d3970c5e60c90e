import type { Logger } from 'pino';
import type { Clock } from '../../../platform/process/clock.ts';
import { every, type Repetition } from '../../../platform/process/every.ts';
import type { Tenancy } from '../../tenancy/tenancy.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { ApiKeyId } from '../../tenancy/ids/ids.ts';
import { addUsage, type UsageCount } from './api-key-usage.ts';
import { addDuration, emptyHistogram } from './usage-histogram.ts';

export interface ServedRequest {
  readonly tenantId: TenantId;
  readonly apiKeyId: ApiKeyId;
  /** Method and pattern: `GET /v1/calls/:id`. */
  readonly endpoint: string;
  readonly status: number;
  readonly durationMs: number;
}

const flushEveryMs = 5_000;
// Some hundred keys busy on every endpoint. Past this, what is new is not counted until the next flush.
const maxCounts = 20_000;

/** Counts what each key does in memory, and writes it down every few seconds: never a write per request. */
export class UsageMeter implements AsyncDisposable {
  readonly #tenancy: Tenancy;
  readonly #clock: Clock;
  #counts = new Map<string, UsageCount>();
  // Of this process, not a job of the fleet: what is counted is in this process's memory.
  readonly #flushing: Repetition;

  constructor(options: { readonly tenancy: Tenancy; readonly clock: Clock; readonly logger: Logger }) {
    this.#tenancy = options.tenancy;
    this.#clock = options.clock;
    this.#flushing = every({
      clock: options.clock,
      intervalMs: flushEveryMs,
      run: () => this.#write(),
      onError: (error) => options.logger.warn({ err: error }, 'API key usage flush failed; will retry'),
    });
  }

  count({ tenantId, apiKeyId, endpoint, status, durationMs }: ServedRequest): void {
    const day = this.#clock.date().toISOString().slice(0, 10);
    const name = `${apiKeyId} ${day} ${endpoint}`;
    let entry = this.#counts.get(name);
    if (entry === undefined) {
      if (this.#counts.size >= maxCounts) return;
      entry = { tenantId, apiKeyId, day, endpoint, requests: 0, errors: 0, durations: emptyHistogram() };
      this.#counts.set(name, entry);
    }
    entry.requests += 1;
    if (status >= 400) entry.errors += 1;
    addDuration(entry.durations, durationMs);
  }

  /** Resolves when what was counted so far is written down, or is back to be written with the next. */
  flush(): Promise<void> {
    return this.#flushing.runNow();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
    await this.#flushing[Symbol.asyncDispose]();
  }

  async #write(): Promise<void> {
    const counts = [...this.#counts.values()];
    if (counts.length === 0) return;
    this.#counts = new Map();
    try {
      await this.#tenancy.system((tx) => addUsage(tx, counts));
    } catch (error) {
      // Statistics: what comes while the database is away for long is worth less than the memory it would take.
      for (const count of counts) this.#putBack(count);
      throw error;
    }
  }

  #putBack(count: UsageCount): void {
    const name = `${count.apiKeyId} ${count.day} ${count.endpoint}`;
    const newer = this.#counts.get(name);
    if (newer === undefined) {
      if (this.#counts.size < maxCounts) this.#counts.set(name, count);
      return;
    }
    newer.requests += count.requests;
    newer.errors += count.errors;
    for (const [index, add] of count.durations.entries()) {
      newer.durations[index] = (newer.durations[index] ?? 0) + add;
    }
  }
}
