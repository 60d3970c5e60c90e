import { fork } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ClientCommand, ClientFigures, ClientJob, ClientMessage } from './client-message.ts';

/** Programs that use the API, in a process of their own. One job at a time. */
export interface ApiClients extends AsyncDisposable {
  run(job: ClientJob): Promise<ClientFigures>;
  /** Stops the job early; its figures are those until then. */
  stop(): void;
}

export async function startClients(): Promise<ApiClients> {
  const child = fork(fileURLToPath(new URL('./client-process.ts', import.meta.url)), [], { execArgv: [] });
  await once(child, 'message');
  // They share a core with the simulator, whose callers must send a frame every 20 ms.
  setPriority(child.pid!, constants.priority.PRIORITY_LOW);
  const send = (command: ClientCommand): boolean => child.send(command);
  return {
    async run(job) {
      send({ type: 'run', job });
      const [message] = (await once(child, 'message')) as [ClientMessage];
      switch (message.type) {
        case 'done':
          return message.figures;
        case 'failed':
          throw new Error(message.reason);
        case 'ready':
          throw new Error('the clients began anew');
        default:
          return message satisfies never;
      }
    },
    stop: () => void send({ type: 'stop' }),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
