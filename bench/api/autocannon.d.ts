/** Types for the part of the package that the benchmark uses. */
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  export interface CannonRequest {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly setupRequest?: (request: CannonRequest) => CannonRequest;
  }

  export interface CannonOptions {
    readonly url: string;
    readonly connections: number;
    /** Seconds. */
    readonly duration: number;
    readonly requests: readonly CannonRequest[];
  }

  export interface CannonResult {
    /** Timeouts are among them. */
    readonly errors: number;
  }

  export interface Cannon extends EventEmitter {
    stop(): void;
  }

  export default function autocannon(
    options: CannonOptions,
    done: (error: Error | null, result: CannonResult) => void,
  ): Cannon;
}
