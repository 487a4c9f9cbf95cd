"""What opens the account: second factors, cards, codes by mail, addresses, other systems."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.privacy.kept import SECURITY, Kept, Row, all_go, excuse, register_kept
from portal.accounts.keys.models import ActivationCard, MailCode


def register() -> None:
    """Tell of all of it; from the app's `ready`."""
    register_kept(KEYS)
    excuse({"accounts.CardSheet.made_by": "printed in the course of duty; told by the audit log"})


def _of(user: Any) -> list[QuerySet[Any]]:
    models = (Authenticator, ActivationCard, MailCode, EmailAddress, SocialAccount)
    return [model._default_manager.filter(user=user) for model in models]


def _rows(user: Any) -> Iterable[Row]:
    """Never the secrets themselves: they are kept as digests, or for the server alone."""
    second, cards, codes, addresses, others = _of(user)
    for key in second:
        yield _row(key.get_type_display(), key.created_at, key.last_used_at, "")
    for card in cards.select_related("sheet"):
        yield _row(_("Code card"), card.sheet.made_at, card.used_at, "")
    for code in codes:
        yield _row(_("Code by e-mail"), code.asked_at, code.used_at, code.name)
    for address in addresses:
        yield _row(_("E-mail address"), None, None, address.email)
    for other in others:
        yield _row(_("Account in another system"), other.date_joined, other.last_login, other.uid)


def _row(kind: Any, made: Any, used: Any, name: str) -> Row:
    return {
        _("Kind"): str(kind),
        _("Made at"): made,
        _("Last used"): used,
        _("Name there"): name,
    }


def _count(user: Any) -> int:
    return sum(rows.count() for rows in _of(user))


def _erase(user: Any) -> None:
    for rows in _of(user):
        rows.delete()


KEYS = Kept(
    slug="ways-in",
    name=gettext_lazy("What opens your account: second factors, code cards, codes by e-mail"),
    purpose=gettext_lazy("So that you, and nobody else, can log in"),
    basis=SECURITY,
    how_long=gettext_lazy("until you remove it; codes that are over for a day"),
    on_erasure=gettext_lazy("Deleted."),
    count=_count,
    collect=_rows,
    fate=all_go(_count),
    erase=_erase,
    models=(
        "mfa.Authenticator",
        "accounts.ActivationCard",
        "accounts.MailCode",
        "account.EmailAddress",
        "socialaccount.SocialAccount",
    ),
    rank=90,
)
