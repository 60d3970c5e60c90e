/** Somebody whom a provider vouches for. */
export interface ProvidedIdentity {
  /** Stays the same when the address changes. */
  readonly subject: string;
  readonly email: string;
  /** Only then may the address lead to an account that exists. */
  readonly isEmailVerified: boolean;
  readonly name: string;
}

export interface AuthorizationRequest {
  readonly state: string;
  readonly nonce: string;
  /** S256 of the verifier that comes with the code. */
  readonly codeChallenge: string;
  readonly redirectUri: string;
}

export interface AuthorizationAnswer {
  readonly code: string;
  readonly codeVerifier: string;
  readonly nonce: string;
  readonly redirectUri: string;
}

/** Sign-in at somebody else's: OpenID Connect, authorization code with PKCE. */
export interface IdentityProvider {
  /** Where to send the browser. A VendorError when the provider cannot be asked. */
  authorizationUrl(request: AuthorizationRequest): Promise<string>;
  /**
   * Who came back. Undefined when the code is not good (any more) or the token that came for it does not hold; a
   * VendorError when the provider cannot be asked.
   */
  identify(answer: AuthorizationAnswer): Promise<ProvidedIdentity | undefined>;
}
