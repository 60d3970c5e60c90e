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
// Enough for some hundred keys on every endpoint. Above this, new combinations are not counted until the next flush.
const maxCounts = 20_000;

/** Counts requests of each key in memory, and writes the counts every few seconds instead of with every request. */
export class UsageMeter implements AsyncDisposable {
  readonly #tenancy: Tenancy;
  readonly #clock: Clock;
  #counts = new Map<string, UsageCount>();
  // Repeated in every process and not a job, because the counts are in this process's memory.
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

  /** Writes the counts; resolves when they are written, or kept for the next flush after a failure. */
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
      // Bounded, because statistics of a long outage are worth less than the memory they take.
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
