const programs: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\bEdgA?\/|\bEdgiOS\//, 'Edge'],
  [/\bOPR\/|\bOpera\b/, 'Opera'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bChrome\/|\bCriOS\//, 'Chrome'],
  // The browsers above include Safari in their user agent.
  [/\bSafari\//, 'Safari'],
  [/^curl\//, 'curl'],
  [/^(?:node|undici|axios|python-requests|okhttp|Go-http-client)\b/i, 'A program'],
];

const systems: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

/** A name by which its owner recognises a device, such as “Firefox on Windows”. */
export function describeDevice(userAgent: string): string {
  const program = nameIn(programs, userAgent);
  const system = nameIn(systems, userAgent);
  if (program === undefined) return system ?? 'An unknown device';
  return system === undefined ? program : `${program} on ${system}`;
}

function nameIn(
  names: readonly (readonly [pattern: RegExp, name: string])[],
  text: string,
): string | undefined {
  return names.find(([pattern]) => pattern.test(text))?.[1];
}
