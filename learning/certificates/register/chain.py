"""Adding to an issuer's chain, and the canonical form that is hashed.

The canonical form of an entry (form 1) is the JSON object of its columns `HASHED`, as UTF-8:
keys in alphabetical order, no spaces, letters as they are (not escaped), days as yyyy-mm-dd, times
in UTC with six places of a second and «Z», nothing as null. It will never change: another one
would be told by another `form`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from learning.certificates.models import Certificate, RegisterChain, RegisterEntry

HASHED = (
    "issuer",
    "sequence",
    "at",
    "act",
    "code",
    "number_text",
    "register_number",
    "full_name",
    "birth_date",
    "unit_name",
    "course_key",
    "course_title",
    "result",
    "issued_on",
    "expires_on",
    "other_number",
    "reason",
    "by_name",
    "approved_by_name",
    "previous",
)
FORM = 1
Act = RegisterEntry.Act


def canonical(values: Mapping[str, Any]) -> str:
    """The text that is hashed for an entry with these column values. Raises `KeyError`."""
    told = {name: _plain(values[name]) for name in HASHED} | {"form": FORM}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def entry_hash(values: Mapping[str, Any]) -> str:
    """The SHA-256 of the canonical form, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(values).encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


@dataclass(frozen=True)
class Held:
    """The end of a chain while its row is locked; `now` is the time of what is done under it."""

    chain: RegisterChain
    now: datetime


def hold_chain(issuer: str) -> Held:
    """Lock the issuer's chain until the transaction ends.

    Whoever holds it is alone: numbers are taken and entries added under it. `now` is never before
    the last entry, so no clock that goes back can turn order or year round.
    """
    RegisterChain.objects.get_or_create(issuer=issuer)
    chain = RegisterChain.objects.select_for_update().get(issuer=issuer)
    now = timezone.now()
    return Held(chain, max(now, chain.last_at) if chain.last_at else now)


def add_entry(
    held: Held,
    *,
    act: RegisterEntry.Act,
    certificate: Certificate,
    reason: str = "",
    other: Certificate | None = None,
    by: Any | None = None,
    approved_by: Any | None = None,
) -> RegisterEntry:
    """The next entry of the chain, of `certificate` as it is now."""
    chain = held.chain
    entry = RegisterEntry(
        issuer=chain.issuer,
        sequence=chain.last_sequence + 1,
        at=held.now,
        act=act,
        certificate=certificate,
        **printed_values(certificate),
        other_number=other.number_text if other else "",
        reason=reason,
        by_name=by.get_full_name() if by else "",
        approved_by_name=approved_by.get_full_name() if approved_by else "",
        previous=chain.last_hash,
    )
    entry.hash = entry_hash({name: getattr(entry, name) for name in HASHED})
    entry.save(force_insert=True)
    chain.last_sequence, chain.last_hash, chain.last_at = entry.sequence, entry.hash, entry.at
    chain.save(update_fields=["last_sequence", "last_hash", "last_at"])
    return entry


def printed_values(certificate: Certificate) -> dict[str, Any]:
    """What an entry repeats of its certificate, column by value."""
    return {
        "code": certificate.code,
        "number_text": certificate.number_text,
        "register_number": certificate.register_number,
        "full_name": certificate.full_name,
        "birth_date": certificate.birth_date,
        "unit_name": certificate.unit_name,
        "course_key": certificate.course_key,
        "course_title": certificate.course_title,
        "result": certificate.result,
        "issued_on": timezone.localdate(certificate.issued_at),
        "expires_on": certificate.expires_on,
    }
