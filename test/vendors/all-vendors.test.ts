import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/app/config.ts';
import { connectVendors } from '../../src/app/connect-vendors.ts';
import { allVendors } from '../../src/vendors/all-vendors.ts';
import { listPrices } from '../../src/vendors/prices.ts';
import type { Vendor } from '../../src/vendors/vendor.ts';
import { FakeClock } from '../support/fake-clock.ts';

const list: readonly Vendor[] = allVendors;
const connected = connectVendors(list, loadConfig({}), {
  clock: new FakeClock(),
  logger: pino({ level: 'silent' }),
});

describe('the vendors of the server', () => {
  it('have names that can be told apart from the names of their models', () => {
    const names = list.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]+$/);
  });

  it('declare variables of their own, none twice', () => {
    const names = list.flatMap(({ environment }) => Object.keys(environment));
    expect(new Set(names).size).toBe(names.length);
    for (const { name, environment } of list) {
      for (const variable of Object.keys(environment)) {
        expect(variable).toMatch(new RegExp(`^${name.toUpperCase()}_`));
      }
    }
  });

  it('speak up on an idle socket so early that one message may be lost', () => {
    const limits = list.flatMap(({ idleLimits = {} }) => Object.values(idleLimits));
    expect(limits.length).toBeGreaterThan(0);
    for (const { keepAliveEveryMs, vendorClosesAfterMs } of limits) {
      expect(keepAliveEveryMs * 2).toBeLessThan(vendorClosesAfterMs);
    }
  });

  it('go on record under the names that their prices have', () => {
    const recognisers = connected.recognisers.map(({ speechToText }) => speechToText.vendor);
    const voices = connected.speakers.map(({ textToSpeech }) => textToSpeech.vendor);
    expect(Object.keys(listPrices.speechToTextPerMinute).toSorted()).toEqual(recognisers.toSorted());
    expect(Object.keys(listPrices.textToSpeechPerThousandCharacters).toSorted()).toEqual(voices.toSorted());
    expect(listPrices.telephonyPerMinute).toBeGreaterThan(0);
  });

  it('offer voices in languages they speak', () => {
    for (const { speaks } of list) {
      for (const { id, language } of speaks?.voices ?? []) {
        const base = language.split('-')[0]!;
        if (language !== 'multi') expect(speaks!.languagesOf(id)).toEqual([base]);
        else expect(speaks!.languagesOf(id)).toEqual(speaks!.languages);
      }
    }
  });
});
