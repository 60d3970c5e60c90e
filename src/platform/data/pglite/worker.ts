// The thread of PGlite: a slow query blocks this thread, not the main one, which sends audio every 20 ms.
import { openAsBlob } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import { citext } from '@electric-sql/pglite/contrib/citext';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { vector } from '@electric-sql/pglite-pgvector';
import type { Request, Response, WireError, WireResult, WireValue, WorkerOptions } from './messages.ts';

const errorMembers = [
  'code',
  'severity',
  'detail',
  'hint',
  'position',
  'where',
  'schema',
  'table',
  'column',
  'dataType',
  'constraint',
];

if (parentPort === null) throw new Error('This file is the PGlite thread; pglite/thread.ts starts it.');
const port = parentPort;
const options = workerData as WorkerOptions;

const lite = await PGlite.create({
  ...(options.folder === undefined ? {} : { dataDir: options.folder }),
  ...(options.snapshotFile === undefined ? {} : { loadDataDir: await openAsBlob(options.snapshotFile) }),
  extensions: { btree_gist, citext, pg_trgm, vector },
});
leaveValuesAsText(lite);
lite.onNotification((channel, payload) => send({ kind: 'notification', channel, payload }));
port.on('message', (request: Request) => void answer(request));
send({ kind: 'ready' });

async function answer(request: Request): Promise<void> {
  try {
    switch (request.kind) {
      case 'query':
        send({ kind: 'result', id: request.id, result: await run(request.text, request.values) });
        return;
      case 'snapshot': {
        const tar = await lite.dumpDataDir('none');
        send({ kind: 'snapshot', id: request.id, bytes: new Uint8Array(await tar.arrayBuffer()) });
        return;
      }
      case 'close':
        await lite.close();
        send({ kind: 'closed', id: request.id });
        return;
      default:
        request satisfies never;
    }
  } catch (error) {
    send({ kind: 'failed', id: request.id, error: wireError(error) });
  }
}

async function run(text: string, values: readonly WireValue[] | undefined): Promise<WireResult> {
  // Without values the simple protocol is used, as by `pg`, because it alone allows several statements at once.
  const result =
    values === undefined
      ? (await lite.exec(text, { rowMode: 'array' })).at(-1)
      : await lite.query(text, [...values], { rowMode: 'array' });
  return {
    command: result?.command ?? '',
    rowCount: result?.rowCount ?? null,
    fields: (result?.fields ?? []).map(({ name, dataTypeID }) => ({ name, dataTypeID })),
    rows: (result?.rows ?? []) as unknown as (string | null)[][],
  };
}

/**
 * PGlite converts values differently from `pg`. They are left as text here and parsed with pg's parsers in the main
 * thread, so that rows are the same on the embedded database and on a server.
 */
function leaveValuesAsText(database: PGlite): void {
  for (const type of Object.keys(database.parsers)) database.parsers[type] = unchanged;
  for (const type of Object.keys(database.serializers)) database.serializers[type] = unchanged;
}

function unchanged(value: string): string {
  return value;
}

function wireError(error: unknown): WireError {
  if (!(error instanceof Error)) return { message: String(error) };
  const members = errorMembers.flatMap((name) => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return { ...Object.fromEntries(members), message: error.message };
}

function send(response: Response): void {
  port.postMessage(response);
}
