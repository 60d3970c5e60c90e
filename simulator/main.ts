import { parseArgs } from 'node:util';
import { startControl } from './control.ts';
import type { ProbeEvent } from './probe.ts';
import type { ProcessOptions, SimulatorCommand, SimulatorMessage } from './process-message.ts';
import { startSimulator, type Simulator } from './simulator.ts';

/** The simulator as a process of its own: standalone, or as a child process that ends with its parent. */

const PROBES_EVERY_MS = 200;

if (process.send === undefined) await runAlone();
else runAsChild();

async function runAlone(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'control-port': { type: 'string', default: '4400' },
      'twilio-port': { type: 'string', default: '4401' },
      'deepgram-port': { type: 'string', default: '4402' },
      'openai-port': { type: 'string', default: '4403' },
      'elevenlabs-port': { type: 'string', default: '4404' },
      'google-port': { type: 'string', default: '4405' },
    },
  });
  const simulator = await startSimulator({
    ports: {
      twilio: Number(values['twilio-port']),
      deepgram: Number(values['deepgram-port']),
      openai: Number(values['openai-port']),
      elevenlabs: Number(values['elevenlabs-port']),
      google: Number(values['google-port']),
    },
  });
  const control = await startControl(simulator, Number(values['control-port']));
  const { addresses, accountSid, authToken } = simulator;
  console.log(
    JSON.stringify({ type: 'ready', addresses, control: control.url, accountSid, authToken }, undefined, 2),
  );
  const stop = (): void => {
    void control.close().then(() => simulator.close());
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function runAsChild(): void {
  let running: Promise<Simulator> | undefined;
  process.once('disconnect', () => process.exit(0));
  // A terminal sends SIGINT to the whole process group; the parent decides when the calls end.
  process.on('SIGINT', () => undefined);
  process.on('message', (command: SimulatorCommand) => {
    if (command.type === 'start') {
      running = start(command.options);
      running.catch((error: unknown) => sendToParent({ type: 'start-failed', reason: String(error) }));
      return;
    }
    void running?.then((simulator) => obey(simulator, command)).catch(() => undefined);
  });
}

async function start(options: ProcessOptions): Promise<Simulator> {
  const { cannedSpeech, wantsProbe, ...rest } = options;
  const simulator = await startSimulator({
    ...rest,
    ...(cannedSpeech !== undefined && { cannedSpeech: new Uint8Array(Buffer.from(cannedSpeech, 'base64')) }),
    ...(wantsProbe === true && { probe: probeToParent() }),
  });
  const control = await startControl(simulator);
  const { addresses, accountSid, authToken } = simulator;
  sendToParent({ type: 'ready', addresses, control: control.url, accountSid, authToken });
  return simulator;
}

async function obey(
  simulator: Simulator,
  command: Exclude<SimulatorCommand, { type: 'start' }>,
): Promise<void> {
  switch (command.type) {
    case 'place':
      return place(simulator, command);
    case 'faults':
      simulator.faults = command.faults;
      return;
    case 'close':
      await simulator.close();
      process.exit(0);
      return;
    default:
      command satisfies never;
  }
}

async function place(
  simulator: Simulator,
  { id, request, wantsEvents }: Extract<SimulatorCommand, { type: 'place' }>,
): Promise<void> {
  try {
    const call = simulator.placeCall({
      ...request,
      ...(wantsEvents && { onEvent: (event) => sendToParent({ type: 'event', id, event }) }),
    });
    sendToParent({ type: 'placed', id, callSid: call.callSid });
    sendToParent({ type: 'report', id, report: await call.done });
  } catch (error) {
    sendToParent({ type: 'failed', id, reason: String(error) });
  }
}

/** Batched, because a message per event would cost more than what is measured. */
function probeToParent(): (event: ProbeEvent) => void {
  let events: ProbeEvent[] = [];
  setInterval(() => {
    if (events.length === 0) return;
    sendToParent({ type: 'probes', events });
    events = [];
  }, PROBES_EVERY_MS).unref();
  return (event) => events.push({ ...event, atMs: performance.timeOrigin + event.atMs });
}

function sendToParent(message: SimulatorMessage): void {
  if (process.connected) process.send?.(message);
}
