import { createHmac } from 'node:crypto';

export type FormParameters = readonly (readonly [name: string, value: string])[];

/** `X-Twilio-Signature` of a webhook: HMAC-SHA1 of the URL and the sorted form, keyed by the account's token. */
export function signWebhook(authToken: string, url: string, parameters: FormParameters = []): string {
  const valuesByName = new Map<string, Set<string>>();
  for (const [name, value] of parameters) {
    const values = valuesByName.get(name) ?? new Set();
    valuesByName.set(name, values.add(value));
  }
  let text = url;
  for (const name of [...valuesByName.keys()].toSorted(byCodeUnit)) {
    for (const value of [...valuesByName.get(name)!].toSorted(byCodeUnit)) text += name + value;
  }
  return createHmac('sha1', authToken).update(text, 'utf8').digest('base64');
}

/** What is signed of a voice webhook's URL: no user, no fragment, and no port when it is https. */
export function signedFormOf(url: string): string {
  const withoutFragment = url.split('#', 1)[0]!;
  const match = /^(https?):\/\/(?:[^/?@]*@)?([^/?]*)(.*)$/s.exec(withoutFragment);
  if (match === null) return withoutFragment;
  const [, scheme, host, rest] = match;
  return `${scheme}://${scheme === 'https' ? host!.replace(/:\d+$/, '') : host!}${rest}`;
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
