"""A family's move in examples: the notice came in time, and the register's entry is still owed."""

from pydantic import BaseModel

from saikne_schemas.corrections import CorrectNotice, CorrectRegistration
from saikne_schemas.examples.matters import MATTER, NEW, PREVIOUS, REGISTER, shown
from saikne_schemas.family_moves import (
    Archived,
    AskNotice,
    BeginFamilyMove,
    CancelMove,
    ConfirmOverride,
    CopiesAsked,
    CourtTold,
    DecideLateNotice,
    DeclineOverride,
    FamilyMoveView,
    GiveUpCopies,
    NoticeClaimed,
    NoticeNotReceived,
    NoticeReceived,
    ObjectToDate,
    OverrideDate,
    Registered,
    Talked,
)

_OVERRIDE = "7d1f3c5a-2b64-4e8f-9a0c-1e3b5d7f9a24"
_NEW_HEAD = {"name": "Ieva Priede", "position": "vadītāja"}
_PREVIOUS_HEAD = {"name": "Solvita Krēsliņa", "position": "vadītāja"}
_PROOF = {
    "id": "b1f4a6c8-3d57-4e9b-8c02-5a7e9d1f3b46",
    "sha256": "4f5c9d8e7b6a59483726150493827160f5e4d3c2b1a0987654321fedcba98765",
}
_CASE: dict[str, object] = {
    "family": "AG-7741",
    "children": ["AG-7741-B1"],
    "agreement": "V-2026/31",
    "agreed_on": "2026-03-09",
    "territory": "LV-041",
}


def _counted(calendar: str) -> dict[str, object]:
    return {
        "calendar": calendar,
        "on_time": True,
        "last_working_days": ["2026-03-27", "2026-03-30", "2026-03-31"],
        "latest_on_time_notice": "2026-03-26",
        "effective_on": "2026-04-01",
        "calendar_version": "1-5f1a2b3c4d5e",
        "confirmed": True,
    }


def _said(schema: str, number: int, **fields: object) -> dict[str, object]:
    identity = f"8e2f4d6a-1c35-4b79-8d0e-0000000000{number:02}"
    return {"schema": f"saikne.{schema}/1", "id": identity, "matter": MATTER, **fields}


_OPENED: dict[str, object] = {
    "schema": "saikne.family-move/1",
    "id": "8e2f4d6a-1c35-4b79-8d0e-000000000001",
    "new": NEW,
    "previous": PREVIOUS,
    **_CASE,
}

EXAMPLES: dict[type[BaseModel], dict[str, object]] = {
    BeginFamilyMove: _OPENED,
    NoticeReceived: _said(
        "notice-received", 2, channel="email", received_at="2026-03-10T08:41:00Z", proofs=[_PROOF]
    ),
    NoticeClaimed: _said(
        "notice-claimed", 3, channel="messenger", sent_at="2026-03-10T08:40:00Z", proofs=[_PROOF]
    ),
    AskNotice: _said("ask-notice", 4),
    NoticeNotReceived: _said("notice-not-received", 5),
    DecideLateNotice: _said("late-notice-decision", 6, choice="release", decided_by=_PREVIOUS_HEAD),
    OverrideDate: {
        **_said("date-override", 7, effective_on="2026-05-01", reason="agreed_by_all"),
        "id": _OVERRIDE,
        "proposed_by": _NEW_HEAD,
    },
    ConfirmOverride: _said("date-override-confirmed", 8, override=_OVERRIDE, confirmed_by=_PREVIOUS_HEAD),
    Registered: _said("registered", 9, registered_on="2026-04-02", registered_by=_NEW_HEAD),
    CourtTold: _said(
        "court-told", 10, court="LV-041", channel="e_address", sent_on="2026-04-02", proofs=[_PROOF]
    ),
    Talked: _said("talked", 11, held_on="2026-03-12", form="online", topics=["reasons", "work_done"]),
    CopiesAsked: _said("copies-asked", 12, exchange="6d0f6ea4-6f8e-5a5c-9a0e-bb6f2f9d1c11"),
    Archived: _said("archived", 13, archived_on="2026-04-15", archive_reference="ARH-2026/18"),
    CancelMove: _said("move-cancelled", 14, reason="family_stays"),
    DeclineOverride: _said("date-override-declined", 15, override=_OVERRIDE, declined_by=_PREVIOUS_HEAD),
    ObjectToDate: _said(
        "date-objection",
        16,
        reason="notice_came_later",
        effective_on="2026-05-01",
        objected_by=_PREVIOUS_HEAD,
    ),
    CorrectNotice: _said(
        "notice-corrected",
        18,
        received_at="2026-03-11T08:41:00Z",
        reason="mistyped",
        corrected_by=_PREVIOUS_HEAD,
        proofs=[_PROOF],
    ),
    CorrectRegistration: _said(
        "registration-corrected",
        19,
        registered_on="2026-04-03",
        reason="proof_says_otherwise",
        corrected_by=_NEW_HEAD,
    ),
    GiveUpCopies: _said("copies-given-up", 17, reason="not_kept", given_up_by=_NEW_HEAD),
    FamilyMoveView: {
        **shown(
            "family_move",
            "new",
            "dated",
            {NEW: "new", PREVIOUS: "previous"},
            {
                **_CASE,
                "court": "LV-041",
                "court_name": "Jelgavas novada bāriņtiesa",
                "effective_on": "2026-04-01",
                "dated_by": "notice_on_time",
                "known_on": "2026-03-10",
                "notice": {
                    "channel": "email",
                    "received_at": "2026-03-10T08:41:00Z",
                    "on_time": True,
                    "decisive": "statutory",
                    "proofs": 1,
                },
                "counted": [_counted("statutory"), _counted("moved")],
                "corrections": [
                    {
                        "fact": "notice",
                        "before": "2026-03-11",
                        "after": "2026-03-10",
                        "reason": "mistyped",
                        "corrected_on": "2026-03-12",
                        "corrected_by": _PREVIOUS_HEAD,
                    }
                ],
                "remaining": [
                    "register",
                    "court_notice",
                    "talk",
                    "request_copies",
                    "receive_copies",
                    "archive_case",
                ],
            },
        ),
        "duties": [REGISTER],
    },
}
