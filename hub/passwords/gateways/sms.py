"""A password leaves as an SMS through a gateway that speaks plain HTTP and JSON.

Source: method S60; domain 4.4. `POST {url}` with a bearer token and an `Idempotency-Key`, body `to`, `text`,
`reference`, `sender`, `callback_url`; a 2xx answer names the message. One GSM-7 part: the hub's short
reference and the password as it is typed, nothing else. The report comes later, signed, by `routes`. Only
an answer that speaks of the number ends the sending; whatever is about the hub or the gateway passes by
itself or by an operator.
"""

from dataclasses import dataclass
from datetime import timedelta

import httpx

from hub.kernel.refusal import OutageOf, Refusal
from hub.kernel.secret import Secret
from hub.passwords.handover import Sending, is_message_name, short_reference
from hub.plumbing.measures import MESSAGES, counted
from hub.wording.catalogue import text

PART_SYMBOLS = 160
"""What fits one SMS in the GSM-7 alphabet."""
_ABOUT_THE_NUMBER = frozenset({422})
"""The protocol has this one for it. Any other says that the gateway does not know the hub, cannot read it,
wants less, or is away: 401 403 404 409 413 429, and what a web server answers that is no gateway at all."""


class SmsUnavailable(OutageOf):
    """The gateway is away or busy, or does not take messages from the hub."""

    code = "passwords.sms-unavailable"
    retry_after = timedelta(seconds=30)


class SmsRefused(Refusal):
    """No message can be brought to this number."""

    code = "passwords.sms-refused"


def sms_text(sending: Sending, password: Secret, language: str) -> str:
    """Plain ASCII of one part. What does not fit is our bug, and is not shown in the error."""
    reference = short_reference(sending.handover.exchange)
    written = text("passwords.sms", language, reference=reference, password=password.reveal())
    if not written.isascii() or not written.isprintable() or len(written) > PART_SYMBOLS:
        raise ValueError("the SMS wording does not fit one GSM-7 part")
    return written


@dataclass(frozen=True, slots=True)
class SmsGateway:
    client: httpx.AsyncClient
    url: str
    token: Secret
    sender: str
    callback_url: str
    language: str = "lv"

    @counted(MESSAGES)
    async def send(self, address: str, password: Secret, sending: Sending) -> str:
        """Hand one message to the gateway; answers with the gateway's name for it."""
        message = {
            "to": address,
            "text": sms_text(sending, password, self.language),
            "reference": sending.reference,
            "sender": self.sender,
            "callback_url": self.callback_url,
        }
        headers = {
            "authorization": f"Bearer {self.token.reveal()}",
            "idempotency-key": sending.identity,
        }
        try:
            answer = await self.client.post(self.url, json=message, headers=headers)
        except httpx.HTTPError:
            raise SmsUnavailable from None  # the error holds the request, and the request the password
        if not answer.is_success:
            if answer.status_code in _ABOUT_THE_NUMBER:
                raise SmsRefused
            raise SmsUnavailable(status=answer.status_code)
        return self._name(answer)

    def _name(self, answer: httpx.Response) -> str:
        try:
            name = answer.json()["id"]
        except (ValueError, KeyError, TypeError):
            raise SmsUnavailable from None
        if not is_message_name(name):
            raise SmsUnavailable
        return str(name)
