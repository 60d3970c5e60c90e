import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { canPin, PINNING_PROGRAM, SERVER_CORE } from '../machine.ts';
import type { BareOptions, BareReady } from './bare-message.ts';

export interface BareServer extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
}

/** The bare route in a separate process on the server's core; only one of the two gets requests at a time. */
export async function startBareServer(options: BareOptions): Promise<BareServer> {
  const child = fork(fileURLToPath(new URL('./bare-process.ts', import.meta.url)), [], { execArgv: [] });
  if (canPin)
    execFileSync(PINNING_PROGRAM, ['-acp', String(SERVER_CORE), String(child.pid)], { stdio: 'ignore' });
  const { promise: ready, resolve, reject } = Promise.withResolvers<BareReady>();
  child.once('message', (message) => resolve(message as BareReady));
  child.once('exit', (code) => reject(new Error(`the bare route ended (exit code ${code})`)));
  child.send(options);
  const { url } = await ready;
  return {
    pid: child.pid!,
    url,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
