import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** A temporary database for one run. */
export interface OwnDatabase extends AsyncDisposable {
  readonly url: string;
}

export async function makeOwnDatabase(serverUrl: string): Promise<OwnDatabase> {
  const name = `parley_bench_${randomBytes(4).toString('hex')}`;
  await onServer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    [Symbol.asyncDispose]: () => onServer(serverUrl, `drop database ${name} with (force)`),
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
