import { hash } from 'node:crypto';
import type { LRUCache } from 'lru-cache';
import type { TenantId } from '../../../platform/data/ids.ts';
import { isWithin } from '../../../platform/http/networks.ts';
import { createLoadingCache } from '../../../platform/process/cache.ts';
import type { Clock } from '../../../platform/process/clock.ts';
import type { ApiKeyId } from '../ids/ids.ts';
import {
  type Actor,
  type ApiKeyActor,
  isPermission,
  type MemberActor,
  type Permission,
  permissions,
  type StaffActor,
} from '../actor/actor.ts';
import type { SessionClaims, SessionTokens } from './session-token.ts';

export type StaffClaims = Extract<SessionClaims, { kind: 'staff' }>;
export type MemberClaims = Extract<SessionClaims, { kind: 'member' }>;
type Member = Omit<MemberActor, 'address'>;
type Staff = Omit<StaffActor, 'address'>;

/** The properties of an API key that authorise requests. */
export interface KnownKey {
  readonly id: ApiKeyId;
  readonly tenantId: TenantId;
  readonly mode: 'test' | 'live';
  /** Names of permissions, or `*` for all of them. */
  readonly scopes: readonly string[];
  readonly expiresAt: Date | null;
  /** Allowed addresses and networks; empty allows all. */
  readonly allowedAddresses: readonly string[];
}

/**
 * Look-ups in identity. Each returns undefined for a revoked, ended or expired credential, and throws if its tenant is
 * suspended.
 */
export interface CredentialLookUps {
  findKey(presented: string): Promise<KnownKey | undefined>;
  findMember(claims: MemberClaims): Promise<Member | undefined>;
  findStaff(claims: StaffClaims): Promise<Staff | undefined>;
}

export interface CredentialsDependencies extends CredentialLookUps {
  readonly tokens: SessionTokens;
  readonly clock: Clock;
}

// How long a node may cache what another node has changed. Within a node `forget` clears the cache.
const keepMs = 5_000;
const maxEntries = 20_000;

/** Authenticates credentials. Permissions are looked up for each request, because a token only names its bearer. */
export class Credentials {
  readonly #tokens: SessionTokens;
  readonly #clock: Clock;
  readonly #members: LRUCache<string, Member, MemberClaims>;
  readonly #keys: LRUCache<string, KnownKey, string>;
  readonly #staff: LRUCache<string, Staff, StaffClaims>;

  constructor(dependencies: CredentialsDependencies) {
    const { clock } = dependencies;
    this.#tokens = dependencies.tokens;
    this.#clock = clock;
    const options = { clock, keepMs, maxEntries };
    this.#members = createLoadingCache({
      ...options,
      load: (claims: MemberClaims) => dependencies.findMember(claims),
    });
    this.#keys = createLoadingCache({
      ...options,
      load: (presented: string) => dependencies.findKey(presented),
    });
    this.#staff = createLoadingCache({
      ...options,
      load: (claims: StaffClaims) => dependencies.findStaff(claims),
    });
  }

  /** Undefined for an unknown or invalid credential. */
  async find(presented: string, address: string): Promise<Actor | undefined> {
    if (presented.startsWith('parley_')) return this.#findKey(presented, address);
    const claims = await this.#tokens.verify(presented);
    if (claims === undefined) return undefined;
    const actor =
      claims.kind === 'member'
        ? await this.#members.fetch(claims.sessionId, { context: claims })
        : await this.#staff.fetch(`${claims.sessionId} ${claims.tenantId ?? ''}`, { context: claims });
    return actor === undefined ? undefined : { ...actor, address };
  }

  /** Clears the cache after a change of members, sessions, keys or tenants. */
  forget(): void {
    this.#members.clear();
    this.#keys.clear();
    this.#staff.clear();
  }

  async #findKey(presented: string, address: string): Promise<ApiKeyActor | undefined> {
    const key = await this.#keys.fetch(hash('sha256', presented), { context: presented });
    if (key === undefined) return undefined;
    if (key.expiresAt !== null && key.expiresAt <= this.#clock.date()) return undefined;
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

function permissionsOfScopes(scopes: readonly string[]): ReadonlySet<Permission> {
  return new Set(scopes.includes('*') ? permissions : scopes.filter(isPermission));
}
