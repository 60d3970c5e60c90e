import type { CarrierBehaviour } from '../scenario.ts';
import type { FormParameters } from './signature.ts';
import type { WebhookAnswer, WebhookSender } from './webhook.ts';

export type CallStatus =
  | 'queued'
  | 'initiated'
  | 'ringing'
  | 'in-progress'
  | 'completed'
  | 'busy'
  | 'no-answer'
  | 'failed'
  | 'canceled';

export interface StatusChange {
  readonly status: CallStatus;
  readonly parameters: FormParameters;
}

/**
 * Posts a call's changes to the server's status URL: each is numbered when it happens, and sent as the scenario says.
 * The responses are ignored.
 */
export class StatusCallbacks {
  readonly #sender: WebhookSender;
  readonly #url: string | undefined;
  readonly #manner: NonNullable<CarrierBehaviour['statusCallbacks']>;
  readonly #onSent: (url: string, answer: WebhookAnswer) => void;
  readonly #underway: Promise<unknown>[] = [];
  #withheld: FormParameters | undefined;
  #sequence = 0;

  constructor(options: {
    readonly sender: WebhookSender;
    readonly url: string | undefined;
    readonly manner: CarrierBehaviour['statusCallbacks'];
    readonly onSent: (url: string, answer: WebhookAnswer) => void;
  }) {
    this.#sender = options.sender;
    this.#url = options.url;
    this.#manner = options.manner ?? 'once';
    this.#onSent = options.onSent;
  }

  /** The call is answered. For an inbound call it is sent only when a scenario wants the messages out of order. */
  answered(change: StatusChange, wantsProgress: boolean): void {
    const parameters = this.#numbered(change);
    if (this.#manner === 'disordered') this.#withheld = parameters;
    else if (wantsProgress) this.#send(parameters);
  }

  progressed(change: StatusChange): void {
    this.#send(this.#numbered(change));
  }

  /** The last one; resolves when all have been delivered. */
  async ended(change: StatusChange): Promise<void> {
    const parameters = this.#numbered(change);
    this.#send(parameters);
    if (this.#withheld !== undefined) {
      await Promise.all(this.#underway);
      this.#send(this.#withheld);
    }
    await Promise.all(this.#underway);
  }

  #numbered({ status, parameters }: StatusChange): FormParameters {
    const sequence = this.#sequence;
    this.#sequence += 1;
    return [
      ...parameters.filter(([name]) => name !== 'CallStatus'),
      ['CallStatus', status],
      ['Timestamp', new Date().toUTCString().replace('GMT', '+0000')],
      ['CallbackSource', 'call-progress-events'],
      ['SequenceNumber', String(sequence)],
    ];
  }

  #send(parameters: FormParameters): void {
    const url = this.#url;
    if (url === undefined) return;
    const copies = this.#manner === 'twice' ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const sent = this.#sender.send({ url, method: 'POST', parameters });
      this.#underway.push(sent.then((answer) => this.#onSent(url, answer)));
    }
  }
}
