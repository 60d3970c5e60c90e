/** Data that the bare route needs to return the same page. */
export interface BareOptions {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly tenantId: string;
  readonly callers: readonly (readonly [stored: string, phone: string])[];
}

export interface BareReady {
  readonly url: string;
}
