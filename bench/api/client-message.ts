import type { Distribution } from '../statistics.ts';

/** A request that is repeated for the duration; several alternate. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ClientJob {
  readonly url: string;
  /** Each sends its next request when the last is answered. */
  readonly connections: number;
  readonly durationMs: number;
  readonly requests: readonly ApiRequest[];
  /**
   * Sends each request with another client address, as a trusted proxy would, because sign-ins are limited per address.
   */
  readonly variesAddress: boolean;
}

export interface ClientFigures {
  readonly requestsPerSecond: number;
  /** Milliseconds from a request to the end of its answer. */
  readonly latency: Distribution | undefined;
  readonly answered: number;
  /** Responses other than 2xx by status, and requests without a response. */
  readonly failures: readonly string[];
}

export type ClientCommand = { readonly type: 'run'; readonly job: ClientJob } | { readonly type: 'stop' };
export type ClientMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly figures: ClientFigures }
  | { readonly type: 'failed'; readonly reason: string };
