"""What the quizzes and the platform keep about a person. They know nothing of learning, so it is
told here, where everything may be imported."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.privacy.kept import (
    SECURITY,
    TASK,
    Expiry,
    Fate,
    Kept,
    Row,
    all_go,
    excuse,
    expiry_of,
    nothing,
    register_kept,
)
from learning.progress.models import ModuleCompletion
from quizzes.attempts.actions import erase_attempts
from quizzes.attempts.models import Allowance, Attempt, AttemptItem, Extension
from quizzes.attempts.telling import telling
from quizzes.bank.versions import read_contents
from quizzes.exchange.models import Import
from quizzes.marking.models import Claim, Mark

MAIL_DAYS = 30
_WORK = "what she did as an editor; nameless once her account is"


def register() -> None:
    """Tell of all of it; from the app's `ready`."""
    for kept in (ATTEMPTS, ALLOWANCES, EDITORIAL, MAIL):
        register_kept(kept)
    # Marked, reviewed or approved in the course of duty: the row names her account, which an
    # erasure makes nameless.
    excuse(
        {
            "enrolments.Assignment.created_by": _WORK,
            "api.ApiToken.made_by": _WORK,
            "statistics.Export.by": "a list asked for in the course of duty; gone in a week",
            "courses.*": _WORK,
            "home.*": _WORK,
            "bank.*": _WORK,
            "regrading.*": _WORK,
            "attempts.Ruling.made_by": _WORK,
            "attempts.Incident.declared_by": _WORK,
            "wagtail_localize.*": _WORK,
            "wagtaildocs.*": _WORK,
            "wagtailimages.*": _WORK,
            "wagtailcore.*": _WORK,
            "wagtailadmin.*": _WORK,
            "wagtailusers.*": "how she wishes to see the admin",
        }
    )


# --- attempts ------------------------------------------------------------------------------------


def _attempts(user: Any) -> QuerySet[Attempt]:
    return Attempt.objects.filter(taker=user)


def _attempt_rows(user: Any) -> Iterable[Row]:
    now = timezone.now()
    attempts = list(_attempts(user).select_related("quiz"))
    answers: dict[int, list[dict[str, Any]]] = {attempt.pk: [] for attempt in attempts}
    items = list(AttemptItem.objects.filter(attempt__taker=user).order_by("position"))
    contents = read_contents(item.version_id for item in items)
    for item in items:
        asked = contents[item.version_id].get("prompt", "")
        answers[item.attempt_id].append({"question": asked, "answer": item.answer})
    for attempt in attempts:
        told = telling(attempt, closes_at=attempt.quiz.closes_at, at=now).score
        yield {
            _("Quiz"): str(attempt.quiz),
            _("Number"): attempt.number,
            _("State"): attempt.get_state_display(),
            _("Started at"): attempt.started_at,
            _("Handed in at"): attempt.submitted_at,
            _("Receipt"): attempt.receipt,
            # As the quiz's rules let it be told today.
            _("Score (%)"): attempt.percent if told else None,
            _("Passed"): attempt.passed if told else None,
            _("Answers"): answers[attempt.pk],
        }


def _count_attempts(user: Any) -> int:
    return _attempts(user).count()


def _erase(attempts: QuerySet[Attempt], *, reason: str) -> None:
    """Completions keep their score and let go of the attempt they rest on."""
    pks = list(attempts.values_list("pk", flat=True))
    ModuleCompletion.objects.filter(attempt__in=pks).update(attempt=None)
    Extension.objects.filter(attempt__in=pks).delete()
    erase_attempts(attempts=[Attempt(pk=pk) for pk in pks], reason=reason)


def _erase_attempts(user: Any) -> None:
    _erase(_attempts(user), reason="erasure at the person's request or after she left")


def _erase_old(pks: list[Any]) -> None:
    _erase(Attempt.objects.filter(pk__in=pks), reason="rule of retention")


ATTEMPTS = Kept(
    slug="attempts",
    name=gettext_lazy("Quizzes you sat, with your answers"),
    purpose=gettext_lazy("To grade you, to show you your result, and to improve the questions"),
    basis=TASK,
    how_long=gettext_lazy("after you started the attempt; that you passed stays"),
    on_erasure=gettext_lazy("Deleted with all answers."),
    count=_count_attempts,
    collect=_attempt_rows,
    fate=all_go(_count_attempts),
    erase=_erase_attempts,
    models=("attempts.Attempt", "attempts.AttemptItem", "attempts.Extension"),
    rank=35,
    months=60,
    expiry=expiry_of(
        lambda before: Attempt.objects.filter(started_at__lt=before).exclude(
            state=Attempt.State.IN_PROGRESS
        ),
        _erase_old,
    ),
)


