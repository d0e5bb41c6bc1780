"""A family's support plan in examples."""

from pydantic import BaseModel

from saikne_schemas.examples.matters import MATTER, NEW, shown
from saikne_schemas.plan_sendings import (
    PlanDispatch,
    PlanDocumentSealed,
    PlanPasswordAgain,
    PlanProlong,
    PlanRecipient,
    PlanSendingBegun,
)
from saikne_schemas.plan_talks import TalkHeld, TalkNeeded
from saikne_schemas.plans import (
    ActivityAdded,
    ActivityEnded,
    FamilyReported,
    PlanClosed,
    PlanConfirmed,
    PlanSent,
    ServiceGiven,
    SupportPlan,
    SupportPlanView,
)

_PLAN_SHA256 = "5d" * 32
_FIRST: dict[str, object] = {
    "no": 1,
    "added_on": "2026-03-02",
    "category": "developmental_needs",
    "parties": ["family", "centre"],
    "ends_on": "2026-09-30",
}
_SECOND: dict[str, object] = {
    "no": 2,
    "added_on": "2026-03-02",
    "category": "relations_with_families",
    "parties": ["family", "other_provider"],
    "ends_on": "2027-02-28",
}
_PLAN: dict[str, object] = {
    "family": "AG-7741",
    "year": 2026,
    "talk_on": "2026-03-02",
    "evaluation_on": "2026-05-20",
    "plan_sha256": _PLAN_SHA256,
}
_THE_SENDING = "4f2c8a1e-6b0d-4c3e-9a75-1d2e3f4a5b6c"
_SENDING: dict[str, object] = {
    "sent_on": "2026-03-03",
    "plan_sha256": _PLAN_SHA256,
    "archive_sha256": "e7" * 32,
    "archive_channel": "email",
    "password_channel": "sms",
    "address": "z***@e***.lv",
}

EXAMPLES: dict[type[BaseModel], dict[str, object]] = {
    ServiceGiven: {
        "schema": "saikne.service-given/1",
        "id": "b2e1d3c4-2c3d-4e4f-9a51-6b7c8d9e0f11",
        "matter": MATTER,
        "service": "specialist_in_review",
        "on": "2026-03-02",
        "family_agreed": True,
    },
    FamilyReported: {
        "schema": "saikne.family-reported/1",
        "id": "b2e1d3c4-2c3d-4e4f-9a51-6b7c8d9e0f12",
        "matter": MATTER,
        "what": "obstacle_to_duties",
        "on": "2026-04-14",
    },
    TalkHeld: {
        "schema": "saikne.talk-held/1",
        "id": "b2e1d3c4-2c3d-4e4f-9a51-6b7c8d9e0f13",
        "matter": MATTER,
        "held_on": "2026-09-14",
        "reason": "new_child",
        "form": "online",
        "reviews": 2,
        "evaluation_on": "2027-05-19",
    },
    TalkNeeded: {
        "schema": "saikne.talk-needed/1",
        "id": "b2e1d3c4-2c3d-4e4f-9a51-6b7c8d9e0f14",
        "matter": MATTER,
        "reason": "changed_circumstances",
        "by": "2026-12-18",
    },
    SupportPlan: {
        "schema": "saikne.support-plan/1",
        "id": "b2e1d3c4-2c3d-4e4f-9a51-6b7c8d9e0f01",
        "centre": NEW,
        **_PLAN,
        "activities": [_FIRST, _SECOND],
    },
    PlanSent: {
        "schema": "saikne.plan-sent/1",
        "id": "b2e1d3c4-2c3d-4e4f-9a51-6b7c8d9e0f02",
        "matter": MATTER,
        **_SENDING,
    },
    PlanRecipient: {
        "schema": "saikne.plan-recipient/1",
        "id": "b2e1d3c4-2c3d-4e4f-9a51-6b7c8d9e0f21",
        "matter": MATTER,
        "sending": _THE_SENDING,
        "email": "z.liepa@example.lv",
        "phone": "+37120000041",
    },
    PlanSendingBegun: {"matter": MATTER, "sending": _THE_SENDING, "number": 1},
    PlanDocumentSealed: {
        "matter": MATTER,
        "sending": _THE_SENDING,
        "no": 1,
        "bytes": 48213,
        "sha256": _PLAN_SHA256,
    },
    PlanDispatch: {
        "schema": "saikne.plan-dispatch/1",
        "id": "b2e1d3c4-2c3d-4e4f-9a51-6b7c8d9e0f22",
        "matter": MATTER,
        "sending": _THE_SENDING,
        "recipient_sha256": "3b" * 32,
        "documents": [
            {"no": 1, "media_type": "application/pdf", "bytes": 48213, "sha256": _PLAN_SHA256},
        ],
    },
    PlanProlong: {
        "schema": "saikne.plan-prolong/1",
        "id": "b2e1d3c4-2c3d-4e4f-9a51-6b7c8d9e0f23",
        "matter": MATTER,
        "number": 1,
    },
    PlanPasswordAgain: {
        "schema": "saikne.plan-hand-over-again/1",
        "id": "b2e1d3c4-2c3d-4e4f-9a51-6b7c8d9e0f24",
        "matter": MATTER,
        "number": 1,
    },
    PlanConfirmed: {
        "schema": "saikne.plan-confirmed/1",
        "id": "b2e1d3c4-2c3d-4e4f-9a51-6b7c8d9e0f03",
        "matter": MATTER,
        "how": "three_part",
        "confirmed_on": "2026-03-06",
        "received": True,
        "corrections_needed": False,
        "agreed": True,
    },
    ActivityAdded: {
        "schema": "saikne.activity-added/1",
        "id": "b2e1d3c4-2c3d-4e4f-9a51-6b7c8d9e0f04",
        "matter": MATTER,
        "activity": {
            **_SECOND,
            "no": 3,
            "added_on": "2026-06-11",
            "category": "safe_lifelong_relations",
        },
        "plan_sha256": "6e" * 32,
    },
    ActivityEnded: {
        "schema": "saikne.activity-ended/1",
        "id": "b2e1d3c4-2c3d-4e4f-9a51-6b7c8d9e0f05",
        "matter": MATTER,
        "no": 1,
        "mark": "done",
        "on": "2026-09-14",
    },
    PlanClosed: {
        "schema": "saikne.plan-closed/1",
        "id": "b2e1d3c4-2c3d-4e4f-9a51-6b7c8d9e0f06",
        "matter": MATTER,
        "reason": "cooperation_ended",
        "closed_on": "2026-10-30",
        "exit_talk_on": "2026-10-28",
    },
    SupportPlanView: shown(
        "support_plan",
        "centre",
        "agreed",
        {NEW: "centre"},
        {
            **_PLAN,
            **_SENDING,
            "activities": [
                {**one, "agreed_on": "2026-03-06", "agreed_how": "electronic"} for one in (_FIRST, _SECOND)
            ],
            "confirmed_on": "2026-03-06",
            "confirmed_how": "three_part",
            "corrections_needed": False,
            "talks": [
                {"held_on": "2026-09-14", "reason": "new_child", "form": "online", "reviews": 2},
            ],
            "next_talk": {"by": "2027-05-18", "reason": "court_evaluation", "evaluation_on": "2027-05-19"},
        },
    ),
}
