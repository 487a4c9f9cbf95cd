"""Checks that are kept, so that the register's screen can tell how its chain stands."""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django_tasks import task

from learning.certificates.models import RegisterChain, RegisterCheck
from learning.certificates.register.checking import check_chain, issuers

KEPT_PROBLEMS = 20
# A check that was asked for and not done by then may be asked for again: its worker died.
_GIVEN_UP = datetime.timedelta(minutes=30)


@dataclass(frozen=True)
class ChainState:
    """An issuer's chain as the screen shows it; `check` is None before the first one."""

    chain: RegisterChain
    check: RegisterCheck | None

    @property
    def is_running(self) -> bool:
        """Was a check asked for and is not done yet?"""
        return self.check is not None and _runs(self.check)

    @property
    def is_good(self) -> bool:
        """Did the last check find everything as it was written?"""
        return bool(self.check and self.check.checked_at and self.check.wrong == 0)


def chain_states() -> list[ChainState]:
    """All chains by issuer with their last checks, in two queries."""
    checks = {check.issuer: check for check in RegisterCheck.objects.all()}
    chains = RegisterChain.objects.order_by("issuer")
    return [ChainState(chain, checks.get(chain.issuer)) for chain in chains]


def check_and_keep(issuer: str) -> RegisterCheck:
    """Check the issuer's chain now and keep what was found."""
    checked = check_chain(issuer)
    kept, _made = RegisterCheck.objects.update_or_create(
        issuer=issuer,
        defaults={
            "asked_at": None,
            "checked_at": timezone.now(),
            "entries": checked.entries,
            "last_hash": checked.last_hash,
            "problems": [[one.sequence, one.what] for one in checked.problems[:KEPT_PROBLEMS]],
            "wrong": len(checked.problems),
        },
    )
    return kept


def ask_for_check(issuer: str) -> bool:
    """Have the worker check a chain, unless one is under way; whether it was asked for now."""
    check, _made = RegisterCheck.objects.get_or_create(issuer=issuer)
    if _runs(check):
        return False
    RegisterCheck.objects.filter(pk=check.pk).update(asked_at=timezone.now())
    check_one.enqueue(issuer)
    return True


@task()
def check_one(issuer: str) -> None:
    """In the worker: `check_and_keep`."""
    check_and_keep(issuer)


def check_all() -> int:
    """Every morning: check all chains; how many problems there are."""
    return sum(check_and_keep(issuer).wrong for issuer in issuers())


def _runs(check: RegisterCheck) -> bool:
    return check.asked_at is not None and check.asked_at > timezone.now() - _GIVEN_UP
