import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { simulateVendors } from './app/simulate-vendors.ts';
import { startApp } from './app/app.ts';
import { type Config, loadConfig } from './app/config.ts';
import { ConfigError } from './platform/process/environment.ts';
import { createLogger } from './platform/process/logger.ts';
import type { SimulatorProcess } from '../simulator/spawn.ts';
import { shutdownSignal } from './platform/process/shutdown.ts';
import { lowerOtherThreadsPriority } from './platform/process/thread-priority.ts';

const config = readConfig();
const logger = createLogger(config);
const shutdown = shutdownSignal();

await using stack = new AsyncDisposableStack();
const simulator = config.simulated.length > 0 ? await startSimulator(config) : undefined;
if (simulator !== undefined) {
  stack.defer(() => simulator.close());
  logger.warn(
    { simulated: config.simulated, control: simulator.control },
    'vendors without a key are simulated: speech and replies on these calls are not real',
  );
}
const usedConfig = simulator === undefined ? config : simulateVendors(config, simulator.addresses);
const app = stack.use(await startApp(usedConfig, { logger }));
lowerOtherThreadsPriority();
const { roles, publicUrl } = config;
logger.info({ address: app.address, publicUrl, roles }, 'ready');
if (!shutdown.aborted) await once(shutdown, 'abort');
logger.info({ signal: shutdown.reason as string }, 'shutting down; draining live calls');

/** The simulator is imported only when a vendor is simulated, because the image does not contain it by default. */
async function startSimulator(account: Config): Promise<SimulatorProcess> {
  if (!existsSync(new URL('../simulator/spawn.ts', import.meta.url))) {
    const names = account.simulated.join(', ');
    return fail(
      `There is no key for ${names}, and this image does not contain the simulator.\n` +
        'Set the keys (see .env.example), or build the image with --build-arg SIMULATOR=yes.',
    );
  }
  const { spawnSimulator } = await import('../simulator/spawn.ts');
  return spawnSimulator(simulatedAccount(account));
}

/** The simulated carrier signs its webhooks with the token that the server checks. */
function simulatedAccount({ vendors: { twilio } }: Config): { accountSid: string; authToken: string } {
  return { accountSid: twilio.accountSid, authToken: twilio.authTokens[0] ?? '' };
}

/** Prints the message of a `ConfigError` without a stack trace, because a person has to correct the environment. */
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
