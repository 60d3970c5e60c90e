import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { playedVendors } from './app/played-vendors.ts';
import { startApp } from './app/app.ts';
import { type Config, loadConfig } from './app/config.ts';
import { ConfigError } from './platform/process/environment.ts';
import { createLogger } from './platform/process/logger.ts';
import type { SimulatorProcess } from '../simulator/spawn.ts';
import { shutdownSignal } from './platform/process/shutdown.ts';
import { putOtherThreadsBehindCalls } from './platform/process/thread-priority.ts';

const config = readConfig();
const logger = createLogger(config);
const shutdown = shutdownSignal();

await using stack = new AsyncDisposableStack();
const simulator = config.simulated.length > 0 ? await playVendors(config) : undefined;
if (simulator !== undefined) {
  stack.defer(() => simulator.close());
  logger.warn(
    { simulated: config.simulated, control: simulator.control },
    'VENDORS WITHOUT A KEY ARE PLAYED BY THE SIMULATOR: nothing said on these calls is real',
  );
}
const played = simulator === undefined ? config : playedVendors(config, simulator.addresses);
const app = stack.use(await startApp(played, { logger }));
putOtherThreadsBehindCalls();
const { roles, publicUrl } = config;
logger.info({ address: app.address, publicUrl, roles }, 'ready');
if (!shutdown.aborted) await once(shutdown, 'abort');
logger.info({ signal: shutdown.reason as string }, 'shutting down; draining live calls');

/** The image carries no simulator unless asked: it is loaded by its path, and only where it plays somebody. */
async function playVendors(account: Config): Promise<SimulatorProcess> {
  if (!existsSync(new URL('../simulator/spawn.ts', import.meta.url))) {
    const names = account.simulated.join(', ');
    return fail(
      `There is no key for ${names}, and the simulator is not here to play them.\n` +
        'Set the keys (see .env.example), or build the image with --build-arg SIMULATOR=yes.',
    );
  }
  const { spawnSimulator } = await import('../simulator/spawn.ts');
  return spawnSimulator(simulatedAccount(account));
}

/** The simulated carrier signs with the token that we check against. */
function simulatedAccount({ vendors: { twilio } }: Config): { accountSid: string; authToken: string } {
  return { accountSid: twilio.accountSid, authToken: twilio.authTokens[0] ?? '' };
}

/** A wrong environment is for a person to correct: its message alone, without a stack. */
function readConfig(): Config {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return fail(error.message);
  }
}

function fail(message: string): never {
  console.error(message);
  return process.exit(1);
}
