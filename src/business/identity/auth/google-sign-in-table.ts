/** A sign-in in progress at Google, with the values to compare with its answer. */
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
