import { hash, randomBytes } from 'node:crypto';
import type { Clock } from '../../../platform/process/clock.ts';
import { type Db, withSystem } from '../../../platform/data/db.ts';
import { Conflict, NotFound, TooManyRequests } from '../../../platform/process/errors.ts';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import type { MemberId, PersonId } from '../../tenancy/references/ids.ts';
import type { Notifier, OutgoingMessage } from '../notices/notify.ts';
import { blindIndex, blindIndexes, decrypt, encrypt } from '../../../platform/crypto/personal-data.ts';
import { systemActor, type TenantActor } from '../../tenancy/access/actor.ts';
import type { Role } from '../../tenancy/access/permissions.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import { getTenant } from '../../tenancy/tenants/tenants.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import type { MemberRow } from './queries.ts';
import * as queries from './queries.ts';
import { checkMayChange } from './rules.ts';
import type { PresentedMember } from './schema.ts';
import { locked, presentOne, recorded } from './service.ts';

export interface InvitationInput {
  readonly role: Role;
  readonly name?: string | undefined;
  /** One of the two, normalised. */
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
}

export interface InvitationDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly notifier: Notifier;
}

const validMs = 7 * 24 * 3_600_000;
// A message costs money, and bothers whoever gets it.
const resendAfterMs = 60_000;

/** Somebody is asked to join; the message is on its way when this resolves. */
export async function invite(
  { db, clock, notifier }: InvitationDependencies,
  actor: TenantActor,
  input: InvitationInput,
): Promise<PresentedMember> {
  const { tenantId } = actor;
  checkMayChange(actor, undefined, { role: input.role, grantedPermissions: [], deniedPermissions: [] });
  const address = input.email ?? input.phone ?? '';
  const known = await withSystem(db, (transaction) =>
    queries.findMemberByAddress(transaction, tenantId, blindIndexes(address)),
  );
  if (known !== undefined)
    throw new Conflict('Whoever has this address is a member already.', { code: 'already-member' });
  const token = newToken();
  const { row, business } = await inTenant(db, tenantId, async (transaction) => {
    const inserted = await queries.insertMember(transaction, tenantId, {
      id: newId('mem'),
      role: input.role,
      status: 'invited',
      name: input.name ?? '',
      invitedEmailEncrypted: input.email === undefined ? null : encrypt(input.email),
      invitedPhoneEncrypted: input.phone === undefined ? null : encrypt(input.phone),
      invitedIndex: blindIndex(address),
      invitationSha256: hash('sha256', token),
      invitationExpiresAt: new Date(clock.date().getTime() + validMs),
      invitedBy: actor.type === 'member' ? actor.memberId : null,
    });
    if (inserted === undefined)
      throw new Conflict('This address has an invitation already; it can be sent again.', {
        code: 'already-invited',
      });
    await recordChange(transaction, actor, {
      action: 'member.invited',
      resource: 'member',
      resourceId: inserted.id,
      after: recorded(inserted),
    });
    return { row: inserted, business: (await getTenant(transaction, tenantId)).name };
  });
  try {
    await notifier.send(messageFor(row, { token, business }));
  } catch (error) {
    // Whoever asked is told, and can ask again: an invitation nobody received must not stand in the way.
    await inTenant(db, tenantId, (transaction) => withdraw(transaction, tenantId, row.id));
    throw error;
  }
  return presentOne(db, row);
}