def _allowances(user: Any) -> QuerySet[Allowance]:
    return Allowance.objects.filter(taker=user)


def _allowance_rows(user: Any) -> Iterable[Row]:
    for allowance in _allowances(user).select_related("quiz"):
        yield {
            _("Quiz"): str(allowance.quiz),
            _("Extra minutes"): allowance.extra_minutes,
            _("Extra attempts"): allowance.extra_attempts,
            _("Closes for this person"): allowance.closes_at,
            _("Reason"): allowance.reason,
        }


def _count_allowances(user: Any) -> int:
    return _allowances(user).count()


def _erase_allowances(user: Any) -> None:
    _allowances(user).delete()


ALLOWANCES = Kept(
    slug="allowances",
    name=gettext_lazy("Extra time and attempts given to you"),
    purpose=gettext_lazy("To give you the time you need in a quiz"),
    basis=TASK,
    how_long=gettext_lazy("as long as your account"),
    on_erasure=gettext_lazy("Deleted."),
    count=_count_allowances,
    collect=_allowance_rows,
    fate=all_go(_count_allowances),
    erase=_erase_allowances,
    models=("attempts.Allowance",),
    rank=34,
)


# --- what editors and markers do ---------------------------------------------------------------


def _marks(user: Any) -> QuerySet[Mark]:
    return Mark.objects.filter(marker=user)


def _editorial_rows(user: Any) -> Iterable[Row]:
    for mark in _marks(user):
        yield {
            _("Act"): _("Answer marked"),
            _("Points"): mark.total,
            _("Comment"): mark.comment,
            _("Time"): mark.marked_at,
        }
    for upload in Import.objects.filter(user=user).defer("data"):
        yield {_("Act"): _("File of questions uploaded"), _("Time"): upload.created_at}


def _count_editorial(user: Any) -> int:
    return _marks(user).count() + Import.objects.filter(user=user).count()


def _editorial_fate(user: Any) -> Fate:
    return Fate(deleted=Import.objects.filter(user=user).count(), nameless=_marks(user).count())


def _erase_editorial(user: Any) -> None:
    Import.objects.filter(user=user).delete()
    Claim.objects.filter(marker=user).delete()


EDITORIAL = Kept(
    slug="editorial",
    name=gettext_lazy("What you did as an editor or marker"),
    purpose=gettext_lazy("To know who wrote, marked and approved what"),
    basis=TASK,
    how_long=gettext_lazy("as long as the content it belongs to"),
    on_erasure=gettext_lazy("Stays without your name; uploaded files are deleted."),
    count=_count_editorial,
    collect=_editorial_rows,
    fate=_editorial_fate,
    erase=_erase_editorial,
    models=("marking.Mark", "marking.Claim", "exchange.Import"),
    rank=50,
)


# --- mail of a trial ---------------------------------------------------------------------------


def _old_letters(now: datetime) -> list[Path]:
    folder = Path(settings.EMAIL_FILE_PATH)
    before = (now - timedelta(days=MAIL_DAYS)).timestamp()
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if path.is_file() and path.stat().st_mtime < before]


def _remove_letters(now: datetime, limit: int) -> int:
    letters = _old_letters(now)[:limit]
    for path in letters:
        path.unlink(missing_ok=True)
    return len(letters)


MAIL = Kept(
    slug="mail",
    name=gettext_lazy("Letters to you"),
    purpose=gettext_lazy("To send you certificates and notices by e-mail"),
    basis=SECURITY,
    how_long=gettext_lazy(
        "not kept once the mail server has taken them; a trial's letters lie in a folder 30 days"
    ),
    on_erasure=gettext_lazy("No further letters are sent."),
    count=lambda _user: 0,
    collect=lambda _user: (),
    fate=lambda _user: Fate(),
    erase=nothing,
    rank=92,
    expiry=Expiry(count=lambda now: len(_old_letters(now)), remove=_remove_letters),
)
