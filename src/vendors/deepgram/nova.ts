import type { SpeechToText } from '../../call/listening/listening.ts';
import type { VendorOptions } from '../vendor-options.ts';
import { ListenStream } from './listen-stream.ts';
import { NovaProtocol } from './nova-protocol.ts';

/** Recognition that detects the end of a turn by silence (`/v1/listen`). */
export function createNovaSpeechToText(vendor: VendorOptions): SpeechToText {
  return {
    vendor: 'deepgram-nova',
    open: (options, listener) => new ListenStream(vendor, new NovaProtocol(options), listener),
  };
}
