import { Worker } from 'node:worker_threads';
import type { Request, Response, WireError, WireResult, WireValue, WorkerOptions } from './messages.ts';

// `Omit` over a union drops what the members do not share; a distributive type keeps each member.
type Unnumbered<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never;
type Answer = Extract<Response, { readonly id: number }>;
type Pending = { resolve: (answer: Answer) => void; reject: (error: Error) => void };

/** The main thread's side of the PGlite worker. */
export class PgliteThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #onNotification: (channel: string, payload: string) => void;
  #lastId = 0;
  /** Why the thread has ended; every later query is rejected with this error. */
  #endedBy: Error | undefined;

  private constructor(worker: Worker, onNotification: (channel: string, payload: string) => void) {
    this.#worker = worker;
    this.#onNotification = onNotification;
    worker.on('error', (error) => this.#die(new Error('The embedded database stopped.', { cause: error })));
    worker.on('exit', (code) => this.#die(new Error(`The embedded database has ended (exit code ${code}).`)));
  }

  static async start(
    options: WorkerOptions,
    onNotification: (channel: string, payload: string) => void,
  ): Promise<PgliteThread> {
    const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: options });
    const thread = new PgliteThread(worker, onNotification);
    await new Promise<void>((resolve, reject) => {
      // Number 0 is the start itself, so that a crash during the start rejects like any query.
      thread.#pending.set(0, { resolve: () => resolve(), reject });
      worker.on('message', (response: Response) => {
        if (response.kind === 'ready') {
          thread.#pending.delete(0);
          resolve();
        } else thread.#receive(response);
      });
    });
    return thread;
  }

  async query(text: string, values: readonly WireValue[] | undefined): Promise<WireResult> {
    const answer = await this.#ask({ kind: 'query', text, values });
    if (answer.kind !== 'result')
      throw new Error(`The embedded database answered a query with ${answer.kind}.`);
    return answer.result;
  }

  /** The whole data directory as a tar, to start another one from. */
  async snapshot(): Promise<Uint8Array> {
    const answer = await this.#ask({ kind: 'snapshot' });
    if (answer.kind !== 'snapshot') throw new Error(`The embedded database answered ${answer.kind}.`);
    return answer.bytes;
  }

  /** Waits until PGlite has written and closed its files; only then may another process open the folder. */
  async close(): Promise<void> {
    if (this.#endedBy !== undefined) return;
    try {
      await this.#ask({ kind: 'close' });
    } finally {
      await this.#worker.terminate();
    }
  }

  #ask(request: Unnumbered<Request>): Promise<Answer> {
    if (this.#endedBy !== undefined) return Promise.reject(this.#endedBy);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ ...request, id }, []);
    });
  }

  #receive(response: Exclude<Response, { readonly kind: 'ready' }>): void {
    if (response.kind === 'notification') {
      this.#onNotification(response.channel, response.payload);
      return;
    }
    const pending = this.#pending.get(response.id);
    this.#pending.delete(response.id);
    if (response.kind === 'failed') pending?.reject(databaseError(response.error));
    else pending?.resolve(response);
  }

  #die(reason: Error): void {
    this.#endedBy ??= reason;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(this.#endedBy);
  }
}

function databaseError(error: WireError): Error {
  return Object.assign(new Error(error.message), error);
}
