import { hash } from 'node:crypto';
import type { LRUCache } from 'lru-cache';
import type { Clock } from '../../../platform/process/clock.ts';
import type { Db } from '../../../platform/data/db.ts';
import { tenantSuspended } from '../tenants/tenants.ts';
import { isWithin } from '../../../platform/http/networks.ts';
import type { SessionClaims, SessionTokens } from './session-token.ts';
import { createLoadingCache } from '../../../platform/process/cache.ts';
import { inTenant } from '../tenants/unit-of-work.ts';
import { type ApiKey, findApiKey } from '../../identity/api-keys/service.ts';
import type { Actor, ApiKeyActor, MemberActor, StaffActor } from './actor.ts';
import { isPermission, type Permission, permissions, permissionsOfMember } from './permissions.ts';
import * as queries from './queries.ts';

type Member = Omit<MemberActor, 'address'>;
type Staff = Omit<StaffActor, 'address'>;
type StaffClaims = Extract<SessionClaims, { kind: 'staff' }>;
type MemberClaims = Extract<SessionClaims, { kind: 'member' }>;

export interface CredentialsDependencies {
  readonly db: Db;
  readonly tokens: SessionTokens;
  readonly clock: Clock;
  /** Undefined when this staff session is over, or the impersonation is. Kept for as long as other answers. */
  readonly findStaff?: (claims: StaffClaims) => Promise<Staff | undefined>;
}

// How long one node may go on believing what another has changed. Within a node `forget` is at once.
const keepMs = 5_000;
const maxEntries = 20_000;

/** Tells who presents a credential, and what he may do now: a token says who it was issued to and no more. */
export class Credentials {
  readonly #dependencies: CredentialsDependencies;
  readonly #members: LRUCache<string, Member, MemberClaims>;
  readonly #keys: LRUCache<string, ApiKey, string>;
  readonly #staff: LRUCache<string, Staff, StaffClaims>;

  constructor(dependencies: CredentialsDependencies) {
    this.#dependencies = dependencies;
    const { db, clock, findStaff } = dependencies;
    const options = { clock, keepMs, maxEntries };
    this.#members = createLoadingCache({
      ...options,
      load: (claims: MemberClaims) => findMember(db, claims),
    });
    this.#keys = createLoadingCache({ ...options, load: (presented: string) => findApiKey(db, presented) });
    this.#staff = createLoadingCache({
      ...options,
      load: async (claims: StaffClaims) => findStaff?.(claims),
    });
  }

  /** Undefined: nobody, or nobody any more. */
  async find(presented: string, address: string): Promise<Actor | undefined> {
    if (presented.startsWith('parley_')) return this.#findKey(presented, address);
    const claims = await this.#dependencies.tokens.verify(presented);
    if (claims === undefined) return undefined;
    const actor =
      claims.kind === 'member'
        ? await this.#members.fetch(claims.sessionId, { context: claims })
        : await this.#staff.fetch(`${claims.sessionId} ${claims.tenantId ?? ''}`, { context: claims });
    return actor === undefined ? undefined : { ...actor, address };
  }

  /** After a change of members, sessions, keys or tenants: the next request sees it. */
  forget(): void {
    this.#members.clear();
    this.#keys.clear();
    this.#staff.clear();
  }

  async #findKey(presented: string, address: string): Promise<ApiKeyActor | undefined> {
    const key = await this.#keys.fetch(hash('sha256', presented), { context: presented });
    if (key === undefined) return undefined;
    if (key.expiresAt !== null && key.expiresAt <= this.#dependencies.clock.date()) return undefined;
    if (key.allowedAddresses.length > 0 && !isWithin(address, key.allowedAddresses)) return undefined;
    return {
      type: 'api-key',
      tenantId: key.tenantId,
      apiKeyId: key.id,
      mode: key.mode,
      permissions: permissionsOfScopes(key.scopes),
      address,
    };
  }
}

async function findMember(db: Db, claims: MemberClaims): Promise<Member | undefined> {
  const { tenantId, memberId, personId, sessionId } = claims;
  const standing = await inTenant(db, tenantId, (transaction) =>
    queries.findStanding(transaction, tenantId, sessionId, memberId),
  );
  if (standing === undefined || standing.personId !== personId) return undefined;
  if (standing.suspendedAt !== null) throw tenantSuspended();
  return {
    type: 'member',
    tenantId,
    memberId,
    personId,
    sessionId,
    role: standing.role,
    permissions: permissionsOfMember(standing),
  };
}

function permissionsOfScopes(scopes: readonly string[]): ReadonlySet<Permission> {
  return new Set(scopes.includes('*') ? permissions : scopes.filter(isPermission));
}
