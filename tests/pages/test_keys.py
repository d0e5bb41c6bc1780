"""A person's key in a real browser: made, compared, approved by somebody else, used, and ended.

The key is used by a script of the test's: pages that sign come later. It is the browser's own, which nobody
can read, found where `keys.js` has put it.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page, expect

from hub.kernel.ids import CentreId
from hub.ops.database import transaction
from hub.people.casework import keys
from hub.people.office import Counter
from hub.people.person import PersonRole
from hub.people.session import PROVED
from hub.plumbing.database import OWNER_ROLE
from saikne import wire_bytes
from tests.access.centre_system import digest_of
from tests.pages.conftest import House, Watched, comes_in
from tests.pages.test_board import look
from tests.pages.test_doors import ABSENT, OWN, places, signed_in, token_on

WAITS = "gaida apstiprinājumu"
USE = """async ({kid, lines, parameters}) => {
  const asked = indexedDB.open('saikne', 1);
  const db = await new Promise(yes => { asked.onsuccess = () => yes(asked.result); });
  const got = db.transaction('keys').objectStore('keys').get(kid);
  const key = await new Promise(yes => { got.onsuccess = () => yes(got.result); });
  const read = await crypto.subtle.exportKey('jwk', key.privateKey).then(() => 'read', error => error.name);
  const alg = key.alg === 'EdDSA' ? 'ed25519' : 'ecdsa-p256-sha256';
  const how = key.alg === 'EdDSA' ? {name: 'Ed25519'} : {name: 'ECDSA', hash: 'SHA-256'};
  const signed = `${parameters};keyid="${kid}";alg="${alg}"`;
  const base = [...lines, `"@signature-params": ${signed}`].join('\\n');
  const made = await crypto.subtle.sign(how, key.privateKey, new TextEncoder().encode(base));
  const raw = Array.from(new Uint8Array(made), one => String.fromCharCode(one)).join('');
  return {read, input: `saikne=${signed}`, signature: `saikne=:${btoa(raw)}:`};
}"""

BY_ITSELF = """async ({kid, body}) => {
  const utf8 = text => new TextEncoder().encode(text);
  const b64 = raw => btoa(Array.from(new Uint8Array(raw), one => String.fromCharCode(one)).join(''));
  const b64url = raw => b64(raw).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const part = said => b64url(utf8(JSON.stringify(said)));
  const now = Math.floor(Date.now() / 1000), how = {name: 'ECDSA', hash: 'SHA-256'};
  const sha256 = raw => crypto.subtle.digest('SHA-256', raw);
  const p256 = {name: 'ECDSA', namedCurve: 'P-256'};
  const pair = await crypto.subtle.generateKey(p256, false, ['sign', 'verify']);
  const {crv, kty, x, y} = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const proof = async (path, more) => {
    const head = part({typ: 'dpop+jwt', alg: 'ES256', jwk: {crv, kty, x, y}});
    const jti = crypto.randomUUID(), htu = location.origin + path;
    const said = part({htm: 'POST', htu, iat: now, jti, ...more});
    const made = await crypto.subtle.sign(how, pair.privateKey, utf8(`${head}.${said}`));
    return `${head}.${said}.${b64url(made)}`;
  };
  const first = await proof('/keys/token');
  const asked = () => fetch('/keys/token', {method: 'POST', headers: {DPoP: first}});
  const token = (await (await asked()).json()).access_token;
  const again = (await asked()).status;
  const request = indexedDB.open('saikne', 1);
  const db = await new Promise(yes => { request.onsuccess = () => yes(request.result); });
  const got = db.transaction('keys').objectStore('keys').get(kid);
  const key = await new Promise(yes => { got.onsuccess = () => yes(got.result); });
  const ed = key.alg === 'EdDSA', sent = utf8(body);
  const headers = {
    Authorization: `DPoP ${token}`, 'Content-Type': 'application/json',
    DPoP: await proof('/v1/exchanges', {ath: b64url(await sha256(utf8(token)))}),
    'Content-Digest': `sha-256=:${b64(await sha256(sent))}:`,
  };
  const covered = ['authorization', 'dpop', 'content-type', 'content-digest'];
  const parameters = `("@method" "@target-uri" ${covered.map(one => `"${one}"`).join(' ')});created=${now}`
    + `;expires=${now + 60};nonce="${crypto.randomUUID()}";tag="saikne-request-1";keyid="${kid}"`
    + `;alg="${ed ? 'ed25519' : 'ecdsa-p256-sha256'}"`;
  const lines = ['"@method": POST', `"@target-uri": ${location.origin}/v1/exchanges`,
    `"authorization": ${headers.Authorization}`, `"dpop": ${headers.DPoP}`,
    `"content-type": ${headers['Content-Type']}`, `"content-digest": ${headers['Content-Digest']}`,
    `"@signature-params": ${parameters}`];
  const base = utf8(lines.join('\\n'));
  const made = await crypto.subtle.sign(ed ? {name: 'Ed25519'} : how, key.privateKey, base);
  headers['Signature-Input'] = `saikne=${parameters}`;
  headers.Signature = `saikne=:${b64(made)}:`;
  const answer = await fetch('/v1/exchanges', {method: 'POST', headers, body: sent});
  return {again, status: answer.status, said: await answer.json()};
}"""
"""All that a page of hers does alone: a key for proofs, a token by the session, a signature, the call."""
OTHER_PAYLOAD = """form => {
  const said = JSON.parse(atob(form.dataset.payload.replaceAll('-', '+').replaceAll('_', '/')));
  said.key.x = `${'A'.repeat(42)}E`;
  const raw = btoa(JSON.stringify(said)).replaceAll('+', '-');
  form.dataset.payload = raw.replaceAll('/', '_').replaceAll('=', '');
}"""
"""As a page would have it that shows one key and has another one signed."""
OLDER = """
  const makes = crypto.subtle.generateKey.bind(crypto.subtle);
  crypto.subtle.generateKey = (kind, ...more) => kind.name === 'Ed25519'
    ? Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError')) : makes(kind, ...more);
