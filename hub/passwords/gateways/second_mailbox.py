"""A password leaves as a mail to the second mailbox that a centre has notified for passwords.

Source: method S60, S91. Only for archives that do not go by mail themselves (`channels`).
"""

from dataclasses import dataclass

from hub.kernel.clock import now
from hub.kernel.secret import Secret
from hub.passwords.handover import Sending, short_reference
from hub.plumbing.outbound import Letter, Mail
from hub.wording.catalogue import text


@dataclass(frozen=True, slots=True)
class SecondMailbox:
    mail: Mail
    language: str = "lv"

    async def send(self, address: str, password: Secret, sending: Sending) -> str:
        """Hand one letter to the mail server; answers with its Message-ID, the same at every try."""
        reference = short_reference(sending.handover.exchange)
        letter = Letter(
            to=address,
            subject=text("passwords.mail.subject", self.language, reference=reference),
            text=text("passwords.mail.text", self.language, reference=reference, password=password.reveal()),
            identity=f"password:{sending.identity}",
        )
        return await self.mail.send(letter, now())
