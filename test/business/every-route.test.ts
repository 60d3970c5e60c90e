import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { permissionsOfRole, roles } from '../../src/business/tenancy/access/permissions.ts';
import type { RestRoute } from '../../src/business/tenancy/access/route-access.ts';
import { exampleIds, notIds } from '../support/example-ids.ts';
import { type Caller, type MemberCaller, type RestApp, useRestApp } from '../support/rest-app.ts';

const at = useRestApp();

function nameOf({ method, url }: RestRoute): string {
  return `${method} ${url}`;
}

function addressOf(url: string, parameters: Readonly<Record<string, string>>): string {
  return url.replaceAll(/:(\w+)/g, (_, name: string) => parameters[name] ?? '1');
}

/** The example that the documentation shows, so that validation lets the request through to what is tested. */
function exampleBody({ schema }: RestRoute): object | undefined {
  if (!(schema?.body instanceof z.ZodType)) return undefined;
  const meta = schema.body.meta() as { example?: object; examples?: object[] } | undefined;
  return meta?.example ?? meta?.examples?.[0] ?? {};
}

/** What the query cannot do without, by the examples of its fields. */
function exampleQuery({ schema }: RestRoute): string {
  if (!(schema?.querystring instanceof z.ZodObject)) return '';
  const fields = Object.entries(schema.querystring.shape);
  const needed = new URLSearchParams();
  for (const [name, field] of fields) {
    if (!(field instanceof z.ZodType) || field.safeParse(undefined).success) continue;
    const example = (field.meta() as { examples?: string[] } | undefined)?.examples?.[0];
    if (example !== undefined) needed.set(name, example);
  }
  return `?${needed.toString()}`;
}

async function send(route: RestRoute, url: string, caller: Caller | undefined, body?: object) {
  // The status is all that is asked for: a stream of events would have no end.
  const ended = new AbortController();
  const response = await at.app.inject({
    method: route.method,
    url,
    headers: caller?.headers ?? {},
    payloadAsStream: true,
    signal: ended.signal,
    ...(body === undefined ? {} : { payload: body }),
  });
  response.stream().on('error', () => undefined);
  ended.abort();
  return response.statusCode;
}

/** What a request without a body or a real id may lead to, once it was let in. */
function isLetIn(status: number): boolean {
  return status !== 401 && status !== 403 && status < 500;
}

describe('every route', () => {
  let app: RestApp;
  let owner: MemberCaller;
  let routes: readonly RestRoute[];
  beforeAll(async () => {
    app = at.app;
    owner = await app.signUp();
    routes = app.http.restRoutes;
  });

  it('is there to be looked at', () => {
    expect(routes.length).toBeGreaterThan(20);
  });

  it('that is not public is closed to those nobody knows', async () => {
    const wrong: string[] = [];
    for (const route of routes.filter(({ access }) => access !== 'public')) {
      const status = await send(route, addressOf(route.url, {}), undefined);
      if (status !== 401) wrong.push(`${nameOf(route)}: ${status}`);
    }
    expect(wrong).toEqual([]);
  });

  it.each(roles)('lets a member in who is %s exactly where that role has the permission', async (role) => {
    const wrong: string[] = [];
    const allowed = permissionsOfRole(role);
    let caller = await app.memberWith(role, owner.tenantId);
    for (const route of routes) {
      if (route.access === 'public') continue;
      // What is open to everybody signed in may sign out or leave: whoever comes next is somebody else.
      if (route.access === 'signed-in') caller = await app.memberWith(role, owner.tenantId);
      const status = await send(route, addressOf(route.url, {}), caller);
      const expected =
        route.access === 'signed-in' || (route.access !== 'staff' && allowed.has(route.access.permission));
      if (expected ? !isLetIn(status) : status !== 403) wrong.push(`${nameOf(route)}: ${status}`);
      if (route.access === 'signed-in') caller = await app.memberWith(role, owner.tenantId);
    }
    expect(wrong).toEqual([]);
  });

  it('lets an API key in exactly where its scopes have the permission', async () => {
    const wrong: string[] = [];
    for (const route of routes) {
      if (typeof route.access === 'string') continue;
      const { permission } = route.access;
      const other = permission === 'calls:read' ? 'tickets:read' : 'calls:read';
      const url = addressOf(route.url, {});
      const [right, not] = [
        await send(route, url, await app.apiKeyWith([permission], owner.tenantId)),
        await send(route, url, await app.apiKeyWith([other], owner.tenantId)),
      ];
      const isRight = route.access.onlyMembers === true ? right === 403 : isLetIn(right);
      if (!isRight || not !== 403) wrong.push(`${nameOf(route)}: ${right}, ${not}`);
    }
    expect(wrong).toEqual([]);
  });

  /** Made by whoever knows how, else by the POST to the collection with the example of its documentation. */
  async function makeExample(collection: string): Promise<Readonly<Record<string, string>> | undefined> {
    const make = exampleIds[collection];
    if (make !== undefined) return make(app, owner);
    const create = routes.find(({ method, url }) => method === 'POST' && url === collection);
    if (create === undefined) return undefined;
    const payload = exampleBody(create) ?? {};
    const response = await app.inject({ method: 'POST', url: collection, headers: owner.headers, payload });
    return response.statusCode === 201 ? { id: response.json<{ id: string }>().id } : undefined;
  }

  it('that takes an id finds nothing under another tenant’s, whatever it would do with it', async () => {
    const wrong: string[] = [];
    const stranger = await app.signUp();
    const examples = new Map<string, ReturnType<typeof makeExample>>();
    const exampleOf = (collection: string): ReturnType<typeof makeExample> =>
      examples.get(collection) ?? examples.set(collection, makeExample(collection)).get(collection)!;
    for (const route of routes) {
      if (route.access === 'public' || route.access === 'staff' || !route.url.includes(':')) continue;
      const resource = route.url.slice(0, route.url.indexOf('/:'));
      if (notIds.has(resource)) continue;
      const parameters = await exampleOf(resource);
      if (parameters === undefined) {
        wrong.push(`${nameOf(route)}: no example can be made; see test/support/example-ids.ts`);
        continue;
      }
      const url = addressOf(route.url, parameters) + exampleQuery(route);
      const foreign = await send(route, url, stranger, exampleBody(route));
      if (foreign !== 404) wrong.push(`${nameOf(route)}: ${foreign} to a stranger`);
      if (nameOf(route) !== `GET ${resource}/:id`) continue;
      // Else the example is none, and the 404 above says nothing.
      const own = await send(route, url, owner);
      if (own !== 200) wrong.push(`${nameOf(route)}: ${own} to its owner`);
    }
    expect(wrong).toEqual([]);
  });
});
