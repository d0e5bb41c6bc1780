// Has this browser tell what is urgent: asked for by a click, kept by the hub, and taken back when the hub no
// longer knows it. What comes is shown by `push-worker.js`, which stands under `/telling/` alone.
const SCOPE = '/telling/';

const told = (form, name) => {
  for (const note of form.querySelectorAll('[data-note]')) note.hidden = note.dataset.note !== name;
};

const post = (path, body) => fetch(path, {
  method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body),
});

const b64url = bytes => btoa(Array.from(new Uint8Array(bytes), one => String.fromCharCode(one)).join(''))
  .replaceAll('+', '-').replaceAll('/', '_');

// As the page calls a browser: by the digest of its address.
const nameOf = async held => b64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(held.endpoint)));

// A browser takes messages only for a worker that is at work.
const atWork = registration => new Promise((yes, no) => {
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  const look = () => {
    if (worker.state === 'activated') yes(registration);
    else if (worker.state === 'redundant') no(new Error('the worker did not start'));
  };
  worker.addEventListener('statechange', look);
  look();
});

async function subscribe(form) {
  told(form, 'waiting');
  try {
    if (await Notification.requestPermission() !== 'granted') { told(form, 'denied'); return; }
    const registration = await atWork(await navigator.serviceWorker.register(`${SCOPE}push-worker.js`, {scope: SCOPE}));
    await (await registration.pushManager.getSubscription())?.unsubscribe();
    const made = await registration.pushManager.subscribe({
      userVisibleOnly: true, applicationServerKey: form.dataset.push,
    });
    const label = form.querySelector('[name=label]').value;
    const kept = await post(form.dataset.keep, {subscription: made.toJSON(), key: form.dataset.key, label});
    if (kept.redirected) { location.assign(kept.url); return; }
    if (!kept.ok) {
      await made.unsubscribe();
      told(form, kept.status === 409 ? 'many' : 'failed');
      return;
    }
    location.assign(form.dataset.next);
  } catch {
    told(form, 'failed');
  }
}

// What the hub does not know any more tells nobody: it was taken back on another device, or with all sign-ins.
async function compare(list, form) {
  const held = await (await navigator.serviceWorker.getRegistration(SCOPE))?.pushManager.getSubscription();
  if (!held) return;
  const row = list.querySelector(`[data-browser="${await nameOf(held)}"]`);
  if (!row) { await held.unsubscribe(); return; }
  row.querySelector('[data-here]').hidden = false;
  if (form) form.hidden = row.hasAttribute('data-current');
}

const list = document.querySelector('[data-browsers]'), form = list.querySelector('[data-push]');
const able = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
if (able) {
  if (form) {
    told(form, Notification.permission === 'denied' ? 'denied' : undefined);
    form.querySelector('button').disabled = Notification.permission === 'denied';
    form.addEventListener('submit', event => { event.preventDefault(); subscribe(form); });
  }
  await compare(list, form);
}
