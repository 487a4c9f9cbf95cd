"""Starting, answering, handing in. Each may be called twice, or at once, without harm.

PostgreSQL: the attempt's row is locked while it is answered or graded. SQLite: transactions
are IMMEDIATE, one writer at a time. In both, unique constraints are the last word.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, CharField, DateTimeField, JSONField, QuerySet
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from quizzes.attempts.entering import Entry, check_entry, terms_of
from quizzes.attempts.errors import (
    AttemptClosedError,
    CheckedError,
    NothingToAskError,
    PassedByError,
    TimeIsUpError,
    WaitingForMarksError,
)
from quizzes.attempts.judging import (
    change_results,
    erase_attempts,
    hold_attempt,
    mark_item,
    settle_attempt,
    submit_attempt,
)
from quizzes.attempts.models import Attempt, AttemptItem
from quizzes.attempts.tasks import hand_in_later
from quizzes.bank.drawing import draw_questions
from quizzes.bank.kinds import Sent, get_kind
from quizzes.bank.models import Quiz
from quizzes.bank.queries import AskableQuestion
from quizzes.prepared import Update, prepared, prepared_models, prepared_update

__all__ = [
    "change_results",
    "erase_attempts",
    "hold_attempt",
    "mark_item",
    "save_answer",
    "settle_attempt",
    "start_attempt",
    "submit_attempt",
]

# How often a start that lost a race looks again before it gives up.
START_TRIES = 5

_shuffler = random.SystemRandom()


def start_attempt(
    *, taker: Any, quiz: Quiz, origin: str = "", return_to: str = "", entry: Entry | None = None
) -> Attempt:
    """The taker's open attempt at the quiz; a new one if there is none.

    An open attempt whose time is over is graded first, with what was saved. `origin` and
    `return_to` (a path on this site) are kept for the caller and not read here; `entry` is what
    the quiz asks for before the start. Raises an `AttemptError` that says why not, also while the
    last attempt waits for a person's marks.
    """
    for last_try in [*[False] * (START_TRIES - 1), True]:
        last = _last.first(taker.pk, quiz.pk)
        now = timezone.now()
        if last is not None and last.is_open:
            if not last.is_over(at=now):
                return last
            # In a transaction of its own: it stays graded if there is no further attempt.
            last = submit_attempt(attempt=last)
        # She may have passed already; and who marks should not be sent the same answers twice.
        if last is not None and last.is_waiting:
            raise WaitingForMarksError
        terms = terms_of(taker_id=taker.pk, quiz=quiz)
        check_entry(
            taker_id=taker.pk, quiz=quiz, terms=terms, last=last, entry=entry or Entry(), at=now
        )
        questions = draw_questions(
            quiz,
            on=timezone.localdate(now),
            seen={pk for (pk,) in _asked_before.rows(taker.pk, quiz.pk)} if last else (),
            chance=_shuffler,
        )
        if not questions:
            raise NothingToAskError
        attempt = Attempt(
            taker_id=taker.pk,
            quiz=quiz,
            number=last.number + 1 if last is not None else 1,
            origin=origin[:200],
            return_to=_own_path(return_to),
            started_at=now,
            deadline=terms.deadline(now),
            grace_seconds=quiz.grace_seconds,
            one_way=not quiz.may_go_back,
            practice=quiz.is_practice,
            negative_marks=quiz.negative_marks,
            pledge=quiz.honesty_note,
            pass_percent=quiz.pass_percent,
            attempts_allowed=terms.attempts_allowed,
        )
        try:
            return _create(attempt, questions)
        except IntegrityError:
            # Another tab was quicker; its attempt is there to be found now.
            if last_try:
                raise
    raise AssertionError("unreachable")


@prepared_models(BigIntegerField(), BigIntegerField())
def _last(taker_id: int, quiz_id: int) -> QuerySet[Attempt]:
    return Attempt.objects.filter(taker_id=taker_id, quiz_id=quiz_id).order_by("-number")[:1]


@prepared(BigIntegerField(), BigIntegerField())
def _asked_before(taker_id: int, quiz_id: int) -> QuerySet[AttemptItem, Any]:
    return AttemptItem.objects.filter(
        attempt__taker_id=taker_id, attempt__quiz_id=quiz_id
    ).values_list("version__question_id")


@transaction.atomic
def _create(attempt: Attempt, questions: list[AskableQuestion]) -> Attempt:
    attempt.save(force_insert=True)
    if attempt.deadline is not None:
        hand_in_later(attempt)
    AttemptItem.objects.bulk_create(
        AttemptItem(
            attempt=attempt,
            position=position,
            version_id=question.version_id,
            kind=question.kind,
            points=question.points,
            option_order=_option_order(attempt.quiz, question),
        )
        for position, question in enumerate(questions, start=1)
    )
    return attempt


def _own_path(path: str) -> str:
    """`path` if it stays on this site and fits its column, else nothing."""
    fits = len(path) <= 500 and path.startswith("/")
    return path if fits and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""


def _option_order(quiz: Quiz, question: AskableQuestion) -> list[str]:
    return get_kind(question.kind).shuffled(
        question.order, freely=quiz.shuffle_options, chance=_shuffler
    )


def save_answer(
    *, attempt: Attempt, position: int, sent: Sent, client: str = "", sequence: int = 0
) -> datetime:
    """Keep the answer in `sent` for the question at `position`; when it was saved.

    `sent` are the fields of the form with their values; none of an answer is «no answer».

    A save of the same client with a sequence not above the kept one changes nothing and gets
    the time of the kept answer. Raises `Attempt.DoesNotExist` when the attempt has no such
    position or is not the taker's, an `AttemptError` or `BadAnswerError`.
    """
    with transaction.atomic():
        held = _hold_asked.first(attempt.pk, attempt.taker_id, position)
        if held is None:
            raise Attempt.DoesNotExist
        held = _Held._make(held)
        now = timezone.now()
        held.check(position, at=now)
        answer = get_kind(held.kind).read(sent, held.option_order)
        if client and client == held.client and sequence <= held.sequence:
            return held.saved_at
        _keep_answer.execute(answer, now, client, sequence, held.item_id)
        return now


class _Held(NamedTuple):
    """An attempt and one of its questions, both locked."""

    state: str
    deadline: datetime | None
    grace_seconds: int
    one_way: bool
    reached: int
    item_id: int
    kind: str
    option_order: list[str]
    saved_at: datetime
    client: str
    sequence: int
    checked_at: datetime | None

    def check(self, position: int, *, at: datetime) -> None:
        """Raise why the question at `position` takes no answer at this time, if so."""
        if self.state != Attempt.State.IN_PROGRESS:
            raise AttemptClosedError
        if self.deadline and at > self.deadline + timedelta(seconds=self.grace_seconds):
            raise TimeIsUpError
        if self.one_way and position != self.reached:
            raise PassedByError
        if self.checked_at is not None:
            raise CheckedError


@prepared(BigIntegerField(), BigIntegerField(), BigIntegerField())
def _hold_asked(attempt_id: int, taker_id: int, position: int) -> QuerySet[Attempt, Any]:
    """Locks the attempt and its question, so that nobody hands in or answers between."""
    return (
        Attempt.objects.filter(pk=attempt_id, taker_id=taker_id, items__position=position)
        .select_for_update(no_key=True)
        .values_list(
            "state",
            "deadline",
            "grace_seconds",
            "one_way",
            "reached",
            "items__pk",
            "items__kind",
            "items__option_order",
            "items__saved_at",
            "items__client",
            "items__sequence",
            "items__checked_at",
        )
    )


def move_on(*, attempt: Attempt, position: int) -> int:
    """Leave the question at `position` of an attempt without a way back; where she stands now.

    Repeating it changes nothing. The position after the last one means: to be handed in.
    Raises `AttemptClosedError`.
    """
    with transaction.atomic():
        locked = hold_attempt(attempt.pk)
        if not locked.is_open:
            raise AttemptClosedError
        if locked.one_way and position == locked.reached:
            locked.reached = position + 1
            locked.save(update_fields=["reached"])
        return locked.reached


def check_answer(*, attempt: Attempt, position: int) -> None:
    """Practice: judge the answer saved at `position` before her eyes; it is fixed from then on.

    Repeating it changes nothing. Raises `Attempt.DoesNotExist` for no such position or an attempt
    that is no practice, or an `AttemptError`.
    """
    with transaction.atomic():
        row = _hold_asked.first(attempt.pk, attempt.taker_id, position)
        if row is None or not attempt.practice:
            raise Attempt.DoesNotExist
        held = _Held._make(row)
        if held.checked_at is None:
            now = timezone.now()
            held.check(position, at=now)
            AttemptItem.objects.filter(pk=held.item_id).update(checked_at=now)


@prepared_update(JSONField(), DateTimeField(), CharField(), BigIntegerField(), BigIntegerField())
def _keep_answer(answer: Any, saved_at: Any, client: Any, sequence: Any, item_id: Any) -> Update:
    return AttemptItem.objects.filter(pk=item_id), {
        "answer": answer,
        "saved_at": saved_at,
        "client": client,
        "sequence": sequence,
    }
