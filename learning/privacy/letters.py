"""What the notices keep about a person; they lie below this package and may not import it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.notices.models import DeadAddress, Letter, Notice, Unsubscription
from learning.privacy.kept import TASK, Kept, Row, all_go, expiry_of, register_kept


def register() -> None:
    """Tell of it; from the app's `ready`."""
    register_kept(NOTICES)


def _notices(user: Any) -> QuerySet[Notice]:
    return Notice.objects.filter(person=user)


def _letters(user: Any) -> QuerySet[Letter]:
    return Letter.objects.filter(person=user)


def _unsubscriptions(user: Any) -> QuerySet[Unsubscription]:
    return Unsubscription.objects.filter(person=user)


def _rows(user: Any) -> Iterable[Row]:
    for notice in _notices(user).select_related("letter").iterator(chunk_size=500):
        yield _row(notice.created_at, notice.kind, notice.facts, notice.seen_at, notice.letter)
    for letter in _letters(user).filter(notices__isnull=True):
        yield _row(letter.created_at, "", {}, None, letter)
    for wish in _unsubscriptions(user):
        yield _row(wish.created_at, wish.kind, _("not by mail, at your wish"), None, None)


def _row(at: datetime, kind: str, facts: Any, seen_at: Any, letter: Letter | None) -> Row:
    return {
        _("Time"): at,
        _("Kind"): kind,
        _("Content"): facts,
        _("Seen at"): seen_at,
        _("Mailed to"): letter.address if letter else "",
        _("State"): letter.get_state_display() if letter else "",
    }


def _count(user: Any) -> int:
    alone = _letters(user).filter(notices__isnull=True).count()
    return _notices(user).count() + alone + _unsubscriptions(user).count()


def _erase(user: Any) -> None:
    if user.email:
        DeadAddress.objects.filter(address__iexact=user.email).delete()
    _notices(user).delete()
    _letters(user).delete()
    _unsubscriptions(user).delete()


def _remove_old(pks: list[Any]) -> None:
    letters = Letter.objects.filter(notices__in=pks)
    gone = list(letters.values_list("pk", flat=True))
    Notice.objects.filter(pk__in=pks).delete()
    Letter.objects.filter(pk__in=gone, notices__isnull=True).delete()


NOTICES = Kept(
    slug="notices",
    name=gettext_lazy("Notices to you, and the letters that carried them"),
    purpose=gettext_lazy("To tell you what is assigned, due and completed"),
    basis=TASK,
    how_long=gettext_lazy("after the notice was written"),
    on_erasure=gettext_lazy("Deleted. What was mailed already lies with the mail servers."),
    count=_count,
    collect=_rows,
    fate=all_go(_count),
    erase=_erase,
    models=("notices.Notice", "notices.Letter", "notices.Unsubscription"),
    rank=50,
    months=24,
    expiry=expiry_of(lambda before: Notice.objects.filter(created_at__lt=before), _remove_old),
)
