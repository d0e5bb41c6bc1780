"""Where a centre's system gets people back, what it has asked of one, and what a person has let it do.

They stand outside of the wall because they are looked for by what a system or a browser brings, before it is
known whose it is: they hold digests and ids, never a name, and nothing can be found by them but by who has
the secret. Source: RFC 6749 (3.1.2, 4.1), 9126; `people/tables` (its sessions stand so for the same reason).
"""

from sqlalchemy import ARRAY, Column, DateTime, ForeignKey, Index, LargeBinary, Table, Text, Uuid

from hub.centres.store import centres
from hub.plumbing.database import metadata
from hub.plumbing.wall import OF_THESE

_MOMENT = DateTime(timezone=True)
_OWN = f"centre_id = {OF_THESE}"
_OVER = f"{_OWN} OR expires_at < now()"

return_address = Table(
    "return_address",
    metadata,
    Column("centre_id", ForeignKey(centres.c.id), primary_key=True),
    Column("address", Text, primary_key=True, comment="compared as it is written, to the letter"),
    Column("added_at", _MOMENT, nullable=False),
    Column("added_by", Uuid, nullable=False, comment="a person of the centre"),
    info={
        "wall": "common",
        "grant": "SELECT, INSERT, DELETE",
        "written_by": "centre_id",
        "deleted_if": _OWN,
    },
)

pushed_request = Table(
    "pushed_request",
    metadata,
    Column("key", LargeBinary, primary_key=True, comment="SHA-256 of its request_uri"),
    Column("centre_id", ForeignKey(centres.c.id), nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("state", Text, comment="the system's own"),
    Column("challenge", Text, nullable=False, comment="S256 of what will be brought with the code"),
    Column("jkt", Text, nullable=False, comment="of the only key whose proofs will count"),
    Column("bring_by", _MOMENT, nullable=False),
    Column("brought_at", _MOMENT, comment="by a browser: from then on the person has some minutes"),
    Column("expires_at", _MOMENT, nullable=False),
    Index("ix_pushed_request_centre", "centre_id"),
    Index("ix_pushed_request_expires", "expires_at"),
    info={
        "wall": "common",
        "grant": "SELECT, INSERT, DELETE",
        "changes": "brought_at",
        "written_by": "centre_id",
        "changed_if": _OWN,
        "deleted_if": _OVER,
    },
)

approval = Table(
    "approval",
    metadata,
    Column("key", LargeBinary, primary_key=True, comment="SHA-256 of the code"),
    Column("centre_id", ForeignKey(centres.c.id), nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("acts", ARRAY(Text), nullable=False, comment="what the person may; who gets others approves anew"),
    Column("redirect_uri", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("challenge", Text, nullable=False),
    Column("jkt", Text, nullable=False),
    Column("approved_at", _MOMENT, nullable=False),
    Column("used_at", _MOMENT),
    Column("jti", Text, unique=True, comment="of the token that the code has given"),
    Column("expires_at", _MOMENT, nullable=False, comment="of the code, then of the token"),
    Index("ix_approval_person", "centre_id", "person_id"),
    Index("ix_approval_expires", "expires_at"),
    info={
        "wall": "common",
        "grant": "SELECT, INSERT, DELETE",
        "changes": "used_at jti expires_at",
        "written_by": "centre_id",
        "changed_if": _OWN,
        "deleted_if": _OVER,
    },
)
