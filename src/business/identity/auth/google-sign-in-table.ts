/** A sign-in that is at Google now: what has to be the same when the person comes back. */
export interface GoogleSignInTable {
  tokenSha256: string;
  state: string;
  nonce: string;
  codeVerifierEncrypted: string;
  redirectUri: string;
  createdAt: Date;
  expiresAt: Date;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    googleSignIn: GoogleSignInTable;
  }
}
