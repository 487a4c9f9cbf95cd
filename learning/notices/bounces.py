"""Reading the reports (DSN, RFC 3464) that mail servers send back for letters not delivered."""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.message import Message
from email.parser import BytesParser

from learning.notices.actions import note_bounce


def failures(raw: bytes) -> Iterator[tuple[str, str]]:
    """Address and reason of each recipient the report gives up for good; nothing for other mail.

    Delays (4.x.x) and successes are not failures. Never raises for a broken mail.
    """
    mail = BytesParser(policy=policy.compat32).parsebytes(raw)
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload() if part.is_multipart() else []:
            if isinstance(block, Message):
                yield from _failure(block)


def _failure(block: Message) -> Iterator[tuple[str, str]]:
    action = str(block.get("Action", "")).strip().lower()
    status = str(block.get("Status", "")).strip()
    recipient = str(block.get("Final-Recipient") or block.get("Original-Recipient") or "")
    address = recipient.partition(";")[2].strip().strip("<>")
    if action == "failed" and status.startswith("5") and "@" in address:
        said = str(block.get("Diagnostic-Code", "")).partition(";")[2].strip()
        yield address.lower(), f"{status} {' '.join(said.split())}".strip()


def read_report(raw: bytes) -> int:
    """Mark the addresses a report gives up; how many. Reports of strangers' addresses are heard
    only where we wrote there."""
    from learning.notices.models import Letter

    marked = 0
    for address, reason in failures(raw):
        if Letter.objects.filter(address__iexact=address).exists():
            note_bounce(address=address, reason=reason)
            marked += 1
    return marked
