import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CallEvent } from './call-event.ts';
import type { CallReport } from './call-report.ts';
import type { VendorFaults } from './faults.ts';
import type { ProbeEvent } from './probe.ts';
import type { ProcessOptions, SimulatorCommand, SimulatorMessage } from './process-message.ts';
import type { CallRequest, SimulatorOptions, VendorAddresses } from './simulator.ts';

export interface SpawnOptions extends Omit<SimulatorOptions, 'probe'> {
  /** Called with batches; `atMs` is milliseconds since the epoch, comparable across processes. */
  readonly onProbes?: (events: readonly ProbeEvent[]) => void;
}

/** The simulator in a separate process, where its synthesis does not delay the server's audio. */
export interface SimulatorProcess {
  readonly addresses: VendorAddresses;
  /** Address of the control interface. */
  readonly control: string;
  readonly accountSid: string;
  readonly authToken: string;
  /** Resolves when the call is over and its status callbacks are delivered. */
  placeCall(request: CallRequest): Promise<CallReport>;
  setFaults(faults: VendorFaults): void;
  /** Ends the calls and the process. Idempotent. */
  close(): Promise<void>;
}

interface WaitingCall {
  readonly resolve: (report: CallReport) => void;
  readonly reject: (error: Error) => void;
  readonly onEvent: ((event: CallEvent) => void) | undefined;
}

const CLOSE_TIMEOUT_MS = 5_000;

export async function spawnSimulator(options: SpawnOptions = {}): Promise<SimulatorProcess> {
  const { onProbes, cannedSpeech, ...rest } = options;
  const child = fork(fileURLToPath(new URL('./main.ts', import.meta.url)), [], { execArgv: [] });
  const calls = new Map<number, WaitingCall>();
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = await new Promise<Extract<SimulatorMessage, { type: 'ready' }>>((resolve, reject) => {
    child.once('error', reject);
    child.on('exit', (code) => {
      const error = new Error(`the simulator ended (exit code ${code})`);
      reject(error);
      for (const call of calls.values()) call.reject(error);
      calls.clear();
    });
    child.on('message', (message: SimulatorMessage) => {
      if (message.type === 'ready') resolve(message);
      else if (message.type === 'start-failed') reject(new Error(message.reason));
      else if (message.type === 'probes') onProbes?.(message.events);
      else hear(calls, message);
    });
    const started: ProcessOptions = {
      ...rest,
      ...(cannedSpeech !== undefined && { cannedSpeech: Buffer.from(cannedSpeech).toString('base64') }),
      wantsProbe: onProbes !== undefined,
    };
    command(child, { type: 'start', options: started });
  });
  const { addresses, control, accountSid, authToken } = ready;
  let nextId = 1;
  return {
    addresses,
    control,
    accountSid,
    authToken,
    placeCall({ onEvent, ...request }) {
      const id = nextId;
      nextId += 1;
      return new Promise((resolve, reject) => {
        if (!child.connected) return reject(new Error('the simulator has ended'));
        calls.set(id, { resolve, reject, onEvent });
        command(child, { type: 'place', id, request, wantsEvents: onEvent !== undefined });
      });
    },
    setFaults: (faults) => command(child, { type: 'faults', faults }),
    async close() {
      if (child.connected) command(child, { type: 'close' });
      const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

function hear(
  calls: Map<number, WaitingCall>,
  message: Extract<SimulatorMessage, { type: 'placed' | 'event' | 'report' | 'failed' }>,
): void {
  const call = calls.get(message.id);
  if (call === undefined) return;
  switch (message.type) {
    case 'placed':
      return;
    case 'event':
      call.onEvent?.(message.event);
      return;
    case 'report':
      calls.delete(message.id);
      call.resolve(message.report);
      return;
    case 'failed':
      calls.delete(message.id);
      call.reject(new Error(message.reason));
      return;
    default:
      message satisfies never;
  }
}

function command(child: ChildProcess, message: SimulatorCommand): void {
  if (child.connected) child.send(message);
}
