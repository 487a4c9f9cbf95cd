"""Does the register still say what was written into it? Every entry is computed afresh."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from learning.certificates.models import Certificate, RegisterChain, RegisterEntry
from learning.certificates.register.chain import HASHED, entry_hash, printed_values

_AT_ONCE = 500


@dataclass(frozen=True)
class Problem:
    """Something that is not as it was written: at which entry of which issuer, and what."""

    issuer: str
    sequence: int
    what: str


@dataclass(frozen=True)
class Checked:
    """A chain that was read to its end: how long it is, its last hash and what is wrong."""

    issuer: str
    entries: int
    last_hash: str
    problems: tuple[Problem, ...]


def check_chain(issuer: str) -> Checked:
    """Read an issuer's chain from end to end; the entries pass through, none is kept."""
    problems: list[Problem] = []
    expected, previous, count = 1, "", 0

    def tell(sequence: int, what: str) -> None:
        problems.append(Problem(issuer, sequence, what))

    entries = RegisterEntry.objects.filter(issuer=issuer).order_by("sequence")
    for entry in entries.select_related("certificate").iterator(chunk_size=_AT_ONCE):
        if entry.sequence != expected:
            tell(expected, _missing(expected, entry.sequence))
        if entry_hash({name: getattr(entry, name) for name in HASHED}) != entry.hash:
            tell(entry.sequence, _("its content is not the one that was written"))
        if entry.previous != previous:
            tell(entry.sequence, _("it does not continue the entry before it"))
        if _differs(entry):
            tell(entry.sequence, _("the certificate says something else than this entry"))
        previous, expected, count = entry.hash, entry.sequence + 1, count + 1
    end = RegisterChain.objects.filter(issuer=issuer).first()
    at_end = (end.last_sequence, end.last_hash) if end else (0, "")
    if at_end != (expected - 1, previous):
        tell(expected, _("entries are missing at the end, or the end was changed"))
    problems += _without_entries(issuer)
    return Checked(issuer, count, previous, tuple(problems))


def issuers() -> list[str]:
    """All issuers that have a chain, an entry or a certificate."""
    found: set[str] = set()
    for model in (RegisterChain, RegisterEntry, Certificate):
        found |= set(model._default_manager.order_by().values_list("issuer", flat=True).distinct())
    return sorted(found)


def _missing(expected: int, found: int) -> str:
    if found == expected + 1:
        return _("the entry is missing")
    return _("the entries up to %(last)s are missing") % {"last": found - 1}


def _differs(entry: RegisterEntry) -> bool:
    """Names a unit or a rule may bear later don't matter: all this was frozen at once."""
    return any(
        getattr(entry, name) != value for name, value in printed_values(entry.certificate).items()
    )


def _without_entries(issuer: str) -> Iterator[Problem]:
    """Certificates that the register does not know, and those whose last entry says otherwise."""
    issued = Count("entries", filter=Q(entries__act__in=("issued", "reissued")))
    unknown = Certificate.objects.filter(issuer=issuer).annotate(n=issued).exclude(n=1)
    for certificate in unknown.order_by("year", "number").iterator():
        yield Problem(
            issuer,
            0,
            _("certificate %(number)s was not entered") % {"number": certificate.number_text},
        )
    yield from _standing_otherwise(issuer)


def _standing_otherwise(issuer: str) -> Iterator[Problem]:
    from learning.certificates.register.queries import with_last_act

    stands = {
        RegisterEntry.Act.REVOKED: Certificate.Status.REVOKED,
        RegisterEntry.Act.REPLACED: Certificate.Status.REISSUED,
    }
    found = with_last_act(Certificate.objects.filter(issuer=issuer)).order_by("year", "number")
    rows = found.values_list("number_text", "status", "last_act", "last_sequence")
    for number, status, act, sequence in rows.iterator(chunk_size=_AT_ONCE):
        if act is not None and stands.get(act, Certificate.Status.VALID) != status:
            yield Problem(
                issuer,
                sequence,
                _("certificate %(number)s stands otherwise than its last entry says")
                % {"number": number},
            )
