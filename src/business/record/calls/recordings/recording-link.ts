import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../../../platform/process/clock.ts';
import { parseId, type TenantId } from '../../../../platform/data/ids.ts';
import type { CallId } from '../../../tenancy/ids/ids.ts';

/** Whose recording a link opens. */
export interface LinkedRecording {
  readonly tenantId: TenantId;
  readonly callId: CallId;
}

const contentSchema = z.tuple([z.string(), z.string(), z.int()]);

/** Addresses of recordings that need no credential and are good for a while: for players, mails and tickets. */
export class RecordingLinks {
  readonly #key: Buffer;
  readonly #clock: Clock;

  constructor({ tokenSecret, clock }: { readonly tokenSecret: string; readonly clock: Clock }) {
    // Derived for links alone, so that no other token of the server is accepted as a link, or the reverse.
    this.#key = Buffer.from(hkdfSync('sha256', tokenSecret, '', 'parley recording link', 32));
    this.#clock = clock;
  }

  sign({ tenantId, callId }: LinkedRecording, lifetimeSeconds: number) {
    const expiresAt = new Date(this.#clock.date().getTime() + lifetimeSeconds * 1_000);
    const content = Buffer.from(JSON.stringify([tenantId, callId, expiresAt.getTime()])).toString(
      'base64url',
    );
    return { token: `${content}.${this.#signature(content).toString('base64url')}`, expiresAt };
  }

  /** Undefined when the signature does not fit the content or the link has expired. */
  verify(token: string): LinkedRecording | undefined {
    const [content, signature, ...rest] = token.split('.');
    if (content === undefined || signature === undefined || rest.length > 0) return undefined;
    const given = Buffer.from(signature, 'base64url');
    const expected = this.#signature(content);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    const [tenant, call, expiresAtMs] = contentSchema.parse(
      JSON.parse(Buffer.from(content, 'base64url').toString('utf8')),
    );
    const tenantId = parseId('tnt', tenant);
    const callId = parseId('call', call);
    if (tenantId === undefined || callId === undefined) return undefined;
    return expiresAtMs > this.#clock.date().getTime() ? { tenantId, callId } : undefined;
  }

  #signature(content: string): Buffer {
    return createHmac('sha256', this.#key).update(content).digest();
  }
}
