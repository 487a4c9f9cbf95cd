"""Taking an answer, and marking it. Each may be done twice, or by two at once, without harm."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quizzes.attempts.actions import hold_attempt, mark_item
from quizzes.attempts.models import AttemptItem
from quizzes.bank.kinds.essay import rubric
from quizzes.bank.models import Quiz
from quizzes.marking.models import CLAIM_LASTS, Claim, Mark, MarkingSettings
from quizzes.marking.queries import free_answers

_HALF = Decimal("0.5")


class MarkingError(Exception):
    """A refusal; `str(error)` is the sentence to show."""

    message: Any = _("This cannot be done now.")

    def __str__(self) -> str:
        return str(self.message)


class TakenError(MarkingError):
    """Somebody else has the answer on her desk."""

    message = _("Somebody else is marking this answer.")


class StaleMarkError(MarkingError):
    """The answer was marked after the form had been opened."""

    message = _(
        "This answer was marked meanwhile. Look at those marks, then mark again if need be."
    )


class OwnAnswerError(MarkingError):
    """The marker wrote the answer herself."""

    message = _("Nobody marks her own answer.")


class BadMarkError(MarkingError):
    """Points that the rubric does not know."""

    message = _("Give each criterion whole or half points, at most as many as it has.")


def take_answer(*, item: AttemptItem, marker: Any) -> Claim:
    """Put the answer on the marker's desk; hers already, it stays hers for another while.

    Raises `TakenError` while somebody else has it, `OwnAnswerError`.
    """
    if item.attempt.taker_id == marker.pk:
        raise OwnAnswerError
    now = timezone.now()
    with transaction.atomic():
        claim, _made = Claim.objects.get_or_create(
            item=item, defaults={"marker": marker, "taken_at": now}
        )
        claim = Claim.objects.select_for_update().get(pk=claim.pk)
        if claim.marker_id != marker.pk and not claim.has_lapsed:
            raise TakenError
        claim.marker, claim.taken_at = marker, now
        claim.save(update_fields=["marker", "taken_at"])
        return claim


def take_next(*, marker: Any, quiz_id: int, question_id: int) -> AttemptItem | None:
    """Take the oldest answer to the question that nobody has; None when there is none."""
    waiting = free_answers(marker).filter(
        attempt__quiz_id=quiz_id, version__question_id=question_id
    )
    for item in waiting.select_related("attempt")[:20]:
        try:
            take_answer(item=item, marker=marker)
        except TakenError:
            continue
        return item
    return None


def leave_answer(*, item: AttemptItem, marker: Any) -> None:
    """Take the answer off the marker's desk; nothing happens if it is not there."""
    Claim.objects.filter(item=item, marker=marker).delete()


def save_marks(
    *,
    item: AttemptItem,
    marker: Any,
    points: Mapping[str, Decimal],
    comment: str,
    seen: int,
    form_id: UUID,
) -> Mark:
    """Mark the answer, and settle its attempt if this was the last mark it waited for.

    `points` by criterion; `seen` is the number of the latest mark the marker had before her (0:
    none). The same `form_id` again returns the first mark. Raises `OwnAnswerError`, `BadMarkError`,
    `TakenError` when the answer is not on her desk, `StaleMarkError`.
    """
    if item.attempt.taker_id == marker.pk:
        raise OwnAnswerError
    total = check_points(item, points)
    try:
        with transaction.atomic():
            hold_attempt(item.attempt_id)
            known = Mark.objects.filter(form_id=form_id, item=item).first()
            if known is not None:
                return known
            _check_desk(item, marker, seen)
            mark = Mark.objects.create(
                item=item,
                number=seen + 1,
                points={key: str(value) for key, value in points.items()},
                total=total,
                comment=comment.strip(),
                marker=marker,
                marked_at=timezone.now(),
                form_id=form_id,
            )
            Claim.objects.filter(item=item).delete()
            mark_item(item=item, marking={"points": mark.points, "comment": mark.comment})
            return mark
    except IntegrityError as error:
        raise StaleMarkError from error


def check_points(item: AttemptItem, points: Mapping[str, Decimal]) -> Decimal:
    """The sum of points that fit the rubric; `BadMarkError` for others."""
    most = {criterion.key: criterion.points for criterion in rubric(item.version.content)}
    if set(points) != set(most) or any(
        not 0 <= value <= most[key] or value % _HALF for key, value in points.items()
    ):
        raise BadMarkError
    return sum(points.values(), Decimal(0))


def _check_desk(item: AttemptItem, marker: Any, seen: int) -> None:
    latest = Mark.objects.filter(item=item).aggregate(last=Max("number"))["last"] or 0
    if latest != seen:
        raise StaleMarkError
    claim = Claim.objects.select_for_update().filter(item=item).first()
    if claim is None or claim.marker_id != marker.pk:
        raise TakenError


def set_blind(*, quiz: Quiz, blind: bool) -> MarkingSettings:
    """Whether markers of the quiz are kept from seeing names."""
    settings, _made = MarkingSettings.objects.update_or_create(
        quiz=quiz, defaults={"blind_marking": blind}
    )
    return settings


__all__ = [
    "CLAIM_LASTS",
    "BadMarkError",
    "MarkingError",
    "OwnAnswerError",
    "StaleMarkError",
    "TakenError",
    "check_points",
    "leave_answer",
    "save_marks",
    "set_blind",
    "take_answer",
    "take_next",
]
