"""Handing in, settling, regrading: the writes that take an attempt from state to state.

Part of `actions`, by whose name they are reached. The states are told in `models`.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, QuerySet
from django.utils import timezone

from quizzes.attempts.grading import (
    POINT,
    AnsweredItem,
    Result,
    grade_attempt,
    grade_item,
    mark_total,
    needs_mark,
    to_decimal,
)
from quizzes.attempts.models import Attempt, AttemptItem, Erasure
from quizzes.attempts.queries import AskedItem, read_items
from quizzes.attempts.regraded import Figures, GradedItem, regrade_items
from quizzes.attempts.rulings import rulings_of, share_rulings
from quizzes.attempts.signals import attempt_graded, attempt_regraded
from quizzes.bank.versions import read_contents
from quizzes.prepared import prepared_models

# Without 0/O, 1/I/L: a receipt may be read out over the telephone.
RECEIPT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_RESULT_FIELDS = ("points", "max_points", "percent", "passed", "gradings")


def submit_attempt(*, attempt: Attempt) -> Attempt:
    """Hand the attempt in with what was saved; grade it, unless something waits for a person.

    Then it is «submitted», with its receipt, until `settle_attempt` finds every mark. A second
    call, also at the same time, returns the first one's result. After the deadline the saved
    answers count all the same. `attempt_graded` is sent in the same transaction.
    """
    with transaction.atomic():
        locked = hold_attempt(attempt.pk)
        if not locked.is_open:
            return locked
        items, answered = _read_sheet(locked)
        locked.submitted_at = timezone.now()
        locked.receipt = _new_receipt()
        if any(needs_mark(item) for item in answered):
            _keep_for_marking(locked, items, answered)
        else:
            _grade(locked, items, answered)
        return locked


def settle_attempt(*, attempt: Attempt) -> Attempt:
    """Grade a waiting attempt if every item has its mark; the attempt as it then is.

    What was graded by key at handing in is graded again: a ruling may have been made meanwhile.
    Called twice, or on an attempt in another state, it changes nothing.
    """
    with transaction.atomic():
        locked = hold_attempt(attempt.pk)
        if locked.is_waiting:
            items, answered = _read_sheet(locked)
            if not any(needs_mark(item) for item in answered):
                _grade(locked, items, answered)
        return locked


@transaction.atomic
def mark_item(*, item: AttemptItem, marking: Mapping[str, Any]) -> Attempt:
    """Keep a person's marks of an answer, and settle or regrade its attempt.

    `marking` is what `AttemptItem.marking` keeps. Marks given again may raise or lower a result;
    what was earned by it stays earned.
    """
    locked = hold_attempt(item.attempt_id)
    if locked.is_open:
        raise ValueError("an answer is marked after it was handed in")
    AttemptItem.objects.filter(pk=item.pk).update(marking=marking)
    if locked.is_waiting:
        return settle_attempt(attempt=locked)
    items, answered = _read_sheet(locked)
    graded = [
        GradedItem(answer, one.earned or Decimal(0), one.voided, concerned=one.pk == item.pk)
        for one, answer in zip(items, answered, strict=True)
    ]
    before = figures(locked)
    result = regrade_items(graded, pass_percent=locked.pass_percent, before=before, favour=False)
    if result is not None:
        change_results([(locked, items, result)])
        attempt_regraded.send(sender=Attempt, attempt=locked, before=before)
    return locked


def figures(attempt: Attempt) -> Figures:
    """The figures of a graded attempt."""
    assert attempt.points is not None and attempt.max_points is not None
    assert attempt.percent is not None and attempt.passed is not None
    return Figures(attempt.points, attempt.max_points, attempt.percent, attempt.passed)


def change_results(changes: Sequence[tuple[Attempt, Sequence[AskedItem], Result]]) -> None:
    """Store new results of graded attempts that the caller holds; a few statements for them all.

    The caller sends `attempt_regraded`.
    """
    rows = []
    for attempt, items, result in changes:
        attempt.points, attempt.max_points = result.points, result.max_points
        attempt.percent, attempt.passed = result.percent, result.passed
        attempt.gradings += 1
        for item, earned, voided in zip(items, result.earned, result.voided, strict=True):
            if (earned, voided) != (item.earned, item.voided):
                rows.append(AttemptItem(pk=item.pk, earned=earned, voided=voided))
    AttemptItem.objects.bulk_update(rows, ["earned", "voided"], batch_size=300)
    Attempt.objects.bulk_update(
        [attempt for attempt, *_rest in changes], _RESULT_FIELDS, batch_size=100
    )


@transaction.atomic
def erase_attempts(*, attempts: Iterable[Attempt], reason: str) -> int:
    """Delete attempts with their answers, handed in or not; how many rows went.

    The only door: `reason` is kept with the attempts' numbers. A completion that rests on one of
    them protects it (`ProtectedError`).
    """
    pks = [attempt.pk for attempt in attempts]
    now = timezone.now()
    Erasure.objects.bulk_create(
        [Erasure(attempt_id=pk, reason=reason, erased_at=now) for pk in pks],
        ignore_conflicts=True,
    )
    deleted, _by_model = Attempt.objects.filter(pk__in=pks).delete()
    return deleted


def hold_attempt(pk: int) -> Attempt:
    """The attempt with its row locked until the transaction ends, or `Attempt.DoesNotExist`."""
    locked = _hold.first(pk)
    if locked is None:
        raise Attempt.DoesNotExist
    return locked


@prepared_models(BigIntegerField())
def _hold(attempt_id: int) -> QuerySet[Attempt]:
    return Attempt.objects.filter(pk=attempt_id).select_for_update(no_key=True)


def _read_sheet(locked: Attempt) -> tuple[list[AskedItem], list[AnsweredItem]]:
    """The items as they are stored and as they are graded, by the rulings of this moment."""
    share_rulings()
    # Statements of their own, after the locks: they see what was acknowledged or decided before.
    items, rulings = read_items(locked), rulings_of(locked.pk)
    contents = read_contents(item.version_id for item in items)
    return items, [
        AnsweredItem(
            content=contents[item.version_id],
            points=item.points,
            answer=item.answer,
            mark=mark_total(item.marking),
            ruling=rulings.get(item.version_id),
            negative=locked.negative_marks,
        )
        for item in items
    ]


def _keep_for_marking(
    locked: Attempt, items: Sequence[AskedItem], answered: Sequence[AnsweredItem]
) -> None:
    earned = [
        None if needs_mark(item) else to_decimal(grade_item(item), POINT) for item in answered
    ]
    _close_items(dict(zip((item.pk for item in items), earned, strict=True)))
    locked.state = Attempt.State.SUBMITTED
    locked.save(update_fields=["state", "submitted_at", "receipt"])


def _grade(locked: Attempt, items: Sequence[AskedItem], answered: Sequence[AnsweredItem]) -> None:
    result = grade_attempt(answered, pass_percent=locked.pass_percent)
    _close_items(dict(zip((item.pk for item in items), result.earned, strict=True)))
    if any(result.voided):
        out = [item.pk for item, gone in zip(items, result.voided, strict=True) if gone]
        AttemptItem.objects.filter(pk__in=out).update(voided=True)
    locked.state = Attempt.State.GRADED
    locked.points, locked.max_points = result.points, result.max_points
    locked.percent, locked.passed = result.percent, result.passed
    locked.gradings = 1
    locked.save(update_fields=["state", "submitted_at", "receipt", *_RESULT_FIELDS])
    if not locked.practice:
        attempt_graded.send(sender=Attempt, attempt=locked)


def _close_items(earned: Mapping[int, Decimal | None]) -> None:
    """One statement for each different mark: two for questions that are right or wrong."""
    by_mark: dict[Decimal | None, list[int]] = defaultdict(list)
    for pk, mark in earned.items():
        by_mark[mark].append(pk)
    if len(by_mark) > 3:
        AttemptItem.objects.bulk_update(
            [AttemptItem(pk=pk, earned=mark, closed=True) for pk, mark in earned.items()],
            ["earned", "closed"],
        )
        return
    for mark, pks in by_mark.items():
        AttemptItem.objects.filter(pk__in=pks).update(earned=mark, closed=True)


def _new_receipt() -> str:
    code = "".join(secrets.choice(RECEIPT_ALPHABET) for _n in range(12))
    return f"BN-{code[:4]}-{code[4:8]}-{code[8:]}"
