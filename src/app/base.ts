import type { Logger } from 'pino';
import { encryptionKeys } from '../platform/crypto/encryption-keys.ts';
import { usePersonalDataKeys } from '../platform/crypto/personal-data.ts';
import { createHealth, type Health } from '../platform/http/health.ts';
import { type Clock, systemClock } from '../platform/process/clock.ts';
import { createLogger } from '../platform/process/logger.ts';
import { type LoopLagMonitor, startLoopLagMonitor } from '../platform/process/loop-lag.ts';
import { Metrics } from '../platform/process/metrics.ts';
import type { Config } from './config.ts';

/** What every part of the process stands on. */
export interface Base extends AsyncDisposable {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly loopLag: LoopLagMonitor;
  readonly health: Health;
}

export async function openBase(config: Config, logger: Logger = createLogger(config)): Promise<Base> {
  usePersonalDataKeys(await encryptionKeys(config));
  const loopLag = startLoopLagMonitor();
  return {
    config,
    clock: systemClock,
    logger,
    metrics: new Metrics({ withProcess: true }),
    loopLag,
    health: createHealth(loopLag, config.roles),
    [Symbol.asyncDispose]() {
      loopLag[Symbol.dispose]();
      return Promise.resolve();
    },
  };
}
