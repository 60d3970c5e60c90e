import type { Logger } from 'pino';
import type { Notifier, OutgoingMessage } from '../notices/notices.ts';

export interface DeliveriesDependencies {
  readonly notifier: Notifier;
  readonly logger: Pick<Logger, 'error'>;
}

/** So many at once are an attack or a sender that hangs; those beyond are dropped, and asked for again. */
const maxUnderWay = 200;

/**
 * Messages to people who may not exist: the answer to the request is given before anybody is looked for, so that
 * neither it nor its time tells.
 */
export class Deliveries implements AsyncDisposable {
  readonly #dependencies: DeliveriesDependencies;
  readonly #underWay = new Set<Promise<void>>();

  constructor(dependencies: DeliveriesDependencies) {
    this.#dependencies = dependencies;
  }

  /** `compose` finds out whether there is anybody to write to. */
  later(compose: () => Promise<OutgoingMessage | undefined>): void {
    if (this.#underWay.size >= maxUnderWay) {
      this.#dependencies.logger.error('message dropped; too many deliveries in flight');
      return;
    }
    const delivery = this.#deliver(compose);
    this.#underWay.add(delivery);
    void delivery.then(() => this.#underWay.delete(delivery));
  }

  /** Fails when the message cannot be sent. */
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

  /** Waits for what is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#underWay);
  }
}
