"""Who and what the published examples are about: one invented case, the same in all of them."""

REQUESTER = "5b0d6c1e-53a1-4a0c-9d6c-0d1c4f3a7e10"
HOLDER = "c2a4f7d8-1f0e-4e0b-8a65-7b6d1f2f9c31"
EXCHANGE = "0d3f6f0a-3f53-5f0e-9d0c-9a0a5b2f1c77"
ANSWER = "7d3a1c52-6b4e-4f7a-8c9d-2e1f0a3b4c5d"
OPENS = {
    "kty": "EC",
    "crv": "P-256",
    "x": "sRfD4y6h9amgdwzYt-eGdcdEYK09ucrsQ7IojnchFy0",
    "y": "PSHuQ0BxLrfEayNRpkrQOln3FdBVT58L2r6YcOXZCjI",
    "kid": "Hja2X679NsDyDOvSW3Z4shTqmTtCRVIsJfjghW3TnzA",
}
"""The public half of a centre's encryption key."""
