import type { TextToSpeech } from '../../call/reply/reply.ts';
import type { VendorOptions } from '../vendor-options.ts';
import { ElevenLabsSession } from './session.ts';

/** Speech with the time of every character, over the multi-context socket. */
export function createElevenLabsTextToSpeech(vendor: VendorOptions): TextToSpeech {
  return {
    vendor: 'elevenlabs',
    open: (options, onClosed) => new ElevenLabsSession(vendor, options, onClosed),
  };
}
