import type { CallEvent } from './call-event.ts';
import type { CallReport } from './call-report.ts';
import type { VendorFaults } from './faults.ts';
import type { ProbeEvent } from './probe.ts';
import type { CallRequest, SimulatorOptions, VendorAddresses } from './simulator.ts';

/** Options that can cross to another process. */
export interface ProcessOptions extends Omit<SimulatorOptions, 'probe' | 'cannedSpeech'> {
  /** Base64 of mu-law. */
  readonly cannedSpeech?: string;
  readonly wantsProbe?: boolean;
}

/** To the simulator's process. */
export type SimulatorCommand =
  | { readonly type: 'start'; readonly options: ProcessOptions }
  | {
      readonly type: 'place';
      readonly id: number;
      readonly wantsEvents: boolean;
      readonly request: Omit<CallRequest, 'onEvent'>;
    }
  | { readonly type: 'faults'; readonly faults: VendorFaults }
  | { readonly type: 'close' };

/** From the simulator's process. */
export type SimulatorMessage =
  | {
      readonly type: 'ready';
      readonly addresses: VendorAddresses;
      readonly control: string;
      readonly accountSid: string;
      readonly authToken: string;
    }
  | { readonly type: 'start-failed'; readonly reason: string }
  | { readonly type: 'placed'; readonly id: number; readonly callSid: string }
  | { readonly type: 'event'; readonly id: number; readonly event: CallEvent }
  | { readonly type: 'report'; readonly id: number; readonly report: CallReport }
  | { readonly type: 'failed'; readonly id: number; readonly reason: string }
  /** Times are converted to milliseconds since the epoch, so that two processes can compare them. */
  | { readonly type: 'probes'; readonly events: readonly ProbeEvent[] };