"""
HELD = """async () => {
  const asked = indexedDB.open('saikne', 1);
  const db = await new Promise(yes => { asked.onsuccess = () => yes(asked.result); });
  const got = db.transaction('keys').objectStore('keys').getAllKeys();
  return await new Promise(yes => { got.onsuccess = () => yes(got.result); });
}"""


@pytest.fixture
async def another(browser: Browser) -> AsyncIterator[Watched]:
    """A second browser, of somebody else."""
    context = await browser.new_context(locale="lv-LV", timezone_id="Europe/Riga")
    page, wrong = await context.new_page(), list[str]()
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield Watched(context, page, wrong)
    await context.close()
    assert wrong == []


async def makes_a_key(page: Page, house: House, label: str = "darba dators") -> str:
    """Its fingerprint, as the page shows it."""
    await page.goto(f"{house.url}/keys")
    await page.get_by_label("Kā saukt šo ierīci").fill(label)
    await page.get_by_role("button", name="Izveidot atslēgu").click()
    row = page.get_by_role("listitem").filter(has_text=label).first
    await expect(row).to_contain_text(WAITS)
    await expect(row).to_contain_text("(šajā pārlūkā)")
    return await row.locator(".mono").inner_text()


async def operator_approves(house: House, centre: CentreId, printed: str) -> str:
    async with transaction(house.play.stage.owner_url, OWNER_ROLE, [centre]) as tx:
        row = await keys.approve_by_operator(Counter(tx, datetime.now(UTC)), centre, printed)
    return row.key_id


def request(house: House) -> bytes:
    """About a child that nobody has asked about."""
    return wire_bytes(house.play.request(children=[f"AG-{uuid4().int % 10**6}-B1"]))


async def sent(house: House, page: Page, kid: str) -> tuple[int, dict[str, Any]]:
    """A request for copies, signed by the browser's key under the centre's own token; what is answered."""
    by_hand = await house.play.by_hand(house.play.requester)
    uri, body = by_hand.uri("/v1/exchanges"), request(house)
    headers = by_hand.system.bearing(by_hand.token, "POST", uri)
    headers |= {"Content-Type": "application/json", "Content-Digest": digest_of(body)}
    covered = ("authorization", "dpop", "content-type", "content-digest")
    by_name = {name.lower(): value for name, value in headers.items()}
    lines = ['"@method": POST', f'"@target-uri": {uri}', *(f'"{name}": {by_name[name]}' for name in covered)]
    now = int(datetime.now(UTC).timestamp())
    names = " ".join(f'"{name}"' for name in ("@method", "@target-uri", *covered))
    parameters = f'({names});created={now};expires={now + 60};nonce="{uuid4().hex}";tag="saikne-request-1"'
    made = await page.evaluate(USE, {"kid": kid, "lines": lines, "parameters": parameters})
    assert made["read"] == "InvalidAccessError", "nobody can read the private half"
    headers |= {"Signature-Input": made["input"], "Signature": made["signature"]}
    answer = await by_hand.post("/v1/exchanges", body, headers)
    return answer.status_code, answer.json()


async def test_a_key_is_made_compared_approved_used_and_ended(
    house: House, somebody: Watched, another: Watched
) -> None:
    """The coordinator's first key is the operator's to approve; by it she approves the worker's."""
    boss = await comes_in(house, somebody, house.zemgale, PersonRole.COORDINATOR)
    worker = await comes_in(house, another, house.zemgale, PersonRole.SOCIAL_WORKER)
    printed = await makes_a_key(boss, house, "koordinatores dators")
    await look(boss, "keys waiting")
    own = await operator_approves(house, house.zemgale, printed)
    await boss.reload()
    await expect(boss.locator(f'[data-kid="{own}"]')).to_contain_text("apstiprināta")

    hers = await makes_a_key(worker, house)
    kid = str(await worker.locator("[data-kid]").first.get_attribute("data-kid"))
    status, told = await sent(house, worker, kid)
    assert (status, told["code"]) == (401, "signing.unknown-key")

    await boss.goto(f"{house.url}/people")
    approving = boss.locator(f'form[data-key="{kid}"]')
    shown = boss.locator(".more").filter(has=approving)
    await expect(shown.locator(".mono")).to_have_text(hers)
    await look(boss, "people with a key")
    await approving.get_by_role("checkbox").check()
    sent_on = list[str]()
    boss.on("request", lambda one: sent_on.append(one.url) if one.method == "POST" else None)
    await approving.evaluate(OTHER_PAYLOAD)
    await approving.get_by_role("button").click()
    await expect(approving.get_by_role("alert")).to_be_visible()
    assert sent_on == [], "nothing is signed but the key whose fingerprint was compared"
    await boss.reload()
    await approving.get_by_role("checkbox").check()
    await approving.get_by_role("button").click()
    ending = boss.locator(f'form:has(input[value="{kid}"])')
    await expect(ending).to_contain_text("Beigt atslēgu")

    await worker.reload()
    await expect(worker.locator(f'[data-kid="{kid}"]')).to_contain_text("apstiprināta")
    status, told = await sent(house, worker, kid)
    assert status == 201, told
    (kept,) = await house.play.requester.statements(told["exchange"])
    assert kept.public_key["kid"] == kid
    alone = await worker.evaluate(BY_ITSELF, {"kid": kid, "body": request(house).decode()})
    assert (alone["status"], alone["again"]) == (201, 401), alone
    worker_heard = "Failed to load resource: the server responded with a status of 401 (Unauthorized)"
    assert another.wrong == [worker_heard], "a proof is good for one token"
    another.wrong.clear()

    await ending.get_by_role("button").click()
    await expect(ending).to_have_count(0)
    status, told = await sent(house, worker, kid)
    assert (status, told["code"]) == (401, "signing.key-revoked")
    await worker.reload()
    await expect(worker.get_by_role("listitem").first).to_contain_text("To izdarīja koordinators.")
    await look(worker, "keys ended")
    assert await worker.evaluate(HELD) == [], "a key that has ended is not kept in the browser"
    assert await boss.evaluate(HELD) == [own]


