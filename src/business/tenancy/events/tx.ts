import type { TenantId } from '../../../platform/data/ids.ts';
import type { SystemTx as AcrossTenants, TenantTransaction } from '../../../platform/data/tx.ts';
import type { PersonalDataCipher } from '../../../platform/crypto/personal-data.ts';
import type { DomainEvent } from './domain-event.ts';

interface UnitOfWork {
  /** Encrypts and decrypts the personal data of rows. */
  readonly cipher: PersonalDataCipher;
  /** Passes a recorded event to the processors; called by `happened`. */
  dispatch(event: DomainEvent): Promise<void>;
  /** Runs once the transaction has committed, and not at all when it is rolled back. Must not throw. */
  afterCommit(effect: () => void): void;
}

/**
 * A transaction that carries its tenant. Every query and every service of the business takes it; nothing but
 * `tenancy.run` makes one, so the tenant comes from the credential and from nowhere else.
 */
export interface Tx extends TenantTransaction, UnitOfWork {}

/** A transaction across tenants: people and their sessions, staff, look-ups before the tenant is known. */
export interface SystemTx extends AcrossTenants, UnitOfWork {}

/** Begins transactions; see `createTenancy`. */
export interface Tenancy {
  /** Runs `work` in a transaction of a tenant, for instance the actor's. Rolls back if `work` rejects. */
  run<Result>(of: { readonly tenantId: TenantId }, work: (tx: Tx) => Promise<Result>): Promise<Result>;
  /** Runs `work` in a transaction across tenants. */
  system<Result>(work: (tx: SystemTx) => Promise<Result>): Promise<Result>;
}
