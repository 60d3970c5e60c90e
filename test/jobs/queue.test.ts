import { createServer } from 'node:net';
import { once } from 'node:events';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/platform/data/db.ts';
import { openQueue } from '../../src/jobs/queue.ts';
import { systemClock } from '../../src/platform/process/clock.ts';

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('[F16] the queue without its Redis', () => {
  it('opens, refuses jobs soon instead of holding them, and closes', async () => {
    const redisUrl = `redis://127.0.0.1:${await closedPort()}`;
    const queue = await openQueue({
      redisUrl,
      databaseUrl: undefined,
      database: {} as OpenDatabase,
      clock: systemClock,
      logger: pino({ level: 'silent' }),
    });
    const worker = queue.work(() => Promise.resolve(), { concurrency: 1 });
    await expect(queue.add({ name: 'greet', jobId: 'greet-1', dueAt: null })).rejects.toThrow(/./);
    await worker[Symbol.asyncDispose]();
    await queue[Symbol.asyncDispose]();
  });
});
