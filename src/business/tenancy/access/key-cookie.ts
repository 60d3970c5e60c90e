/** Cookie in which the console page keeps its API key. */
export const KEY_COOKIE = 'parley_key';

/** HttpOnly and SameSite=Strict, so that no script reads it and no other site sends it. */
export const keyCookieOptions = { path: '/', httpOnly: true, sameSite: 'strict' } as const;

export const keyCookieSeconds = 30 * 24 * 3_600;
