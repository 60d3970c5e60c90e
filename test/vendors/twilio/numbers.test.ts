import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NumberCarrier } from '../../../src/business/line/numbers/numbers.ts';
import { VendorError } from '../../../src/platform/process/errors.ts';
import { type Simulator, startSimulator } from '../../../simulator/simulator.ts';
import { createTwilioNumbers } from '../../../src/vendors/twilio/numbers.ts';

const webhooks = { voiceUrl: 'https://line.example/voice', statusUrl: 'https://line.example/status' };
const account = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'token' };

let simulator: Simulator;
let numbers: NumberCarrier;

beforeAll(async () => {
  simulator = await startSimulator(account);
  numbers = createTwilioNumbers({ ...account, baseUrl: simulator.twilio.url });
});
afterAll(() => simulator.close());

const search = { country: 'US', type: 'local', capabilities: ['voice'], limit: 5 } as const;

describe('numbers at the carrier', () => {
  it('are searched by area and pattern, in the words of either side', async () => {
    const found = await numbers.searchAvailable({ ...search, areaCode: '312', contains: '5*01' });
    expect(found).toHaveLength(5);
    expect(found?.every(({ number }) => /^\+1312\d*5\d01/.test(number))).toBe(true);
    expect(found?.[0]).toMatchObject({
      country: 'US',
      locality: 'Springfield',
      capabilities: { voice: true, sms: true, mms: true },
      addressRequirement: 'none',
    });
    expect(await numbers.searchAvailable({ ...search, country: 'FR' })).toBeUndefined();
    expect(await numbers.searchAvailable({ ...search, type: 'mobile' })).toBeUndefined();
    const mobile = await numbers.searchAvailable({ ...search, country: 'GB', type: 'mobile' });
    expect(mobile?.[0]?.number).toMatch(/^\+447700900/);
  });

  it('are bought once, with their webhooks, and are on no shelf then', async () => {
    const [wanted] = (await numbers.searchAvailable(search))!;
    const { number } = wanted!;
    expect(await numbers.findOwned(number)).toBeUndefined();
    const bought = await numbers.order(number, webhooks);
    expect(bought).toMatchObject({ type: 'ordered', owned: { number, ...webhooks } });
    expect(await numbers.order(number, webhooks)).toMatchObject({ type: 'refused' });
    expect(await numbers.findOwned(number)).toEqual(bought.type === 'ordered' ? bought.owned : undefined);
    expect((await numbers.searchAvailable(search))?.map((item) => item.number)).not.toContain(number);
  });

  it('are refused when somebody else has them', async () => {
    expect(await numbers.order('+15005550000', webhooks)).toMatchObject({ type: 'refused' });
  });

  it('are pointed elsewhere, and given back as often as one likes', async () => {
    const bought = await numbers.order('+13125550999', webhooks);
    if (bought.type !== 'ordered') throw new Error('not sold');
    const { carrierSid } = bought.owned;
    const elsewhere = { voiceUrl: 'https://new.example/voice', statusUrl: 'https://new.example/status' };
    expect(await numbers.configure(carrierSid, elsewhere)).toMatchObject(elsewhere);
    await numbers.release(carrierSid);
    await numbers.release(carrierSid);
    expect(await numbers.configure(carrierSid, webhooks)).toBeUndefined();
    expect(await numbers.findOwned('+13125550999')).toBeUndefined();
  });

  it('tell a wrong credential from a refused number', async () => {
    const stranger = createTwilioNumbers({ ...account, authToken: 'wrong', baseUrl: simulator.twilio.url });
    const ordering = stranger.order('+13125550998', webhooks);
    await expect(ordering).rejects.toBeInstanceOf(VendorError);
    await expect(ordering).rejects.toMatchObject({ isRetryable: false });
  });
});
