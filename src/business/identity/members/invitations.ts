import { hash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import { uniqueViolation, unlessRefused } from '../../../platform/data/savepoint.ts';
import { Conflict, NotFound, TooManyRequests } from '../../../platform/process/errors.ts';
import { type Role, systemActor, type TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { MemberId, PersonId } from '../../tenancy/ids/ids.ts';
import type { SystemTx, Tenancy, Tx } from '../../tenancy/tenancy.ts';
import { findTenants, getTenant } from '../../tenancy/tenants/tenants.ts';
import type { Notifier, OutgoingMessage } from '../notices/notices.ts';
import { findByEmail, findByPhone } from '../people/people.ts';
import type { InvitationInput } from './member.ts';
import { memberEvents } from './member-events.ts';
import { checkMayChange } from './member-rights.ts';
import { lockMember } from './member-service.ts';
import { type MemberRow, memberTable } from './member-table.ts';

export interface InvitationDependencies {
  readonly tenancy: Tenancy;
  readonly notifier: Notifier;
}

const validMs = 7 * 24 * 3_600_000;
// Minimum interval between two messages to the same address.
const resendAfterMs = 60_000;

/** Invites somebody; resolves when the message was accepted by the sender. */
export async function invite(
  { tenancy, notifier }: InvitationDependencies,
  actor: TenantActor,
  input: InvitationInput,
  now: Date,
): Promise<MemberRow> {
  checkMayChange(actor, undefined, { role: input.role, grantedPermissions: [], deniedPermissions: [] });
  await tenancy.system((tx) => refuseMembers(tx, actor.tenantId, input));
  const token = newToken();
  const { row, message } = await tenancy.run(actor, async (tx) => {
    const invited = await insertInvitation(tx, actor, { ...input, token }, now);
    await happened(tx, actor, memberEvents.invited({ subject: invited.id, after: invited }));
    return { row: invited, message: await messageFor(tx, invited, token) };
  });
  try {
    await notifier.send(message);
  } catch (error) {
    // An invitation whose message was not sent is removed, so that the client can retry.
    await tenancy.run(actor, (tx) =>
      memberTable.update(tx, row.id, { status: 'removed', removedAt: now, invitationSha256: null }),
    );
    throw error;
  }
  return row;
}

async function refuseMembers(tx: SystemTx, tenantId: TenantId, { email, phone }: InvitationInput) {
  const person = email === undefined ? await findByPhone(tx, phone!) : await findByEmail(tx, email);
  if (person === undefined) return;
  const member = await tx
    .selectFrom('member')
    .select('id')
    .where('tenantId', '=', tenantId)
    .where('personId', '=', person.id)
    .where('status', '=', 'active')
    .executeTakeFirst();
  if (member === undefined) return;
  throw new Conflict('Whoever has this address is a member already.', { code: 'already-member' });
}

async function insertInvitation(
  tx: Tx,
  actor: TenantActor,
  { role, name, email, phone, token }: InvitationInput & { readonly token: string },
  now: Date,
): Promise<MemberRow> {
  const invited = await memberTable.insert(tx, {
    id: newId('mem'),
    role,
    status: 'invited',
    name: name ?? '',
    invitedEmailEncrypted: tx.cipher.encrypt(email ?? null),
    invitedPhoneEncrypted: tx.cipher.encrypt(phone ?? null),
    invitedIndex: tx.cipher.blindIndex(email ?? phone!),
    invitationSha256: hash('sha256', token),
    invitationExpiresAt: new Date(now.getTime() + validMs),
    invitedBy: actor.type === 'member' ? actor.memberId : null,
  });
  if (invited !== undefined) return invited;
  throw new Conflict('This address has an invitation already; it can be sent again.', {
    code: 'already-invited',
  });
}

/** Sends a new link to the same address; the earlier one becomes invalid. */
export async function resendInvitation(
  { tenancy, notifier }: InvitationDependencies,
  actor: TenantActor,
  memberId: MemberId,
  now: Date,
): Promise<MemberRow> {
  const token = newToken();
  const { row, message } = await tenancy.run(actor, async (tx) => {
    const before = await lockMember(tx, memberId);
    checkMayResend(actor, before, now);
    const after = await memberTable.update(tx, memberId, {
      invitationSha256: hash('sha256', token),
      invitationExpiresAt: new Date(now.getTime() + validMs),
    });
    await happened(tx, actor, memberEvents['invited-again']({ subject: memberId }));
    return { row: after, message: await messageFor(tx, after, token) };
  });
  await notifier.send(message);
  return row;
}

function checkMayResend(actor: TenantActor, member: MemberRow, now: Date): void {
  if (member.status !== 'invited') {
    throw new Conflict('This member has joined already.', { code: 'already-member' });
  }
  checkMayChange(actor, member, member);
  const sentAtMs = (member.invitationExpiresAt?.getTime() ?? 0) - validMs;
  const waitMs = sentAtMs + resendAfterMs - now.getTime();
  if (waitMs <= 0) return;
  throw new TooManyRequests('It was sent a moment ago.', Math.ceil(waitMs / 1000), { code: 'sent-recently' });
}

export interface Invitation {
  readonly tenantId: TenantId;
  readonly memberId: MemberId;
  readonly tenantName: string;
  readonly role: Role;
  /** The address is verified by the token, which was sent to it. */
  readonly email: string | null;
  readonly phone: string | null;
}

/**
 * The invitation of a token, across tenants; throws `NotFound` if it was used, withdrawn or replaced, or has expired.
 */
export async function getInvitation(tx: SystemTx, token: string, now: Date): Promise<Invitation> {
  const row = await selectInvitation(tx, token, now).executeTakeFirst();
  return toInvitation(tx, row);
}

/** Makes the person a member of the inviting tenant. */
export async function acceptInvitation(
  tx: SystemTx,
  { token, personId }: { readonly token: string; readonly personId: PersonId },
  now: Date,
): Promise<Invitation> {
  const row = await selectInvitation(tx, token, now).forUpdate().executeTakeFirst();
  const invitation = await toInvitation(tx, row);
  const { tenantId, memberId: subject } = invitation;
  // One membership per person and tenant.
  const hasJoined = await unlessRefused(tx, [uniqueViolation], () =>
    tx
      .updateTable('member')
      .set({
        status: 'active',
        personId,
        joinedAt: now,
        invitationSha256: null,
        version: sql<number>`version + 1`,
        updatedAt: sql<Date>`now()`,
      })
      .where('tenantId', '=', tenantId)
      .where('id', '=', subject)
      .execute(),
  );
  if (!hasJoined) {
    throw new Conflict('You are a member of this business already.', { code: 'already-member' });
  }
  const before = row!;
  const joined = memberEvents.joined({ subject, before, after: { ...before, status: 'active' } });
  await happened(tx, systemActor(tenantId, 'invitation'), joined);
  return invitation;
}

function selectInvitation(tx: SystemTx, token: string, now: Date) {
  return tx
    .selectFrom('member')
    .select(['tenantId', ...memberTable.columns])
    .where('invitationSha256', '=', hash('sha256', token))
    .where('status', '=', 'invited')
    .where('invitationExpiresAt', '>', now);
}

async function toInvitation(
  tx: SystemTx,
  row: (MemberRow & { readonly tenantId: TenantId }) | undefined,
): Promise<Invitation> {
  if (row === undefined) throw invitationNotValid();
  const tenant = (await findTenants(tx, [row.tenantId])).get(row.tenantId);
  if (tenant === undefined || tenant.isSuspended) throw invitationNotValid();
  const { invitedEmailEncrypted: email, invitedPhoneEncrypted: phone } = row;
  return {
    tenantId: row.tenantId,
    memberId: row.id,
    tenantName: tenant.name,
    role: row.role,
    email: tx.cipher.decrypt(email),
    phone: tx.cipher.decrypt(phone),
  };
}

function invitationNotValid(): NotFound {
  return new NotFound('This invitation is not valid, or not any more.', { code: 'invitation-not-valid' });
}

async function messageFor(
  tx: Tx,
  { invitedEmailEncrypted: email, invitedPhoneEncrypted: phone, role }: MemberRow,
  token: string,
): Promise<OutgoingMessage> {
  const address =
    email === null
      ? ({ channel: 'sms', to: tx.cipher.decrypt(phone ?? '') } as const)
      : ({ channel: 'email', to: tx.cipher.decrypt(email) } as const);
  const { name: business } = await getTenant(tx);
  return { ...address, template: 'invitation', variables: { token, business, role } };
}

function newToken(): string {
  return randomBytes(24).toString('base64url');
}
