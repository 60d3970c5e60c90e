import type { LiveCalls } from '../business/record/calls/calls.ts';
import type { TenantId } from '../platform/data/ids.ts';
import type { CallId, CallSid } from '../business/tenancy/ids/ids.ts';
import type { CallSession } from './call-session.ts';

export interface CallRegistryOptions {
  readonly maxCalls: number;
  /** True while one more call would impair the live ones. */
  readonly isOverloaded: () => boolean;
}

/** The calls of this process. A slot is taken when the phone rings, so two calls can never share the last one [L25]. */
export class CallRegistry implements LiveCalls {
  readonly #sessions = new Map<CallSid, CallSession>();
  readonly #options: CallRegistryOptions;
  #isDraining = false;
  #onEmpty: (() => void) | undefined;

  constructor(options: CallRegistryOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#sessions.size;
  }

  get hasRoom(): boolean {
    if (this.#isDraining || this.#options.isOverloaded()) return false;
    return this.#sessions.size < this.#options.maxCalls;
  }

  add(callSid: CallSid, session: CallSession): void {
    this.#sessions.set(callSid, session);
  }

  remove(callSid: CallSid): void {
    this.#sessions.delete(callSid);
    if (this.#sessions.size === 0) this.#onEmpty?.();
  }

  find(callSid: CallSid): CallSession | undefined {
    return this.#sessions.get(callSid);
  }

  list(tenantId: TenantId): { callId: CallId; startedAt: Date; from: string }[] {
    return [...this.#sessions.values()]
      .filter((session) => session.line.tenantId === tenantId)
      .map(({ callId, startedAt, from }) => ({ callId, startedAt, from: from ?? '' }));
  }

  end(tenantId: TenantId, callId: CallId): boolean {
    for (const session of this.#sessions.values()) {
      if (session.callId !== callId || session.line.tenantId !== tenantId) continue;
      session.close('ended-by-request');
      return true;
    }
    return false;
  }

  /** Refuses new calls, waits until the live ones have ended or `signal` aborts, then ends the rest. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#isDraining = true;
    const left = [...this.#sessions.values()];
    if (left.length > 0 && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#onEmpty = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
      await promise;
    }
    for (const session of this.#sessions.values()) session.close('shutdown');
    await Promise.all(left.map((session) => session.closed));
  }
}