async def test_a_coordinator_without_a_key_in_this_browser_is_told_so(
    house: House, somebody: Watched, another: Watched
) -> None:
    boss = await comes_in(house, somebody, house.ligzda, PersonRole.COORDINATOR)
    worker = await comes_in(house, another, house.ligzda, PersonRole.SOCIAL_WORKER)
    await makes_a_key(worker, house)
    kid = str(await worker.locator("[data-kid]").first.get_attribute("data-kid"))
    await boss.goto(f"{house.url}/people")
    approving = boss.locator(f'form[data-key="{kid}"]')
    await expect(approving.get_by_text("vajag Jūsu pašu apstiprinātu atslēgu")).to_be_visible()
    await expect(approving.get_by_role("button")).to_be_disabled()
    whose = await worker.locator("[data-person]").get_attribute("data-person")
    words = {"key": kid, "protected": "e30", "signature": "e30"}
    for who in ("neighbour", "overseer", "operator"):
        async with await signed_in(house, *places(house)[who]) as stranger:
            approved = await stranger.post(f"/people/{whose}/key", json=words, headers=OWN)
            form = {"token": token_on((await stranger.get("/ways")).text), "key": kid}
            ended = await stranger.post(f"/people/{whose}/key/end", data=form, headers=OWN)
            assert (approved.status_code, ended.status_code) == (404, 404), who
            assert kid not in (await stranger.get("/people")).text
    await worker.reload()
    await expect(worker.locator(f'[data-kid="{kid}"]')).to_contain_text(WAITS)
    await worker.get_by_role("button", name="Beigt atslēgu").click()
    await expect(worker.get_by_text("Jums vēl nav nevienas atslēgas.")).to_be_visible()


