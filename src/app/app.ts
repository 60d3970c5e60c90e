import type { Logger } from 'pino';
import type { Tool } from '../agent/tools/tools.ts';
import type { LiveRecordFeed } from '../business/record/calls/calls.ts';
import type { Tenancy } from '../business/tenancy/tenancy.ts';
import type { Db } from '../platform/data/db.ts';
import { allVendors, type Vendor } from '../vendors/vendors.ts';
import { openApi } from './api.ts';
import { openBase } from './base.ts';
import { noCalls, openCalls } from './calls.ts';
import { openChats } from './chats.ts';
import type { Config, Role } from './config.ts';
import { connectVendors, type Vendors } from './connect-vendors.ts';
import { openDoors } from './doors.ts';
import { startJobs } from './jobs.ts';
import { openKnowledge } from './knowledge.ts';
import { openRecords, type Records } from './records.ts';

/** Event-loop lag above which new calls are refused, because the audio of all calls would be late [L12]. */
const MAX_LAG_P99_MS = 250;

/**
 * The running server. Disposing refuses new calls, waits for live ones at most as long as `drainMs`, and closes every
 * part.
 */
export interface App extends AsyncDisposable {
  /** URL of the server from the same machine. */
  readonly address: string;
  readonly db: Db;
  readonly tenancy: Tenancy;
  readonly liveRecords: LiveRecordFeed;
  readonly dataDir: string;
  /** Reads changed lines now instead of at the next poll; resolves when their phrases are synthesised. */
  refreshLines(): Promise<void>;
}

export interface AppOverrides {
  readonly logger?: Logger;
  /** Raised in tests and benchmarks, whose other work delays the event loop too. */
  readonly maxLagP99Ms?: number;
  /** Replaces the list of all vendors. */
  readonly vendorList?: readonly Vendor[];
  /** Replaces the list of tools that agents may be given. */
  readonly toolList?: readonly Tool[];
  /** Parts opened by the test, which also closes them. */
  readonly records?: Records;
  readonly vendors?: Vendors;
}

/** Opens the parts that the roles of this process need, in this order, and closes them in reverse order. */
export async function startApp(config: Config, overrides: AppOverrides = {}): Promise<App> {
  const { logger, maxLagP99Ms = MAX_LAG_P99_MS, vendorList = allVendors, toolList } = overrides;
  const has = (role: Role): boolean => config.roles.includes(role);
  await using stack = new AsyncDisposableStack();

  const base = stack.use(openBase(config, logger));
  const records = overrides.records ?? stack.use(await openRecords(base));
  const vendors = overrides.vendors ?? connectVendors(vendorList, config, base);
  await vendors.warm();
  const knowledge = stack.use(openKnowledge(base, records, vendors));
  const chats = openChats(base, records, vendors, knowledge, toolList);
  if (has('worker')) stack.use(await startJobs(base, records, vendors, chats));
  const calls = has('media')
    ? stack.use(await openCalls({ ...base, maxLagP99Ms, toolList }, records, vendors, knowledge))
    : undefined;
  const api = has('web')
    ? stack.use(
        openApi(base, { records, vendors, vendorList, toolList, knowledge, chats, calls: calls ?? noCalls }),
      )
    : undefined;
  const doors = stack.use(await openDoors(base, vendors, { calls, api }));

  const running = stack.move();
  return {
    address: doors.address,
    db: records.database.db,
    tenancy: records.tenancy,
    liveRecords: (calls ?? noCalls).liveRecords,
    dataDir: config.dataDir,
    refreshLines: () => calls?.refreshLines() ?? Promise.resolve(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
