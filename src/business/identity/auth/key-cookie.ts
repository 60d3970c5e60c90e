const cookieName = 'parley_key';

/** HttpOnly and SameSite=Strict: no script reads it, no other site sends it. `null` takes it away. */
export function keyCookie(key: string | null, options: { readonly isSecure: boolean }): string {
  const kept = key === null ? `${cookieName}=; Max-Age=0` : `${cookieName}=${key}; Max-Age=2592000`;
  return `${kept}; Path=/; HttpOnly; SameSite=Strict${options.isSecure ? '; Secure' : ''}`;
}

/** The key in a `Cookie` header. */
export function keyInCookies(header: string | undefined): string | undefined {
  return header
    ?.split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${cookieName}=`))
    ?.slice(cookieName.length + 1);
}
