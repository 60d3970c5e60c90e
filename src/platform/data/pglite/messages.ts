/** Messages between the main thread and the thread of PGlite. */
export interface WorkerOptions {
  /** Undefined keeps everything in memory. */
  readonly folder: string | undefined;
  /** A tar made by `snapshot` to start from, which saves the two seconds of initdb and migrations. */
  readonly snapshotFile: string | undefined;
}

export type Request =
  | {
      readonly kind: 'query';
      readonly id: number;
      readonly text: string;
      readonly values: readonly WireValue[] | undefined;
    }
  | { readonly kind: 'snapshot'; readonly id: number }
  | { readonly kind: 'close'; readonly id: number };

/** As `pg` would send it: text, raw bytes or null. */
export type WireValue = string | Uint8Array | null;

export type Response =
  | { readonly kind: 'ready' }
  | { readonly kind: 'notification'; readonly channel: string; readonly payload: string }
  | { readonly kind: 'result'; readonly id: number; readonly result: WireResult }
  | { readonly kind: 'snapshot'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: 'closed'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly error: WireError };

/** Every value still in PostgreSQL's text form. */
export interface WireResult {
  readonly command: string;
  readonly rowCount: number | null;
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** The members of a `pg.DatabaseError`, because the error object itself cannot be posted between threads. */
export type WireError = { readonly message: string } & Readonly<Record<string, string | undefined>>;
