import { hash } from 'node:crypto';
import type { Clock } from '../../../platform/process/clock.ts';
import type { Db } from '../../../platform/data/db.ts';
import { tenantSuspended } from '../tenants/suspended.ts';
import { isWithin } from '../../../platform/http/networks.ts';
import type { SessionClaims, SessionTokens } from './session-token.ts';
import { ShortMemory } from '../../../platform/process/short-memory.ts';
import { inTenant } from '../tenants/unit-of-work.ts';
import { type ApiKey, findApiKey } from '../../identity/api-keys/service.ts';
import type { Actor, ApiKeyActor, MemberActor, StaffActor } from './actor.ts';
import { isPermission, type Permission, permissions, permissionsOfMember } from './permissions.ts';
import * as queries from './queries.ts';

type StaffClaims = Extract<SessionClaims, { kind: 'staff' }>;
type MemberClaims = Extract<SessionClaims, { kind: 'member' }>;

export interface CredentialsDependencies {
  readonly db: Db;
  readonly tokens: SessionTokens;
  readonly clock: Clock;
  /** Undefined when this staff session is over, or the impersonation is. Kept for as long as other answers. */
  readonly findStaff?: (claims: StaffClaims) => Promise<Omit<StaffActor, 'address'> | undefined>;
}

// How long one node may go on believing what another has changed. Within a node `forget` is at once.
const keepMs = 5_000;
const maxEntries = 20_000;

/** Tells who presents a credential, and what he may do now: a token says who it was issued to and no more. */
export class Credentials {
  readonly #dependencies: CredentialsDependencies;
  readonly #members: ShortMemory<Omit<MemberActor, 'address'>>;
  readonly #keys: ShortMemory<ApiKey>;
  readonly #staff: ShortMemory<Omit<StaffActor, 'address'>>;

  constructor(dependencies: CredentialsDependencies) {
    this.#dependencies = dependencies;
    const options = { clock: dependencies.clock, keepMs, maxEntries };
    this.#members = new ShortMemory(options);
    this.#keys = new ShortMemory(options);
    this.#staff = new ShortMemory(options);
  }

  /** Undefined: nobody, or nobody any more. */
  async find(presented: string, address: string): Promise<Actor | undefined> {
    if (presented.startsWith('parley_')) return this.#findKey(presented, address);
    const claims = await this.#dependencies.tokens.verify(presented);
    if (claims === undefined) return undefined;
    const actor = claims.kind === 'member' ? await this.#findMember(claims) : await this.#findStaff(claims);
    return actor === undefined ? undefined : { ...actor, address };
  }

  /** After a change of members, sessions, keys or tenants: the next request sees it. */
  forget(): void {
    this.#members.clear();
    this.#keys.clear();
    this.#staff.clear();
  }

  #findMember(claims: MemberClaims): Promise<Omit<MemberActor, 'address'> | undefined> {
    const { tenantId, memberId, personId, sessionId } = claims;
    return this.#members.get(sessionId, async () => {
      const standing = await inTenant(this.#dependencies.db, tenantId, (transaction) =>
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
    });
  }

  async #findKey(presented: string, address: string): Promise<ApiKeyActor | undefined> {
    const { db, clock } = this.#dependencies;
    const key = await this.#keys.get(hash('sha256', presented), () => findApiKey(db, presented));
    if (key === undefined || (key.expiresAt !== null && key.expiresAt <= clock.date())) return undefined;
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

  #findStaff(claims: StaffClaims): Promise<Omit<StaffActor, 'address'> | undefined> {
    const { findStaff } = this.#dependencies;
    if (findStaff === undefined) return Promise.resolve(undefined);
    return this.#staff.get(`${claims.sessionId} ${claims.tenantId ?? ''}`, () => findStaff(claims));
  }
}

function permissionsOfScopes(scopes: readonly string[]): ReadonlySet<Permission> {
  return new Set(scopes.includes('*') ? permissions : scopes.filter(isPermission));
}
