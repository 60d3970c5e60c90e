import { beforeAll, describe, expect, it } from 'vitest';
import type { RestRoute } from '../src/business/tenancy/access/route-access.ts';
import { missingFrom, type OpenApiDocument } from './support/declared-endpoint.ts';
import { type Caller, type MemberCaller, type RestApp, useRestApp } from './support/rest-app.ts';
import { addressOf, nameOf, send } from './support/route-requests.ts';
import {
  type Attempt,
  idsIn,
  isOfTenant,
  makeOwnThings,
  namesOneOfTenant,
  OwnersRequests,
  type OwnThings,
  rowsOf,
  type TenantRows,
} from './support/wrong-tenant.ts';

/*
 * What is asked of every endpoint of the REST API, by the list of those that the server serves. Failures name the
 * endpoint and the remedy.
 */

/** The endpoints of a provider that may be left out are served here too. */
const google = {
  authorizationUrl: () => Promise.resolve('https://accounts.example.com/authorize'),
  identify: () => Promise.resolve(undefined),
};
const at = useRestApp({ identityProvider: google });

describe('every endpoint of the REST API', () => {
  it('declares who may use it, the schemas of what it takes and answers, and examples of them', () => {
    const { restRoutes } = at.app.http;
    const document = at.app.http.swagger() as unknown as OpenApiDocument;
    expect(restRoutes.length).toBeGreaterThan(150);
    expect(restRoutes.flatMap((route) => missingFrom(route, document))).toEqual([]);
  });

  it('is closed to those without a credential, unless it is public', async () => {
    const open: string[] = [];
    for (const route of at.app.http.restRoutes.filter(({ access }) => access !== 'public')) {
      const { status } = await send(at.app, route, addressOf(route.url, {}), { caller: undefined });
      if (status !== 401) open.push(`${nameOf(route)}: ${status}`);
    }
    expect(open).toEqual([]);
  });
});

describe('to another tenant, every endpoint', () => {
  let app: RestApp;
  let owner: MemberCaller;
  let stranger: MemberCaller;
  let things: OwnThings;
  let ownIds: ReadonlySet<string>;
  let before: TenantRows;
  let requests: OwnersRequests;
  let attempts: readonly Attempt[];
  beforeAll(async () => {
    app = at.app;
    owner = await app.signUp();
    stranger = await app.signUp();
    things = await makeOwnThings(app, owner);
    before = await rowsOf(app, owner.tenantId);
    ownIds = idsIn([owner.personId, ...[...before.values()].flat()].join('\n'));
    requests = new OwnersRequests(app, things, ownIds);
    attempts = await everyAttempt();
  });

  async function everyAttempt(): Promise<readonly Attempt[]> {
    const made: Attempt[] = [];
    for (const route of app.http.restRoutes)
      made.push(...(await requests.attempt(route, await callerOf(route))));
    return made;
  }

  /** What is open to everybody signed in may sign out or leave: whoever comes next is somebody else. */
  async function callerOf({ access }: RestRoute): Promise<Caller | undefined> {
    if (access === 'public') return undefined;
    return access === 'signed-in' ? app.memberWith('owner', stranger.tenantId) : stranger;
  }

  it('with an id in its path is tried with one that its owner made', () => {
    const missing = [...things].filter(([, parameters]) => parameters === undefined);
    const remedy = 'nothing can be created by its example; say how in test/support/example-ids.ts.';
    expect(missing.map(([url]) => `${url}/:id: ${remedy}`)).toEqual([]);
  });

  it('finds nothing under the owner’s id', () => {
    const found = attempts.filter(({ route, status }) => namesOneOfTenant(route) && status !== 404);
    const remedy = 'look the id up in the transaction of the caller’s tenant, so that it is 404.';
    expect(found.map(({ name, status }) => `${name}: ${status}; ${remedy}`)).toEqual([]);
  });

  it('tells nothing of the owner', () => {
    const told = attempts.flatMap(({ name, text, sentIds }) =>
      [...idsIn(text)].filter((id) => ownIds.has(id) && !sentIds.has(id)).map((id) => `${name} tells ${id}.`),
    );
    expect(told).toEqual([]);
  });

  it('refuses a body that names what is the owner’s', () => {
    const taken = attempts.filter(
      ({ route, attaches, status }) => isOfTenant(route) && attaches && status < 400,
    );
    const remedy = 'check that what the body names by id is the tenant’s own.';
    expect(taken.map(({ name, status }) => `${name}: ${status}; ${remedy}`)).toEqual([]);
  });

  it('of the platform’s staff is closed', () => {
    const open = attempts.filter(({ route, status }) => route.access === 'staff' && status !== 403);
    expect(open.map(({ name, status }) => `${name}: ${status}`)).toEqual([]);
  });

  it('breaks at nothing', () => {
    const broken = attempts.filter(({ status }) => status >= 500);
    expect(broken.map(({ name, status, text }) => `${name}: ${status} ${text}`)).toEqual([]);
  });

  it('changes nothing of the owner', async () => {
    const after = await rowsOf(app, owner.tenantId);
    const changed = [...after].filter(([table, rows]) => rows.join('\n') !== before.get(table)!.join('\n'));
    expect(changed.map(([table]) => table)).toEqual([]);
  });

  it('attaches nothing of the owner to what is the other tenant’s', async () => {
    const rows = await rowsOf(app, stranger.tenantId);
    const attached = [...rows].flatMap(([table, texts]) =>
      [...idsIn(texts.join('\n'))].filter((id) => ownIds.has(id)).map((id) => `${table} names ${id}.`),
    );
    expect(attached).toEqual([]);
  });

  it('answers otherwise than to its owner, who finds what is there', async () => {
    const order = ['GET', 'PATCH', 'PUT', 'POST', 'DELETE'];
    const routes = app.http.restRoutes
      .filter(namesOneOfTenant)
      .toSorted((one, other) => order.indexOf(one.method) - order.indexOf(other.method));
    const alike: string[] = [];
    for (const route of routes) {
      const refused = attempts.find((attempt) => attempt.route === route)!;
      const [own] = await requests.attempt(route, owner);
      const detail = detailOf(own!.text);
      if (detail === detailOf(refused.text)) alike.push(`${nameOf(route)}: ${detail}`);
    }
    const remedy =
      'The owner finds nothing either, so that this proves nothing: see test/support/example-ids.ts.';
    expect(alike.map((answer) => `${answer} ${remedy}`)).toEqual([]);
  });
});

/** The sentence of a problem; undefined of any other answer. */
function detailOf(text: string): string | undefined {
  return /"detail":"([^"]*)"/.exec(text)?.[1];
}
