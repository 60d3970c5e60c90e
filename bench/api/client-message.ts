import type { Distribution } from '../statistics.ts';

/** One request, as often as there is time for it; several take turns. */
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
  /** As if each request came from somebody else, by way of a trusted proxy: an address may sign in now and then only. */
  readonly variesAddress: boolean;
}

export interface ClientFigures {
  readonly requestsPerSecond: number;
  /** Milliseconds from a request to the end of its answer. */
  readonly latency: Distribution | undefined;
  readonly answered: number;
  /** Answers other than 2xx by status, and requests that were never answered; empty unless something is wrong. */
  readonly failures: readonly string[];
}

export type ClientCommand = { readonly type: 'run'; readonly job: ClientJob } | { readonly type: 'stop' };
export type ClientMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly figures: ClientFigures }
  | { readonly type: 'failed'; readonly reason: string };
