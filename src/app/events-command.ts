import { parseArgs } from 'node:util';
import {
  type EventPlace,
  lastEvent,
  lastHandled,
  type Processor,
  replayEvents,
  ReplayFailed,
} from '../business/tenancy/events/events.ts';
import type { Tenancy } from '../business/tenancy/tenancy.ts';
import { findTenants, listBusinesses } from '../business/tenancy/tenants/tenants.ts';
import { parseId, type TenantId } from '../platform/data/ids.ts';
import { throttle } from '../platform/process/throttle.ts';
import { createLogger } from '../platform/process/logger.ts';
import { systemClock } from '../platform/process/clock.ts';
import { loadConfig } from './config.ts';
import { allEventTypes } from './events.ts';
import { allProcessors } from './processors.ts';
import { openRecords } from './records.ts';

/**
 * Shows the progress of the processors of events, and replays recorded events to one of them. It cannot run beside a
 * server on the embedded database, which allows one process at a time.
 */
const usage = `Usage: npm run events -- list
       npm run events -- replay PROCESSOR [--from POSITION] [--tenant ID]`;

const progressEveryMs = 1_000;
const processors = allProcessors();

type Command = (tenancy: Tenancy) => Promise<void>;

const command = commandOf();
if (typeof command === 'string') {
  console.error(command);
  process.exit(2);
}
const config = loadConfig(process.env);
await using records = await openRecords({ config, logger: createLogger(config) });
await command(records.tenancy);

/** Parses the arguments; returns a message for the user if they are wrong. */
function commandOf(): Command | string {
  const args = parsedArgs();
  if (args === undefined) return usage;
  const [name, processorName, ...rest] = args.positionals;
  if (name === 'list' && processorName === undefined) return list;
  if (name !== 'replay' || processorName === undefined || rest.length > 0) return usage;
  const processor = processors.find((known) => known.name === processorName);
  if (processor === undefined) {
    return `There is no processor “${processorName}”. There are: ${processors.map((known) => known.name).join(', ')}.`;
  }
  const { from = '0', tenant } = args.values;
  if (!/^\d{1,18}$/.test(from)) return `--from takes the position of an event, such as 1042.\n${usage}`;
  const tenantId = tenant === undefined ? undefined : parseId('tnt', tenant);
  if (tenant !== undefined && tenantId === undefined) {
    return `--tenant takes the id of a business, such as tnt_01h2xcejqtf2nbrexx3vqjhp41.\n${usage}`;
  }
  return (tenancy) => replay(tenancy, processor, { from, tenantId });
}

function parsedArgs() {
  const options = { from: { type: 'string' }, tenant: { type: 'string' } } as const;
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch {
    return undefined;
  }
}

async function list(tenancy: Tenancy): Promise<void> {
  const { last, handled } = await tenancy.system(async (tx) => {
    const tenantIds = (await listBusinesses(tx)).map(({ id }) => id);
    return { last: await lastEvent(tx), handled: await lastHandled(tx, processors, tenantIds) };
  });
  const width = Math.max(...processors.map(({ name }) => name.length));
  for (const processor of processors) {
    console.log(`${processor.name.padEnd(width)}  ${progressOf(processor, handled.get(processor.name))}`);
  }
  console.log(
    last === undefined
      ? 'Nothing is on record.'
      : `On record up to position ${last.position}, of ${last.at.toISOString()}.`,
  );
}

function progressOf({ runs }: Processor, place: EventPlace | undefined): string {
  if (runs !== 'as-job') return `${runs}: runs with each event, never behind`;
  if (place === undefined) return `${runs}: has handled nothing`;
  return `${runs}: handled up to position ${place.position}, last at ${place.at.toISOString()}`;
}

async function replay(
  tenancy: Tenancy,
  processor: Processor,
  { from, tenantId }: { readonly from: string; readonly tenantId: TenantId | undefined },
): Promise<void> {
  if (tenantId !== undefined && (await tenancy.system((tx) => findTenants(tx, [tenantId]))).size === 0) {
    return fail(`There is no business ${tenantId}.`);
  }
  const report = throttle(progressEveryMs, systemClock, (position: string, handled: number) =>
    console.log(`${handled} handled, up to position ${position}`),
  );
  const after = String(BigInt(from) - (from === '0' ? 0n : 1n));
  try {
    const handled = await replayEvents({ tenancy, eventTypes: allEventTypes }, processor, {
      tenantId,
      after,
      onProgress: ({ position, handled: soFar }) => report(position, soFar),
    });
    console.log(`${processor.name}: ${handled} handled`);
  } catch (error) {
    if (!(error instanceof ReplayFailed)) throw error;
    const again = tenantId === undefined ? '' : ` --tenant ${tenantId}`;
    fail(`${error.message}
Those before it are handled. Once the cause is fixed, continue with:
npm run events -- replay ${processor.name} --from ${error.position}${again}`);
  }
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