/** A new link to the same address; the one before it stops working. */
export async function resendInvitation(
  { db, clock, notifier }: InvitationDependencies,
  actor: TenantActor,
  memberId: MemberId,
): Promise<PresentedMember> {
  const { tenantId } = actor;
  const token = newToken();
  const nowMs = clock.date().getTime();
  const { row, business } = await inTenant(db, tenantId, async (transaction) => {
    const before = await locked(transaction, actor, memberId);
    if (before.status !== 'invited')
      throw new Conflict('This member has joined already.', { code: 'already-member' });
    checkMayChange(actor, before, before);
    const waitMs = (before.invitationExpiresAt?.getTime() ?? 0) - validMs + resendAfterMs - nowMs;
    if (waitMs > 0)
      throw new TooManyRequests('It was sent a moment ago.', Math.ceil(waitMs / 1000), {
        code: 'sent-recently',
      });
    const after = await queries.updateMember(transaction, tenantId, memberId, {
      invitationSha256: hash('sha256', token),
      invitationExpiresAt: new Date(nowMs + validMs),
    });
    await recordChange(transaction, actor, {
      action: 'member.invited-again',
      resource: 'member',
      resourceId: memberId,
    });
    return { row: after, business: (await getTenant(transaction, tenantId)).name };
  });
  await notifier.send(messageFor(row, { token, business }));
  return presentOne(db, row);
}

export interface Invitation {
  readonly tenantId: TenantId;
  readonly memberId: MemberId;
  readonly tenantName: string;
  readonly role: Role;
  /** Whoever holds the token has shown that this address is his. */
  readonly email: string | null;
  readonly phone: string | null;
}

/** What a token invites to; undefined when it was used, withdrawn, replaced or is too old. */
export async function findInvitation(db: Db, token: string): Promise<Invitation | undefined> {
  const found = await withSystem(db, (transaction) =>
    queries.findInvitation(transaction, hash('sha256', token)),
  );
  if (found === undefined) return undefined;
  const { tenantId, id: memberId, tenantName, role, invitedEmailEncrypted, invitedPhoneEncrypted } = found;
  const email = invitedEmailEncrypted === null ? null : decrypt(invitedEmailEncrypted);
  const phone = invitedPhoneEncrypted === null ? null : decrypt(invitedPhoneEncrypted);
  return { tenantId, memberId, tenantName, role, email, phone };
}

/** Makes the person a member of the tenant that invited. */
export async function acceptInvitation(
  db: Db,
  { token, personId }: { readonly token: string; readonly personId: PersonId },
): Promise<Invitation> {
  const invitation = await findInvitation(db, token);
  if (invitation === undefined) throw invitationNotValid();
  const { tenantId, memberId } = invitation;
  const actor = systemActor(tenantId, 'invitation');
  await inTenant(db, tenantId, async (transaction) => {
    const before = await locked(transaction, actor, memberId);
    if (before.status !== 'invited') throw invitationNotValid();
    const after = await queries
      .updateMember(transaction, tenantId, memberId, {
        status: 'active',
        personId,
        joinedAt: new Date(),
        invitationSha256: null,
      })
      .catch((error: unknown) => {
        // One membership per person and tenant.
        if (error instanceof Error && 'code' in error && error.code === '23505') {
          throw new Conflict('You are a member of this business already.', {
            code: 'already-member',
            cause: error,
          });
        }
        throw error;
      });
    await recordChange(transaction, actor, {
      action: 'member.joined',
      resource: 'member',
      resourceId: memberId,
      before: recorded(before),
      after: recorded(after),
    });
  });
  return invitation;
}

export function invitationNotValid(): NotFound {
  return new NotFound('This invitation is not valid, or not any more.', { code: 'invitation-not-valid' });
}

function withdraw(transaction: Db, tenantId: TenantId, memberId: MemberId): Promise<MemberRow> {
  return queries.updateMember(transaction, tenantId, memberId, {
    status: 'removed',
    removedAt: new Date(),
    invitationSha256: null,
  });
}

function messageFor(
  row: MemberRow,
  variables: { readonly token: string; readonly business: string },
): OutgoingMessage {
  const { invitedEmailEncrypted: email, invitedPhoneEncrypted: phone } = row;
  const whither =
    email === null
      ? { channel: 'sms' as const, to: decrypt(phone ?? '') }
      : { channel: 'email' as const, to: decrypt(email) };
  return { ...whither, template: 'invitation', variables: { ...variables, role: row.role } };
}

function newToken(): string {
  return randomBytes(24).toString('base64url');
}
