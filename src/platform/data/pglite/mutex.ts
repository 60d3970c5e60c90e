/** A fair mutex (first in, first out); a user that has waited too long is rejected. */
export class Mutex {
  readonly #waitLimitMs: number;
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  constructor(waitLimitMs: number) {
    this.#waitLimitMs = waitLimitMs;
  }

  /** Resolves with the function that releases the lock, once it is acquired. */
  enter(): Promise<() => void> {
    if (!this.#isTaken) {
      this.#isTaken = true;
      return Promise.resolve(this.#leaveOnce());
    }
    return new Promise((resolve, reject) => {
      const go = (): void => {
        clearTimeout(timer);
        resolve(this.#leaveOnce());
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        reject(new Error(waitedTooLong(this.#waitLimitMs)));
      }, this.#waitLimitMs);
      this.#waiting.push(go);
    });
  }

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    const leave = await this.enter();
    try {
      return await work();
    } finally {
      leave();
    }
  }

  #leaveOnce(): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = this.#waiting.shift();
      if (next === undefined) this.#isTaken = false;
      else next();
    };
  }
}

function waitedTooLong(waitLimitMs: number): string {
  return (
    `No turn at the embedded database within ${waitLimitMs} ms: its one connection is held by a transaction. ` +
    'Most likely a query on the outer `db` was made inside a transaction, which can then never end; ' +
    'pass the transaction on instead.'
  );
}
