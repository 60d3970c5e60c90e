import { sql } from 'kysely';
import type { RestRoute } from '../../src/business/tenancy/access/route-access.ts';
import type { TenantId } from '../../src/platform/data/ids.ts';
import { exampleIds, notIds } from './example-ids.ts';
import type { Caller, MemberCaller, RestApp } from './rest-app.ts';
import {
  addressOf,
  createByExample,
  exampleBody,
  exampleQuery,
  fieldsOf,
  nameOf,
  send,
  type Sent,
} from './route-requests.ts';

/* Every endpoint, asked by somebody of another tenant for what the owner has. */

/** What stands for the owner's own in addresses, by collection: of `/v1/products/:id`, that is `/v1/products`. */
export type OwnThings = ReadonlyMap<string, Readonly<Record<string, string>> | undefined>;

/** The rows of a tenant as JSON, by table. */
export type TenantRows = ReadonlyMap<string, readonly string[]>;

/** What stands before the first parameter of an address. */
function collectionOf({ url }: RestRoute): string {
  return url.slice(0, Math.max(0, url.indexOf('/:')));
}

/** True where the address names something that a tenant has for itself, by an id. */
export function namesOneOfTenant(route: RestRoute): boolean {
  return route.url.includes('/:') && !notIds.has(collectionOf(route)) && isOfTenant(route);
}

export function isOfTenant({ access }: RestRoute): boolean {
  return access !== 'public' && access !== 'staff';
}

/** One of everything that has an id in an address, made by the owner. */
export async function makeOwnThings(app: RestApp, owner: MemberCaller): Promise<OwnThings> {
  const collections = new Set(app.http.restRoutes.filter(namesOneOfTenant).map(collectionOf));
  const made: [string, Readonly<Record<string, string>> | undefined][] = [];
  for (const url of collections) {
    made.push([url, await (exampleIds[url]?.(app, owner) ?? createByExample(app, owner, url))]);
  }
  return new Map(made);
}

/** Read past row-level security, from every table that names its tenant. */
export async function rowsOf({ db }: RestApp, tenantId: TenantId): Promise<TenantRows> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = 'tenant_id' order by 1`.execute(db);
  const all: [string, readonly string[]][] = [];
  for (const { name } of tables) {
    const { rows } = await sql<{ row: string }>`
      select to_jsonb(found)::text as row from ${sql.table(name)} as found
      where tenant_id = ${tenantId} order by 1`.execute(db);
    all.push([name, rows.map(({ row }) => row)]);
  }
  return new Map(all);
}

const idForm = /\b([a-z]+)_[0-9a-hjkmnp-tv-z]{26}\b/g;

export function idsIn(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(idForm)].map(([id]) => id));
}

export interface Attempt extends Sent {
  readonly route: RestRoute;
  readonly name: string;
  /** Whether the body names something by the owner's id. */
  readonly attaches: boolean;
  /** The ids that the request named; a refusal may repeat them. */
  readonly sentIds: ReadonlySet<string>;
}

/** Requests to one tenant's endpoints that name what another one has. */
export class OwnersRequests {
  readonly #app: RestApp;
  readonly #things: OwnThings;
  readonly #byPrefix: ReadonlyMap<string, string>;

  constructor(app: RestApp, things: OwnThings, ownIds: Iterable<string>) {
    this.#app = app;
    this.#things = things;
    this.#byPrefix = new Map([...ownIds].map((id) => [id.split('_')[0]!, id]));
  }

  /** One for what the body's example names, and one more for each id that the body may name besides. */
  async attempt(route: RestRoute, caller: Caller | undefined): Promise<readonly Attempt[]> {
    const url = this.#addressOf(route);
    const attempts: Attempt[] = [];
    for (const { body, attaches } of this.#bodiesOf(route)) {
      const sent = await send(this.#app, route, url, { caller, body });
      const sentIds = idsIn(`${url} ${JSON.stringify(body)}`);
      attempts.push({ ...sent, route, name: nameOf(route), attaches, sentIds });
    }
    return attempts;
  }

  #addressOf(route: RestRoute): string {
    const path = addressOf(route.url, this.#things.get(collectionOf(route)) ?? {});
    const ids = fieldsOf(route.schema?.querystring).filter(({ example }) => this.#isOfKindOwned(example));
    const query = { ...exampleQuery(route), ...Object.fromEntries(ids.map((id) => [id.name, id.example])) };
    return `${path}?${this.#withOwnIds(new URLSearchParams(query as Record<string, string>).toString())}`;
  }

  #bodiesOf(route: RestRoute): readonly { readonly body: object | undefined; readonly attaches: boolean }[] {
    const example = exampleBody(route);
    if (example === undefined) return [{ body: undefined, attaches: false }];
    const more = fieldsOf(route.schema?.body)
      .filter((field) => this.#isOfKindOwned(field.example) && !(field.name in example))
      .map((field) => ({ ...example, [field.name]: field.example }));
    return [example, ...more].map((written) => {
      const text = JSON.stringify(written);
      const owned = this.#withOwnIds(text);
      return { body: JSON.parse(owned) as object, attaches: owned !== text };
    });
  }

  #isOfKindOwned(example: unknown): boolean {
    return typeof example === 'string' && this.#withOwnIds(example) !== example;
  }

  #withOwnIds(text: string): string {
    return text.replaceAll(idForm, (id, prefix: string) => this.#byPrefix.get(prefix) ?? id);
  }
}
