"""A person's own key, as its payload is signed by that key and by the one of whoever approves it."""

from pydantic import BaseModel

from saikne_schemas.examples.case import REQUESTER
from saikne_schemas.person_keys import PersonKey

EXAMPLES: dict[type[BaseModel], dict[str, object]] = {
    PersonKey: {
        "schema": "saikne.person-key/1",
        "id": "3d9e5b71-08c4-4f6a-9a2d-5e1b7c0f4d83",
        "centre": REQUESTER,
        "person": "f4a81c2d-6b39-4e57-8d10-92c3e7b5a614",
        "acts": ["answer", "ask", "confirm", "dispatch"],
        "until": "2027-03-09T08:41:00Z",
        "key": {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
            "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
            "alg": "EdDSA",
            "use": "signing",
        },
    },
}
