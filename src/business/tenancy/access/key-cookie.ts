/** An API key as the console holds it. */
export const KEY_COOKIE = 'parley_key';

/** HttpOnly and SameSite=Strict: no script reads it, no other site sends it. */
export const keyCookieOptions = { path: '/', httpOnly: true, sameSite: 'strict' } as const;

export const keyCookieSeconds = 30 * 24 * 3_600;
