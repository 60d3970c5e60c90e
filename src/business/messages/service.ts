import type { Db } from '../../platform/db.ts';
import { InvalidInput } from '../../platform/errors.ts';
import {
  type CallId,
  type CustomerId,
  newId,
  type PhoneMessageId,
  type TenantId,
} from '../../platform/ids.ts';
import { findPhone, parsePhone } from '../customers/phone.ts';
import { inTenant } from '../tenants/unit-of-work.ts';
import * as queries from './queries.ts';

/** What a caller wants the business to be told. */
export interface PhoneMessage {
  readonly id: PhoneMessageId;
  readonly customerId: CustomerId | null;
  readonly callId: CallId | null;
  readonly callerName: string | null;
  /** E.164. */
  readonly callbackPhone: string | null;
  readonly body: string;
  readonly urgent: boolean;
  readonly status: 'new' | 'handled';
  readonly createdAt: Date;
}

export interface TakeMessage {
  readonly body: string;
  readonly callerName?: string | undefined;
  /** As the caller said it; `callerPhone` lends it its country. */
  readonly callbackPhone?: string | undefined;
  readonly callerPhone?: string | undefined;
  readonly urgent?: boolean | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly callId?: CallId | undefined;
}

export async function takeMessage(db: Db, tenantId: TenantId, input: TakeMessage): Promise<PhoneMessage> {
  const body = input.body.trim();
  if (body === '') throw new InvalidInput('The message is empty; ask what to pass on.');
  const message = {
    id: newId('msg'),
    customerId: input.customerId ?? null,
    callId: input.callId ?? null,
    callerName: input.callerName?.trim() || null,
    callbackPhone: callbackPhone(input),
    body,
    urgent: input.urgent ?? false,
  };
  return inTenant(db, tenantId, (transaction) => queries.insertMessage(transaction, tenantId, message));
}

/** The number asked for, else the one the call came from where that is one. */
function callbackPhone(input: TakeMessage): string | null {
  if (input.callbackPhone !== undefined) return parsePhone(input.callbackPhone, input.callerPhone);
  return input.callerPhone === undefined ? null : (findPhone(input.callerPhone) ?? null);
}

/** Newest first. */
export function listMessages(db: Db, tenantId: TenantId, limit = 20): Promise<readonly PhoneMessage[]> {
  return inTenant(db, tenantId, (transaction) => queries.listMessages(transaction, tenantId, limit));
}
