import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Simulator } from '../simulator/simulator.ts';
import { canPin, PINNING_PROGRAM, SERVER_CORE } from './machine.ts';

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;

export interface ServerOptions {
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly simulator: Simulator;
  /** For its node. */
  readonly serverFlags: readonly string[];
}

/** The server as it is started for real, alone on its core, with every vendor at the simulator. */
export interface ServerProcess extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
}

export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { accountSid, authToken, addresses } = options.simulator;
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const command = [process.execPath, ...options.serverFlags, main];
  const [program, ...args] = canPin ? [PINNING_PROGRAM, '-c', String(SERVER_CORE), ...command] : command;
  const child = spawn(program!, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      PUBLIC_URL: url,
      LOG_LEVEL: 'error',
      DATA_DIR: options.dataDir,
      ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
      TWILIO_ACCOUNT_SID: accountSid,
      TWILIO_AUTH_TOKEN: authToken,
      TWILIO_BASE_URL: addresses.twilio,
      DEEPGRAM_BASE_URL: addresses.deepgram,
      OPENAI_BASE_URL: addresses.openai,
      ELEVENLABS_BASE_URL: addresses.elevenlabs,
      // Where it ends is what is being measured.
      MAX_CALLS: '10000',
      MEDIA_CONNECTIONS_PER_ADDRESS: '10000',
      DRAIN_MS: '1000',
    },
  });
  try {
    await waitUntilReady(child, url);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    pid: child.pid!,
    url,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await once(child, 'exit');
      clearTimeout(timer);
    },
  };
}

async function waitUntilReady(child: ChildProcess, url: string): Promise<void> {
  const deadlineMs = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadlineMs) {
    if (child.exitCode !== null)
      throw new Error(`the server ended at its start (exit code ${child.exitCode})`);
    const response = await fetch(`${url}/readyz`).catch(() => undefined);
    if (response?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the server did not become ready');
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
