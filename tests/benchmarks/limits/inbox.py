"""What `saikne inbox` cannot do without: two signed calls and the lines that it prints, in English.

Run by `python -m`, which keeps byte code. Loaded is what speaks HTTP and TLS, signs, and reads JSON.
"""

import hashlib
import json
import os
import secrets
import sys
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from http.client import HTTPConnection, HTTPSConnection

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

_OPEN = ("requested", "preparing", "dispatched", "disputed", "lapsed", "frozen", "refused")
_WAITING = {
    "holder": ("requested", "preparing", "disputed", "lapsed", "frozen"),
    "requester": ("dispatched", "lapsed"),
}
_WORDS = {
    "preparing": "being prepared",
    "requested": "requested",
    "family_case": "the family's case",
    "answer": "you: issue or send the copies",
}
_ASSERTION = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"

Sign = Callable[[bytes], bytes]


def b64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def compact(head: dict[str, object], claims: dict[str, object], sign: Sign) -> str:
    said = f"{b64url(json.dumps(head).encode())}.{b64url(json.dumps(claims).encode())}"
    return f"{said}.{b64url(sign(said.encode()))}"


def main() -> None:
    home = os.environ["SAIKNE_HOME"]
    with open(f"{home}/centre.json") as file:  # noqa: PTH123  # pathlib is one more to load
        centre = json.load(file)
    kid = centre["keys"]["oauth"]
    with open(f"{home}/keys/oauth-{kid}.jwk.json") as file:  # noqa: PTH123  # as above
        key = Ed25519PrivateKey.from_private_bytes(urlsafe_b64decode(json.load(file)["d"] + "=="))
    hub, prove = centre["hub"], _proofs()
    scheme, _, host = hub.partition("://")
    line = (HTTPSConnection if scheme == "https" else HTTPConnection)(host)
    now = int(time.time())
    claims = {"iss": centre["centre"], "sub": centre["centre"], "aud": hub, "jti": secrets.token_urlsafe(16)}
    assertion = compact(
        {"alg": "EdDSA", "kid": kid, "typ": "JWT"}, claims | {"iat": now, "exp": now + 60}, key.sign
    )
    form = (
        f"grant_type=client_credentials&scope=exchange&client_assertion_type={_ASSERTION}"
        f"&client_assertion={assertion}"
    )
    proof = prove("POST", f"{hub}/oauth/token", {})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "DPoP": proof}
    token = _told(line, "POST", "/oauth/token", headers, form)["access_token"]
    proof = prove("GET", f"{hub}/v1/exchanges", {"ath": b64url(hashlib.sha256(token.encode()).digest())})
    headers = {"Authorization": f"DPoP {token}", "DPoP": proof, "Accept-Language": "en"}
    wished = "&".join(f"state={state}" for state in _OPEN)
    page = _told(line, "GET", f"/v1/exchanges?{wished}&limit=200", headers)
    _print(page["items"])


def _proofs() -> Callable[[str, str, dict[str, object]], str]:
    key = generate_private_key(SECP256R1())
    point = key.public_key().public_numbers()
    x, y = (b64url(number.to_bytes(32)) for number in (point.x, point.y))
    jwk = {"kty": "EC", "crv": "P-256", "x": x, "y": y}
    head: dict[str, object] = {"alg": "ES256", "typ": "dpop+jwt", "jwk": jwk}

    def sign(data: bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(data, ECDSA(SHA256())))
        return r.to_bytes(32) + s.to_bytes(32)

    def prove(method: str, url: str, more: dict[str, object]) -> str:
        claims = {"jti": secrets.token_urlsafe(16), "htm": method, "htu": url, "iat": int(time.time())}
        return compact(head, claims | more, sign)

    return prove


def _told(
    line: HTTPConnection, method: str, path: str, headers: dict[str, str], body: str | None = None
) -> dict:  # type: ignore[type-arg]
    line.request(method, path, body, headers)
    answer = line.getresponse()
    if answer.status != 200:
        sys.exit(answer.read().decode())
    return json.load(answer)  # type: ignore[no-any-return]


def _print(items: list[dict]) -> None:  # type: ignore[type-arg]
    waiting = [
        one for one in items if one["next_stake"] == "owes" or one["state"] in _WAITING.get(one["role"], ())
    ]
    rows = [
        [
            one["id"],
            _day(one),
            _WORDS[one["state"]],
            _WORDS[one["kind"]],
            one["counterpart_name"],
            _WORDS[one["next"]],
        ]
        for one in sorted(waiting, key=lambda one: one["next_due_on"] or one["due_on"])
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for row in rows:
        print("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]))  # noqa: T201
    print("All that is to be done is shown by: saikne today")  # noqa: T201


def _day(one: dict) -> str:  # type: ignore[type-arg]
    year, month, day = (one["next_due_on"] or one["due_on"]).split("-")
    late = " !" if one["overdue"] or one["next_overdue"] else ""
    return f"{day}.{month}.{year}{'' if one['next_by_method'] else ' *'}{late}"


if __name__ == "__main__":
    main()
