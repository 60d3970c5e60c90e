interface Choice {
  readonly email: string;
  readonly name: string;
}

/** Page on which a person chooses an account; programs add `as` to the URL instead. */
export function consentPage(url: URL, accounts: readonly Choice[]): string {
  const hidden = [...url.searchParams]
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
    .join('');
  const buttons = accounts
    .map(
      ({ email, name }) =>
        `<button name="as" value="${escaped(email)}">${escaped(name)} (${escaped(email)})</button>`,
    )
    .join(' ');
  return `<!doctype html><html lang="en"><title>Sign in (simulated Google)</title>
<h1>Choose an account</h1><p>This is not Google: it is played, and asks for no password.</p>
<form>${hidden}${buttons}</form>
<form>${hidden}<label>Another address <input name="as" type="email" required></label> <button>Next</button></form>
<form>${hidden}<button name="as" value="">Cancel</button></form></html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
