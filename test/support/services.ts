/** The address of a real service; the suites in test/services cannot do without. */
export function requireService(variable: 'DATABASE_URL' | 'REDIS_URL'): string {
  const address = process.env[variable];
  if (address === undefined || address === '') {
    throw new Error(
      `${variable} is not set. These tests talk to a real server: ` +
        (variable === 'DATABASE_URL'
          ? 'DATABASE_URL=postgres://user@127.0.0.1:5432/postgres'
          : 'REDIS_URL=redis://127.0.0.1:6379'),
    );
  }
  return address;
}
