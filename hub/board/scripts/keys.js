// A person's own key: made here and kept by this browser, which lets pages use it and nobody read it. It signs
// for itself, and for the key of somebody else whom its person approves. Ed25519 where the browser has it.
const utf8 = new TextEncoder();
const b64url = bytes => btoa(Array.from(new Uint8Array(bytes), one => String.fromCharCode(one)).join(''))
  .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const part = value => b64url(utf8.encode(JSON.stringify(value)));
const post = (path, body) => fetch(path, {
  method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body ?? {}),
});
const told = (form, name) => {
  for (const note of form.querySelectorAll('[data-note]')) note.hidden = note.dataset.note !== name;
};

const KINDS = [
  {make: {name: 'Ed25519'}, sign: {name: 'Ed25519'}, alg: 'EdDSA', members: ['crv', 'kty', 'x']},
  {make: {name: 'ECDSA', namedCurve: 'P-256'}, sign: {name: 'ECDSA', hash: 'SHA-256'}, alg: 'ES256',
    members: ['crv', 'kty', 'x', 'y']},
];

async function pairOfKeys() {
  for (const kind of KINDS) {
    try {
      return [kind, await crypto.subtle.generateKey(kind.make, false, ['sign', 'verify'])];
    } catch (trouble) {
      if (kind === KINDS.at(-1)) throw trouble;
    }
  }
}

const bare = (kind, jwk) => Object.fromEntries(kind.members.map(name => [name, jwk[name]]));

// The name is the thumbprint (RFC 7638): of the members in order, without spaces.
const thumbprint = async jwk => crypto.subtle.digest('SHA-256', utf8.encode(JSON.stringify(jwk)));

async function made() {
  const [kind, pair] = await pairOfKeys();
  const jwk = bare(kind, await crypto.subtle.exportKey('jwk', pair.publicKey));
  return {kid: b64url(await thumbprint(jwk)), alg: kind.alg, jwk, privateKey: pair.privateKey};
}

// The fingerprint of the key that a payload names, as pages show one: what was compared is what is signed.
async function printOf(payload) {
  const raw = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
  const {key} = JSON.parse(new TextDecoder().decode(Uint8Array.from(raw, one => one.charCodeAt(0))));
  const print = await thumbprint(bare(KINDS.find(kind => kind.alg === key.alg), key));
  const digits = Array.from(new Uint8Array(print), one => one.toString(16).padStart(2, '0')).join('');
  return digits.match(/.{4}/g).join(' ');
}

async function signature(key, payload) {
  const head = part({alg: key.alg, kid: key.kid});
  const how = KINDS.find(kind => kind.alg === key.alg).sign;
  const made = await crypto.subtle.sign(how, key.privateKey, utf8.encode(`${head}.${payload}`));
  return {protected: head, signature: b64url(made)};
}

const opened = () => new Promise((yes, no) => {
  const asked = indexedDB.open('saikne', 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore('keys');
  asked.onsuccess = () => yes(asked.result);
  asked.onerror = () => no(asked.error);
});
const done = asked => new Promise((yes, no) => {
  asked.onsuccess = () => yes(asked.result);
  asked.onerror = () => no(asked.error);
});
const keptKeys = async mode => (await opened()).transaction('keys', mode).objectStore('keys');

async function make(form) {
  told(form, 'waiting');
  try {
    const asked = await post(form.dataset.make);
    if (asked.redirected) { location.assign(asked.url); return; }
    if (!asked.ok) throw new Error(String(asked.status));
    const wanted = await asked.json();
    const key = await made();
    const {kid, alg, jwk, privateKey} = key;
    const payload = part({...wanted, key: {...jwk, kid, alg, use: 'signing'}});
    const file = JSON.stringify({payload, signatures: [await signature(key, payload)]});
    await done((await keptKeys('readwrite')).put({person: wanted.person, alg, kid, privateKey}, kid));
    await navigator.storage?.persist?.();
    const kept = await post(form.dataset.keep, {file, label: form.querySelector('[name=label]').value});
    if (!kept.ok) throw new Error(String(kept.status));
    location.assign(form.dataset.next);
  } catch {
    told(form, 'failed');
  }
}

async function approve(form, own) {
  told(form, 'waiting');
  try {
    const compared = document.getElementById(form.dataset.print).textContent;
    if (await printOf(form.dataset.payload) !== compared) throw new Error('another key');
    const signed = await signature(own, form.dataset.payload);
    const kept = await post(form.dataset.approve, {key: form.dataset.key, ...signed});
    if (kept.redirected) { location.assign(kept.url); return; }
    if (!kept.ok) throw new Error(String(kept.status));
    location.assign(form.dataset.next);
  } catch {
    told(form, 'failed');
  }
}

async function ownKey(names) {
  for (const kid of names.split(' ').filter(Boolean)) {
    const key = await done((await keptKeys('readonly')).get(kid));
    if (key) return key;
  }
}

// What the hub does not know any more is of no use to anybody.
async function forgetOld(person, known) {
  for (const key of await done((await keptKeys('readonly')).getAll())) {
    if (key.person === person && !known.has(key.kid)) await done((await keptKeys('readwrite')).delete(key.kid));
  }
}

// Until then the page says that it needs scripts, and the button is none.
function ready(form, deed) {
  told(form);
  form.querySelector('button').disabled = false;
  form.addEventListener('submit', event => { event.preventDefault(); deed(); });
}

const able = Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);
for (const form of document.querySelectorAll('form[data-make]')) {
  if (!able) continue;
  ready(form, () => make(form));
}
for (const form of document.querySelectorAll('form[data-approve]')) {
  const own = able && await ownKey(form.dataset.held);
  if (own) ready(form, () => approve(form, own));
  else if (able) told(form, 'without');
}
const list = document.querySelector('[data-person]');
if (able && list) {
  const known = new Set();
  for (const row of list.querySelectorAll('[data-kid]')) {
    known.add(row.dataset.kid);
    row.querySelector('[data-here]').hidden = !await ownKey(row.dataset.kid);
  }
  await forgetOld(list.dataset.person, known);
}