async def test_without_scripts_the_page_says_what_it_needs(
    house: House, browser: Browser, somebody: Watched
) -> None:
    """The list and the button that ends a key are there all the same."""
    page = await comes_in(house, somebody, house.ligzda, PersonRole.SOCIAL_WORKER)
    await makes_a_key(page, house)
    context = await browser.new_context(
        java_script_enabled=False, storage_state=await somebody.context.storage_state()
    )
    plain = await context.new_page()
    await plain.goto(f"{house.url}/keys")
    await expect(plain.get_by_text("jābūt ieslēgtiem skriptiem (JavaScript)")).to_be_visible()
    await expect(plain.get_by_role("button", name="Izveidot atslēgu")).to_be_disabled()
    await plain.get_by_role("button", name="Beigt atslēgu").click()
    await expect(plain.get_by_text("Jums vēl nav nevienas atslēgas.")).to_be_visible()
    await context.close()


async def test_an_older_browser_makes_a_key_of_the_other_kind(house: House, somebody: Watched) -> None:
    """As one that has no Ed25519 says: before 2025 most had none."""
    await somebody.context.add_init_script(OLDER)
    page = await comes_in(house, somebody, house.ligzda, PersonRole.SOCIAL_WORKER)
    await makes_a_key(page, house)
    kid = str(await page.locator("[data-kid]").first.get_attribute("data-kid"))
    (row,) = await house.play.sql("SELECT alg FROM hub.person_key WHERE key_id = $1", kid)
    assert row["alg"] == "ecdsa-p256-sha256"


async def test_a_key_made_long_after_signing_in_asks_for_a_proof_first(
    house: House, somebody: Watched
) -> None:
    page = await comes_in(house, somebody, house.ligzda, PersonRole.SOCIAL_WORKER)
    ago = (PROVED + timedelta(seconds=30)).total_seconds()
    await house.play.sql("UPDATE hub.session SET proved_at = proved_at - make_interval(secs => $1)", ago)
    await page.goto(f"{house.url}/keys")
    await page.get_by_role("button", name="Izveidot atslēgu").click()
    await page.wait_for_url(f"{house.url}/prove?next=/keys")
    await page.get_by_role("button", name="Ienākt ar piekļuves atslēgu").click()
    await page.wait_for_url(f"{house.url}/keys")
    await makes_a_key(page, house)


async def test_what_no_page_of_ours_sends_is_refused(house: House) -> None:
    async with await signed_in(house, house.ligzda, PersonRole.COORDINATOR) as browser:
        for path, status in (("/keys", 422), (f"/people/{ABSENT}/key", 400)):
            for said in ({}, {"file": 1}, {"key": "x"}, {"file": "{}", "label": "x" * 9000}):
                answer = await browser.post(path, json=said, headers=OWN)
                assert answer.status_code == status, (path, said)
            foreign = await browser.post(path, json={}, headers={"Sec-Fetch-Site": "cross-site"})
            assert foreign.status_code == 403
        words = {"key": "x", "protected": "e30", "signature": "e30"}
        answer = await browser.post(f"/people/{ABSENT}/key", json=words, headers=OWN)
        assert answer.status_code == 404
        for proofs, code in (((), "access.proof-invalid"), (("x", "x"), "access.proof-invalid")):
            headers = [*OWN.items(), *(("DPoP", one) for one in proofs)]
            token = await browser.post("/keys/token", headers=headers)
            assert (token.status_code, code in token.text) == (401, True)
        form = {"token": token_on((await browser.get("/ways")).text), "key": "x"}
        for path in ("/keys/end", f"/people/{ABSENT}/key/end"):
            assert (await browser.post(path, data=form, headers=OWN)).status_code == 404


@pytest.mark.parametrize("who", ["worker", "overseer", "operator"])
async def test_who_may_not_manage_approves_and_ends_nothing_of_others(house: House, who: str) -> None:
    async with await signed_in(house, *places(house)[who]) as browser:
        words = {"key": "x", "protected": "e30", "signature": "e30"}
        approved = await browser.post(f"/people/{ABSENT}/key", json=words, headers=OWN)
        form = {"token": token_on((await browser.get("/ways")).text), "key": "x"}
        ended = await browser.post(f"/people/{ABSENT}/key/end", data=form, headers=OWN)
        assert {approved.status_code, ended.status_code} == ({403} if who == "worker" else {404})
        asked = await browser.post("/keys/options", json={}, headers=OWN)
        assert asked.status_code == (200 if who == "worker" else 403)
        token = await browser.post("/keys/token", headers=OWN)
        assert token.status_code == (401 if who == "worker" else 403)
