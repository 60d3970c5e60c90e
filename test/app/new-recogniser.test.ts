import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { agentCatalogueOf } from '../../src/app/agent-catalogue.ts';
import { loadConfig } from '../../src/app/config.ts';
import { connectVendors, recognisersOf } from '../../src/app/connect-vendors.ts';
import { languageOfferOf } from '../../src/app/language-table.ts';
import { parseConfig } from '../../src/business/line/agents/check-config.ts';
import { mediaMs } from '../../src/call/clocks.ts';
import type { ListenerEvent } from '../../src/call/listening/listener-event.ts';
import { Listener } from '../../src/call/listening/listener.ts';
import type { SpeechToText } from '../../src/call/listening/speech-to-text.ts';
import { allVendors } from '../../src/vendors/all-vendors.ts';
import { pricesOf } from '../../src/vendors/prices.ts';
import { defineVendor, type Vendor } from '../../src/vendors/vendor.ts';
import { FakeClock } from '../support/fake-clock.ts';

/** Understands "hello" in whatever it hears, after 100 ms of it. */
function createTinySpeechToText(apiKey: string): SpeechToText {
  return {
    vendor: 'tiny-ear',
    open(_options, listener) {
      let heardBytes = 0;
      queueMicrotask(() => listener({ type: 'ready' }));
      return {
        send(mulaw) {
          heardBytes += mulaw.byteLength;
          if (heardBytes !== 800) return;
          listener({ type: 'turn-started', text: 'hello' });
          listener({ type: 'turn-ended', text: `hello ${apiKey}`, words: [] });
        },
        configure: () => undefined,
        close: () => listener({ type: 'closed', error: undefined }),
      };
    },
  };
}

/** What a folder `src/vendors/tiny/` would export, … */
const tiny = defineVendor({
  name: 'tiny',
  environment: {
    TINY_API_KEY: { schema: z.string().optional(), remedy: 'ask tiny for one' },
  },
  settings: ({ TINY_API_KEY: apiKey }) =>
    apiKey === undefined ? undefined : { apiKey, baseUrl: 'https://tiny.example' },
  hears: {
    ear: {
      service: 'tiny-ear',
      languages: ['en', 'sw'],
      pricePerMinute: 0.001,
      connect: ({ apiKey }) => createTinySpeechToText(apiKey),
    },
  },
});

/** … and the line that it would have in `all-vendors.ts`. */
const list: readonly Vendor[] = [...allVendors, tiny];

const agent = {
  name: 'Robin',
  greeting: 'Hello.',
  instructions: '',
  voice: {},
  speechToText: {},
  model: {},
  tools: [],
  turnTaking: {},
  recording: {},
};

describe('a new recogniser is one value on the list', () => {
  const clock = new FakeClock();
  const config = loadConfig({ TINY_API_KEY: 'key' }, list);
  const vendors = connectVendors(list, config, { clock, logger: pino({ level: 'silent' }) });

  it('listens on the calls of an agent that names it, with the others behind it', async () => {
    const recognisers = [{ provider: 'tiny' }, { provider: 'deepgram', model: 'nova' }];
    const described = parseConfig({ ...agent, recognisers }, agentCatalogueOf(list));
    const chosen = recognisersOf(described, vendors);
    expect(chosen.map(({ vendor }) => vendor)).toEqual(['tiny-ear', 'deepgram-nova']);

    const events: ListenerEvent[] = [];
    const listener = new Listener({
      recognisers: chosen,
      options: {
        language: 'en-US',
        keyterms: [],
        endOfTurnThreshold: 0.7,
        eagerEndOfTurnThreshold: undefined,
        endOfTurnTimeoutMs: 5_000,
      },
      settings: { pauseAfterSpeechMs: 250 },
      voiceActivity: () => ({ hear: () => undefined, isVoiced: false, close: () => undefined }),
      ownVoice: { explains: () => false },
      clock,
      emit: (event) => events.push(event),
    });
    listener.start();
    await Promise.resolve();
    for (let ms = 0; ms < 100; ms += 20) listener.hear(new Uint8Array(160), mediaMs(ms));
    listener.close();
    expect(events).toContainEqual(expect.objectContaining({ type: 'turn-ended', text: 'hello key' }));
  });

  it('is priced, listed for its languages, and asked for in production', () => {
    expect(pricesOf(list).speechToTextPerMinute['tiny-ear']).toBe(0.001);
    expect(languageOfferOf(list, 'sw').recognisers).toEqual([{ provider: 'tiny', model: 'ear' }]);
    expect(() => loadConfig({ NODE_ENV: 'production' }, list)).toThrow(
      'TINY_API_KEY is missing: ask tiny for one',
    );
  });

  it('is refused to agents, and left out of calls, where it is not on the list or not set up', () => {
    const recognisers = [{ provider: 'tiny' }];
    expect(() => parseConfig({ ...agent, recognisers }, agentCatalogueOf(allVendors))).toThrow(/described/);
    const without = connectVendors(list, loadConfig({}, list), { clock, logger: pino({ level: 'silent' }) });
    const described = parseConfig({ ...agent, recognisers });
    expect(recognisersOf(described, without)[0].vendor).toBe('deepgram-flux');
  });
});
