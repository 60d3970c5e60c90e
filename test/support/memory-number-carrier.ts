import type {
  AvailableNumber,
  NumberCarrier,
  NumberSearch,
  NumberWebhooks,
  OrderOutcome,
  OwnedNumber,
} from '../../src/business/line/numbers/numbers.ts';
import { VendorError } from '../../src/platform/process/errors.ts';

export const testWebhooks: NumberWebhooks = {
  voiceUrl: 'http://localhost:3000/webhooks/twilio/voice',
  statusUrl: 'http://localhost:3000/webhooks/twilio/status',
};

const capabilities = { voice: true, sms: true, mms: false };

/** A carrier that sells every American number once, and breaks when it is told to. */
export class MemoryNumberCarrier implements NumberCarrier {
  readonly owned = new Map<string, OwnedNumber>();
  readonly soldElsewhere = new Set<string>();
  readonly requests: string[] = [];
  /** `before`: nothing comes of the next request; `after`: it is done, and its answer is lost. */
  breaks: 'before' | 'after' | undefined;

  searchAvailable({ country, limit }: NumberSearch): Promise<AvailableNumber[] | undefined> {
    if (country !== 'US') return Promise.resolve(undefined);
    const numbers = Array.from({ length: limit }, (_, index) => `+1312555${1000 + index}`);
    const shelf = { country, locality: 'Chicago', region: 'IL', addressRequirement: 'none' };
    return Promise.resolve(numbers.map((number) => ({ number, capabilities, ...shelf })));
  }

  findOwned(number: string): Promise<OwnedNumber | undefined> {
    return this.#request(`find ${number}`, () => this.owned.get(number));
  }

  order(number: string, { voiceUrl, statusUrl }: NumberWebhooks): Promise<OrderOutcome> {
    return this.#request(`order ${number}`, () => {
      if (this.soldElsewhere.has(number) || this.owned.has(number)) {
        return { type: 'refused', reason: `${number} is not available.` } as const;
      }
      const owned = { carrierSid: `PN${number.slice(1)}`, number, capabilities, voiceUrl, statusUrl };
      this.owned.set(number, owned);
      return { type: 'ordered', owned } as const;
    });
  }

  configure(carrierSid: string, webhooks: NumberWebhooks): Promise<OwnedNumber | undefined> {
    return this.#request(`configure ${carrierSid}`, () => {
      const owned = this.#findBySid(carrierSid);
      if (owned === undefined) return undefined;
      const configured = { ...owned, ...webhooks };
      this.owned.set(owned.number, configured);
      return configured;
    });
  }

  async release(carrierSid: string): Promise<void> {
    await this.#request(`release ${carrierSid}`, () => {
      const owned = this.#findBySid(carrierSid);
      if (owned !== undefined) this.owned.delete(owned.number);
    });
  }

  #findBySid(carrierSid: string): OwnedNumber | undefined {
    return [...this.owned.values()].find((owned) => owned.carrierSid === carrierSid);
  }

  async #request<Result>(what: string, answer: () => Result): Promise<Result> {
    this.requests.push(what);
    const { breaks } = this;
    this.breaks = undefined;
    if (breaks === 'before') throw broken;
    const result = answer();
    if (breaks === 'after') throw broken;
    return Promise.resolve(result);
  }
}

const broken = new VendorError('twilio', 'socket hang up', { isRetryable: true, code: 'network' });
