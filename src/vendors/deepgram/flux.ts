import type { SpeechToText } from '../../call/listening/listening.ts';
import type { VendorOptions } from '../vendor-options.ts';
import { FluxProtocol } from './flux-protocol.ts';
import { ListenStream } from './listen-stream.ts';

/** Recognition by a model that detects the end of a turn (`/v2/listen`). */
export function createFluxSpeechToText(vendor: VendorOptions): SpeechToText {
  return {
    vendor: 'deepgram-flux',
    open: (options, listener) => new ListenStream(vendor, new FluxProtocol(options), listener),
  };
}
