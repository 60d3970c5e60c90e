import type { Logger } from 'pino';
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

/** Event-loop lag above which no new call is taken: its audio, and that of the calls we have, would suffer [L12]. */
const MAX_LAG_P99_MS = 250;

/** The running server. Disposing stops it: no new calls, the live ones end by themselves or at the drain's limit. */
export interface App extends AsyncDisposable {
  /** Where it listens on this machine. */
  readonly address: string;
  readonly db: Db;
  readonly tenancy: Tenancy;
  readonly liveRecords: LiveRecordFeed;
  readonly dataDir: string;
  /** Looks for changed lines now, and resolves when their greetings and phrases are ready as audio. */
  refreshLines(): Promise<void>;
}

export interface AppOverrides {
  readonly logger?: Logger;
  /** For a machine that is busy with other things, and is to take calls all the same. */
  readonly maxLagP99Ms?: number;
  /** Instead of all there are. */
  readonly vendorList?: readonly Vendor[];
  /** Parts made elsewhere; who made them closes them. */
  readonly records?: Records;
  readonly vendors?: Vendors;
}

/** Opens the parts that the roles of this process need, each once and in this order, and closes them in the other. */
export async function startApp(config: Config, overrides: AppOverrides = {}): Promise<App> {
  const { logger, maxLagP99Ms = MAX_LAG_P99_MS, vendorList = allVendors } = overrides;
  const has = (role: Role): boolean => config.roles.includes(role);
  await using stack = new AsyncDisposableStack();

  const base = stack.use(openBase(config, logger));
  const records = overrides.records ?? stack.use(await openRecords(base));
  const vendors = overrides.vendors ?? connectVendors(vendorList, config, base);
  await vendors.warm();
  const knowledge = stack.use(openKnowledge(base, records, vendors));
  const chats = openChats(base, records, vendors, knowledge);
  if (has('worker')) stack.use(await startJobs(base, records, vendors, chats));
  const calls = has('media')
    ? stack.use(await openCalls({ ...base, maxLagP99Ms }, records, vendors, knowledge))
    : undefined;
  const api = has('web')
    ? stack.use(openApi(base, { records, vendors, vendorList, knowledge, chats, calls: calls ?? noCalls }))
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
