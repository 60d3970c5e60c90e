import type { TextToSpeech } from '../../call/reply/reply.ts';
import type { VendorOptions } from '../vendor-options.ts';
import { AuraSession } from './aura-session.ts';

/** Speech without word times, over the `/v1/speak` socket. */
export function createAuraTextToSpeech(vendor: VendorOptions): TextToSpeech {
  return {
    vendor: 'deepgram-aura',
    open: (options, onClosed) => new AuraSession(vendor, options, onClosed),
  };
}
