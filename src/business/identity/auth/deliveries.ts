import type { Logger } from 'pino';
import type { Notifier, OutgoingMessage } from '../notices/notices.ts';

export interface DeliveriesDependencies {
  readonly notifier: Notifier;
  readonly logger: Pick<Logger, 'error'>;
}

/** More deliveries at once are an attack or a hanging sender; they are dropped, and users can request them again. */
const maxUnderWay = 200;

/**
 * Sends messages to accounts that may not exist. The account is looked up after the response, so that neither the
 * response nor its time reveals whether it exists.
 */
export class Deliveries implements AsyncDisposable {
  readonly #dependencies: DeliveriesDependencies;
  readonly #underWay = new Set<Promise<void>>();

  constructor(dependencies: DeliveriesDependencies) {
    this.#dependencies = dependencies;
  }

  /** `compose` looks the account up; without one nothing is sent. */
  later(compose: () => Promise<OutgoingMessage | undefined>): void {
    if (this.#underWay.size >= maxUnderWay) {
      this.#dependencies.logger.error('message dropped; too many deliveries in flight');
      return;
    }
    const delivery = this.#deliver(compose);
    this.#underWay.add(delivery);
    void delivery.then(() => this.#underWay.delete(delivery));
  }

  /** Sends a message; rejects if that fails. */
  now(message: OutgoingMessage): Promise<void> {
    return this.#dependencies.notifier.send(message);
  }

  async #deliver(compose: () => Promise<OutgoingMessage | undefined>): Promise<void> {
    try {
      const message = await compose();
      if (message !== undefined) await this.#dependencies.notifier.send(message);
    } catch (error) {
      this.#dependencies.logger.error({ err: error }, 'sign-in message delivery failed');
    }
  }

  /** Waits for deliveries in progress. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#underWay);
  }
}
