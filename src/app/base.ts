import type { Logger } from 'pino';
import { createHealth, type Health } from '../platform/http/health.ts';
import { type Clock, systemClock } from '../platform/process/clock.ts';
import { createLogger } from '../platform/process/logger.ts';
import { type LoopLagMonitor, startLoopLagMonitor } from '../platform/process/loop-lag.ts';
import { Metrics } from '../platform/process/metrics.ts';
import type { Config } from './config.ts';

/** Configuration, clock, logger and metrics, which every part of the process needs. */
export interface Base extends Disposable {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly loopLag: LoopLagMonitor;
  readonly health: Health;
}

export function openBase(config: Config, logger: Logger = createLogger(config)): Base {
  const loopLag = startLoopLagMonitor();
  return {
    config,
    clock: systemClock,
    logger,
    metrics: new Metrics({ withProcess: true }),
    loopLag,
    health: createHealth(loopLag, config.roles),
    [Symbol.dispose]: () => loopLag[Symbol.dispose](),
  };
}
