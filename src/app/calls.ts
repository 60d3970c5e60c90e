import { join } from 'node:path';
import { phrasesFor } from '../agent/prompt/prompt.ts';
import { CallerNames, snapshotFile, StoredLineDirectory } from '../business/line/directory/directory.ts';
import { ingestRecords, type LiveCalls, type LiveRecordFeed } from '../business/record/calls/calls.ts';
import { CallAnswering, CallRegistry, CallTelemetry } from '../call/call.ts';
import { Journals } from '../call/journal/journal.ts';
import { loadVoiceActivity } from '../call/listening/listening.ts';
import { PhraseAudio, PlayoutClock } from '../call/reply/reply.ts';
import type { Tool } from '../agent/tools/tools.ts';
import type { Base } from './base.ts';
import type { Vendors } from './connect-vendors.ts';
import { createSession } from './create-session.ts';
import type { Knowledge } from './knowledge.ts';
import { preparePhrases } from './prepare-phrases.ts';
import type { Records } from './records.ts';

/** Answers calls: the directory of lines, the registry of live calls, and their journals. */
export interface Calls extends AsyncDisposable {
  readonly answering: CallAnswering;
  readonly telemetry: CallTelemetry;
  readonly live: LiveCalls;
  readonly liveRecords: LiveRecordFeed;
  /** Refuses new calls; resolves when the last live call has ended. The signal ends those that go on. */
  drain(signal: AbortSignal): Promise<void>;
  /** Reads changed lines now instead of at the next poll; resolves when their phrases are synthesised. */
  refreshLines(): Promise<void>;
}

/** Stands in for `Calls` in a process without the role `media`. */
export const noCalls: Pick<Calls, 'live' | 'liveRecords'> = {
  live: { list: () => [], end: () => false },
  liveRecords: { subscribe: () => () => undefined },
};

export async function openCalls(
  base: Base & { readonly maxLagP99Ms: number; readonly toolList?: readonly Tool[] | undefined },
  records: Records,
  vendors: Vendors,
  { lookup: knowledge }: Knowledge,
): Promise<Calls> {
  await using stack = new AsyncDisposableStack();
  const { config, clock, logger, metrics, loopLag, maxLagP99Ms, toolList } = base;
  const { tenancy, storage } = records;
  const openVoiceActivity = await loadVoiceActivity();

  const phraseAudio = new PhraseAudio({
    folder: join(config.dataDir, 'phrases'),
    clock,
    onFailure: (error, vendor) => logger.warn({ err: error, vendor }, 'phrase synthesis failed; will retry'),
  });
  stack.defer(() => phraseAudio.close());
  let phrasesReady = Promise.resolve();
  const directory = stack.use(
    await StoredLineDirectory.open({
      tenancy,
      snapshot: snapshotFile(join(config.dataDir, 'lines.json')),
      clock,
      logger,
      onLines(lines) {
        phrasesReady = preparePhrases({ phraseAudio, vendors, toolList }, lines);
      },
    }),
  );
  const ingest = (ingested: Parameters<typeof ingestRecords>[1]): Promise<void> =>
    ingestRecords(tenancy, ingested);
  const { dataDir } = config;
  const journals = stack.use(await Journals.open({ dataDir, ingest, clock, logger, metrics }));

  const telemetry = new CallTelemetry(metrics, logger);
  const registry = new CallRegistry({
    maxCalls: config.limits.maxCalls,
    isOverloaded: () => loopLag.p99Ms() > maxLagP99Ms || journals.isDiskFailing,
  });
  const sessionDeps = {
    vendors,
    openVoiceActivity,
    tenancy,
    storage,
    journals,
    phraseAudio,
    knowledge,
    toolList,
    telemetry,
    clock,
    logger,
    callerNames: new CallerNames({ tenancy, clock, logger }),
    playoutClock: new PlayoutClock({
      clock,
      onError: (error) => logger.error({ err: error }, 'playout tick of a call failed'),
    }),
  };
  const answering = new CallAnswering({
    lines: directory,
    calls: registry,
    carrier: vendors.carrier.carrier,
    clock,
    telemetry,
    phrasesFor,
    issueToken: (callSid) => vendors.carrier.issueToken(callSid),
    createSession: (call, line, onClosed) => createSession(sessionDeps, call, line, onClosed),
  });
  stack.defer(() => answering.close());

  const owned = stack.move();
  return {
    answering,
    telemetry,
    live: registry,
    liveRecords: journals.live,
    drain: (signal) => registry.drain(signal),
    async refreshLines() {
      await directory.refresh();
      await phrasesReady;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
