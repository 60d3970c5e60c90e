const form = document.querySelector('#reset');
const told = document.querySelector('#told');
const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
// Not left in the address bar, where it could be read or copied.
history.replaceState(null, '', location.pathname);

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void send(new FormData(form).get('password'));
});

async function send(password) {
  try {
    const response = await fetch('/v1/auth/reset-password', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, password }),
    });
    form.hidden = response.ok;
    told.textContent = response.ok
      ? 'Your new password is set. Sign in with it.'
      : (await response.json()).detail;
  } catch {
    told.textContent = 'The server could not be reached. Try again.';
  }
}
