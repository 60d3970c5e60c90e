import { beforeAll, describe, expect, it } from 'vitest';
import { permissionsOfRole, roles } from '../../src/business/tenancy/actor/permissions.ts';
import type { RestRoute } from '../../src/business/tenancy/access/route-access.ts';
import { type Caller, type MemberCaller, type RestApp, useRestApp } from '../support/rest-app.ts';
import { addressOf, nameOf, send } from '../support/route-requests.ts';

const at = useRestApp();

async function statusOf(route: RestRoute, caller: Caller): Promise<number> {
  return (await send(at.app, route, addressOf(route.url, {}), { caller })).status;
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

  it.each(roles)('lets a member in who is %s exactly where that role has the permission', async (role) => {
    const wrong: string[] = [];
    const allowed = permissionsOfRole(role);
    let caller = await app.memberWith(role, owner.tenantId);
    for (const route of routes) {
      if (route.access === 'public') continue;
      // What is open to everybody signed in may sign out or leave: whoever comes next is somebody else.
      if (route.access === 'signed-in') caller = await app.memberWith(role, owner.tenantId);
      const status = await statusOf(route, caller);
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
      const [right, not] = [
        await statusOf(route, await app.apiKeyWith([permission], owner.tenantId)),
        await statusOf(route, await app.apiKeyWith([other], owner.tenantId)),
      ];
      const isRight = route.access.onlyMembers === true ? right === 403 : isLetIn(right);
      if (!isRight || not !== 403) wrong.push(`${nameOf(route)}: ${right}, ${not}`);
    }
    expect(wrong).toEqual([]);
  });
});
