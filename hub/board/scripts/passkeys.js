// Passkeys: asks the hub what to ask, asks the device, brings its answer back. Without this script the other
// ways remain, and the page says so.
const post = (path, body) => fetch(path, {
  method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body ?? {}),
});

const told = (form, name) => {
  for (const note of form.querySelectorAll('[data-note]')) note.hidden = note.dataset.note !== name;
};

async function ask(form, device) {
  const options = form.dataset.options, keep = form.dataset.keep;
  told(form, 'waiting');
  try {
    const asked = await post(options);
    if (asked.redirected) { location.assign(asked.url); return; }
    if (!asked.ok) throw new Error(String(asked.status));
    const {errand, options: wanted} = await asked.json();
    const answer = (await device(wanted)).toJSON();
    const label = form.querySelector('[name=label]')?.value ?? '';
    const kept = await post(keep, {errand, answer, label});
    if (!kept.ok) throw new Error(String(kept.status));
    location.assign(form.dataset.next);
  } catch (trouble) {
    told(form, trouble.name === 'InvalidStateError' ? 'known' : 'failed');
  }
}

const ways = {
  show: wanted => navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(wanted)}),
  make: wanted => navigator.credentials.create({publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(wanted)}),
};
const able = 'PublicKeyCredential' in window && 'parseRequestOptionsFromJSON' in PublicKeyCredential;
for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!able) { told(form, 'unable'); continue; }
  form.querySelector('button').disabled = false;
  form.addEventListener('submit', event => { event.preventDefault(); ask(form, ways[form.dataset.passkey]); });
}
