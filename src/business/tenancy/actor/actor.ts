/** Actors and their permissions. */
import type { FastifyRequest } from 'fastify';
import type { TenantId } from '../../../platform/data/ids.ts';
import type {
  AgentId,
  ApiKeyId,
  CallId,
  ChatId,
  ConversationId,
  CustomerId,
  MemberId,
  PersonId,
  SessionId,
  StaffId,
} from '../ids/ids.ts';
import { Forbidden } from '../../../platform/process/errors.ts';
import type { Permission, Role } from './permissions.ts';

interface Origin {
  /** Address of the client; undefined for work without a request. */
  readonly address?: string | undefined;
}

export interface MemberActor extends Origin {
  readonly type: 'member';
  readonly tenantId: TenantId;
  readonly memberId: MemberId;
  readonly personId: PersonId;
  readonly sessionId: SessionId;
  readonly role: Role;
  readonly permissions: ReadonlySet<Permission>;
}

export interface ApiKeyActor extends Origin {
  readonly type: 'api-key';
  readonly tenantId: TenantId;
  readonly apiKeyId: ApiKeyId;
  readonly mode: 'test' | 'live';
  readonly permissions: ReadonlySet<Permission>;
}

/** A member of the platform's staff: without a tenant, or impersonating one. */
export interface StaffActor extends Origin {
  readonly type: 'staff';
  readonly staffId: StaffId;
  readonly sessionId: string;
  readonly tenantId: TenantId | undefined;
  readonly permissions: ReadonlySet<Permission>;
}

/** The tenant's agent, on a call or in a chat, at the request of a customer. */
export interface AgentActor extends Origin {
  readonly type: 'agent';
  readonly tenantId: TenantId;
  readonly agentId?: AgentId | undefined;
  /** The call or chat of the request. */
  readonly conversation: CallId | ChatId | ConversationId;
  readonly permissions: ReadonlySet<Permission>;
}

/** A customer of the tenant, acting through a link, a keypad or a reply to a message. */
export interface CustomerActor extends Origin {
  readonly type: 'customer';
  readonly tenantId: TenantId;
  readonly customerId: CustomerId;
  readonly permissions: ReadonlySet<Permission>;
}

/** Work without a requesting actor: a job, or the sign-up that creates the tenant. */
export interface SystemActor extends Origin {
  readonly type: 'system';
  readonly tenantId: TenantId;
  /** `sign-up`, or the name of the job. */
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
}

/** Who makes a request, or a change. */
export type Actor = MemberActor | ApiKeyActor | StaffActor | AgentActor | CustomerActor | SystemActor;

export type ActorType = Actor['type'];

/** An actor within a tenant, as services take it. */
export type TenantActor = Exclude<Actor, StaffActor> | (StaffActor & { tenantId: TenantId });

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `route-access`, from the credential and nothing else; undefined on public routes. */
    actor?: Actor;
  }
}

export function actorOf(request: FastifyRequest): TenantActor {
  return tenantActor(request.actor);
}

/** Returns the actor, or refuses one without a tenant. */
export function tenantActor(actor: Actor | undefined): TenantActor {
  if (actor === undefined) throw new Error('This endpoint has no access to a tenant.');
  if (!isInTenant(actor)) {
    throw new Forbidden('This needs a tenant to act in; staff impersonate one first.', {
      code: 'tenant-needed',
    });
  }
  return actor;
}

export function tenantOf(request: FastifyRequest): TenantId {
  return actorOf(request).tenantId;
}

/** Returns the actor if it is a member, for what only people have: sessions, a profile. */
export function memberOrRefused(actor: Actor | undefined): MemberActor {
  if (actor?.type === 'member') return actor;
  throw new Forbidden('This is for people who have signed in, not for API keys.', { code: 'members-only' });
}

export function isInTenant(actor: Actor): actor is TenantActor {
  return actor.tenantId !== undefined;
}

export function systemActor(tenantId: TenantId, name: string): SystemActor {
  return { type: 'system', tenantId, name, permissions: new Set() };
}

const none: ReadonlySet<Permission> = new Set();

export function agentActor(
  tenantId: TenantId,
  conversation: AgentActor['conversation'],
  agentId?: AgentId,
): AgentActor {
  return { type: 'agent', tenantId, conversation, agentId, permissions: none };
}

/** The actor's id in records. */
export function actorIdOf(actor: Actor): string {
  switch (actor.type) {
    case 'member':
      return actor.memberId;
    case 'api-key':
      return actor.apiKeyId;
    case 'staff':
      return actor.staffId;
    case 'agent':
      return actor.conversation;
    case 'customer':
      return actor.customerId;
    case 'system':
      return actor.name;
    default:
      return actor satisfies never;
  }
}

export * from './permissions.ts';
