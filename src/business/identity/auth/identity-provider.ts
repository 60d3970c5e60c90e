/** An identity confirmed by a provider. */
export interface ProvidedIdentity {
  /** Stable when the e-mail address changes. */
  readonly subject: string;
  readonly email: string;
  /** Only a verified address may be matched with an existing account. */
  readonly isEmailVerified: boolean;
  readonly name: string;
}

export interface AuthorizationRequest {
  readonly state: string;
  readonly nonce: string;
  /** S256 hash of the verifier that is sent with the code. */
  readonly codeChallenge: string;
  readonly redirectUri: string;
}

export interface AuthorizationAnswer {
  readonly code: string;
  readonly codeVerifier: string;
  readonly nonce: string;
  readonly redirectUri: string;
}

/** Federated sign-in: OpenID Connect, authorization code flow with PKCE. */
export interface IdentityProvider {
  /** The URL for the browser. Throws a VendorError if the provider is unavailable. */
  authorizationUrl(request: AuthorizationRequest): Promise<string>;
  /**
   * Exchanges the code for an identity. Undefined if the code or its token is invalid; throws a VendorError if the
   * provider is unavailable.
   */
  identify(answer: AuthorizationAnswer): Promise<ProvidedIdentity | undefined>;
}
