"""Cards are made for a unit, and one is used by its person."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from learning.audit.actions import record, tell_disclosure
from learning.audit.models import Disclosure
from learning.organisations.models import Unit
from portal.accounts.cards.codes import new_card_code, read_card_code
from portal.accounts.cards.queries import may_have_cards, waiting_people
from portal.accounts.keys.models import ActivationCard, CardSheet, digest
from portal.accounts.limits import forget, may_try, tried
from portal.accounts.models import User, canonical_login

DAYS = 60
MOST_CARDS = 1000
TRIES, TRY_SECONDS = 10, 15 * 60
# A whole office may be at it behind one address, with slips; a robot makes more of them.
WRONG_AN_HOUR_AN_ADDRESS = 200


class NobodyWaitsError(Exception):
    """Everybody of the unit has logged in already."""


class TooManyCardsError(Exception):
    """More than one sheet holds; the units below can be taken one by one."""


class CardRefusedError(Exception):
    """No open card of this person has this code. `paused`: too many wrong codes came."""

    def __init__(self, *, paused: bool = False) -> None:
        self.paused = paused


@dataclass(frozen=True)
class PrintedCard:
    """What stands on one card; the only place where the code is readable."""

    full_name: str
    unit_name: str
    login: str
    code: str


@transaction.atomic
def make_cards(*, unit: Unit, by: Any) -> tuple[CardSheet, list[PrintedCard]]:
    """New cards for everybody of the unit and below who never logged in; older ones are void.

    The codes are in what is returned and nowhere else. Raises `NobodyWaitsError` and
    `TooManyCardsError`.
    """
    people = waiting_people(unit)
    if not people:
        raise NobodyWaitsError
    if len(people) > MOST_CARDS:
        raise TooManyCardsError
    # Rows of the people are the lock: two officers at once take turns.
    pks = [user.pk for user, _name in people]
    list(User.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))
    now = timezone.now()
    ActivationCard.objects.filter(
        user__in=pks, used_at__isnull=True, voided_at__isnull=True
    ).update(voided_at=now)
    sheet = CardSheet.objects.create(unit=unit, made_by=by, made_at=now)
    codes = [new_card_code() for _person in people]
    ActivationCard.objects.bulk_create(
        ActivationCard(
            sheet=sheet,
            user=user,
            code_digest=digest(user.pk, code),
            expires_at=now + datetime.timedelta(days=DAYS),
        )
        for (user, _name), code in zip(people, codes, strict=True)
    )
    record(act="cards-made", by=by, about=sheet, unit=unit, count=len(people))
    tell_disclosure(
        how=Disclosure.How.EXPORTED, what="activation-cards", by=by, unit=unit, count=len(people)
    )
    return sheet, [
        PrintedCard(user.full_name, name, login_on_card(user), code)
        for (user, name), code in zip(people, codes, strict=True)
    ]


def login_on_card(user: User) -> str:
    """The name she logs in with, as the card says it: most people with cards have no e-mail."""
    return user.staff_code or user.email or ""


def find_card(*, name: str, code: str, address: str) -> ActivationCard:
    """The open card of the person with this name, if the code is hers.

    Raises `CardRefusedError`, in one and the same way for an unknown name and a wrong code. Who has
    logged in otherwise meanwhile needs no card, who was given a role must not have one: theirs open
    nothing any more.
    """
    name = canonical_login(name)
    if tried("card-address", address) >= WRONG_AN_HOUR_AN_ADDRESS or not may_try(
        "card", name, limit=TRIES, seconds=TRY_SECONDS
    ):
        raise CardRefusedError(paused=True)
    field = "user__email" if "@" in name else "user__staff_code"
    card = open_cards().filter(**{field: name}).select_related("user").first()
    meant = read_card_code(code)
    if card is None or meant is None or not card.matches(meant):
        may_try("card-address", address, limit=WRONG_AN_HOUR_AN_ADDRESS, seconds=3600)
        raise CardRefusedError
    forget("card", name)
    return card


def open_cards() -> Any:
    """Cards that still open something, whose people may still have them."""
    return ActivationCard.objects.filter(
        used_at__isnull=True,
        voided_at__isnull=True,
        expires_at__gt=timezone.now(),
        user__in=may_have_cards(),
    )


@transaction.atomic
def activate(*, card_pk: int, password: str) -> User:
    """The card is used up, and its person has this password.

    Raises `CardRefusedError` the second time.
    """
    now = timezone.now()
    if not open_cards().filter(pk=card_pk).update(used_at=now):
        raise CardRefusedError
    card = ActivationCard.objects.select_related("user", "sheet__unit").get(pk=card_pk)
    card.user.set_password(password)
    card.user.save(update_fields=["password"])
    record(act="account-activated", by=card.user, about=card.user, unit=card.sheet.unit)
    return card.user
