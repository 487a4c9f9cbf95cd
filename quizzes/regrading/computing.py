"""What a plan does to results, taker by taker: the same for the preview and for applying it.

Reads only. Attempts are looked at in chunks of takers, so that any number of them fits in memory
and all of a person's new passes are known together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, IntegerField, Q, Sum
from django.db.models.functions import Cast

from quizzes.attempts.grading import (
    POINT,
    VOID,
    AnsweredItem,
    Result,
    Verdict,
    grade_item,
    mark_total,
    to_decimal,
)
from quizzes.attempts.judging import figures
from quizzes.attempts.models import Attempt, AttemptItem
from quizzes.attempts.queries import AskedItem
from quizzes.attempts.regraded import Figures, GradedItem, Rest, figures_of, regrade_items
from quizzes.attempts.rulings import read_rulings
from quizzes.bank.content import QuestionContent
from quizzes.bank.versions import read_contents

TAKERS_AT_ONCE = 400


@dataclass(frozen=True)
class Change:
    """An attempt whose result a plan changes, with its items as they are stored."""

    attempt: Attempt
    items: Sequence[AskedItem]
    result: Result
    before: Figures

    @property
    def after(self) -> Figures:
        """The figures it gets."""
        return figures_of(self.result)

    @property
    def gains(self) -> bool:
        """Whether a result that was not passed becomes one."""
        return self.result.passed and not self.before.passed

    @property
    def loses(self) -> bool:
        """Whether a result that was passed is so no more."""
        return self.before.passed and not self.result.passed


@dataclass(frozen=True)
class Chunk:
    """The graded attempts of some takers that asked the question, and those that change."""

    takers: Sequence[int]
    attempts: Sequence[Attempt]
    changes: Sequence[Change]


def next_takers(version_ids: Sequence[int], *, after: int) -> list[int]:
    """The next people, by id, who were asked one of these versions and handed in."""
    found = (
        Attempt.objects.filter(
            taker_id__gt=after,
            pk__in=AttemptItem.objects.filter(version_id__in=version_ids, closed=True).values(
                "attempt_id"
            ),
        )
        .order_by("taker_id")
        .values_list("taker_id", flat=True)
        .distinct()
    )
    return list(found[:TAKERS_AT_ONCE])


def chunks(version_ids: Sequence[int], verdict: Verdict) -> Iterator[Chunk]:
    """All takers, chunk by chunk; nothing is locked."""
    takers = next_takers(version_ids, after=0)
    while takers:
        yield compute(takers, version_ids, verdict)
        takers = next_takers(version_ids, after=takers[-1])


def compute(
    takers: Sequence[int], version_ids: Sequence[int], verdict: Verdict, *, hold: bool = False
) -> Chunk:
    """What the plan does to these people's graded attempts; with `hold` their rows are locked."""
    asked = AttemptItem.objects.filter(
        version_id__in=version_ids, attempt__taker_id__in=takers, closed=True
    )
    rows = Attempt.objects.filter(
        pk__in=asked.values("attempt_id"), state=Attempt.State.GRADED
    ).order_by("pk")
    attempts = list(rows.select_for_update(no_key=True) if hold else rows)
    touched = _touched(attempts, version_ids, verdict)
    rests = _rests(touched, version_ids)
    items = _items_of([pk for pk in touched if pk in rests], version_ids)
    items |= _items_of([pk for pk in touched if pk not in rests])
    every = {item.version_id for found in items.values() for item in found}
    contents, rulings = read_contents(every), read_rulings(every - set(version_ids))
    rulings |= dict.fromkeys(version_ids, verdict)
    changes = []
    for attempt in attempts:
        if attempt.pk not in touched:
            continue
        found, before = items[attempt.pk], figures(attempt)
        result = regrade_items(
            [
                _graded(item, contents, rulings, version_ids, negative=attempt.negative_marks)
                for item in found
            ],
            pass_percent=attempt.pass_percent,
            before=before,
            favour=verdict.favour,
            rest=rests.get(attempt.pk),
        )
        if result is not None:
            changes.append(Change(attempt, found, result, before))
    return Chunk(takers, attempts, changes)


def _touched(attempts: Sequence[Attempt], version_ids: Sequence[int], verdict: Verdict) -> set[int]:
    """The attempts of whom the question's own points change: the others need not be read.

    Equal answers are graded once.
    """
    found = AttemptItem.objects.filter(
        attempt_id__in=[attempt.pk for attempt in attempts], version_id__in=version_ids
    ).values_list(
        "attempt_id",
        "version_id",
        "points",
        "answer",
        "marking",
        "attempt__negative_marks",
        "earned",
        "voided",
    )
    contents = read_contents(version_ids)
    known: dict[Any, Decimal] = {}
    touched = set()
    for attempt_id, version_id, points, answer, marking, negative, earned, voided in found:
        mark = mark_total(marking)
        key = (version_id, points, tuple(answer), mark, negative)
        if key not in known:
            item = AnsweredItem(contents[version_id], points, answer, mark, verdict, negative)
            known[key] = to_decimal(grade_item(item), POINT)
        if (known[key], verdict.effect == VOID) != (earned, voided):
            touched.add(attempt_id)
    return touched


def _rests(attempt_ids: Collection[int], version_ids: Sequence[int]) -> dict[int, Rest]:
    """What the other items earned together, for attempts where they earned whole points each.

    So it is for nearly all, and nothing more of them need be read. A whole stored decimal is
    exact: what was rounded down to it would have a denominator above ten thousand, which no kind
    has. Where a share was earned, or nothing else is counted, the items are read singly.
    """
    rows = (
        AttemptItem.objects.filter(attempt_id__in=attempt_ids, voided=False)
        .exclude(version_id__in=version_ids)
        .order_by()
        .values_list("attempt_id")
        .annotate(
            all_earned=Sum("earned"),
            all_points=Sum("points"),
            shares=Count("pk", filter=~Q(earned=Cast("earned", IntegerField()))),
        )
    )
    return {
        attempt_id: Rest(Fraction(earned), points)
        for attempt_id, earned, points, shares in rows
        if not shares and points
    }


def _items_of(
    attempt_ids: Sequence[int], version_ids: Sequence[int] = ()
) -> dict[int, list[AskedItem]]:
    """The items of these attempts by attempt: all, or those of the versions."""
    found: dict[int, list[AskedItem]] = {pk: [] for pk in attempt_ids}
    rows = AttemptItem.objects.filter(attempt_id__in=attempt_ids)
    if version_ids:
        rows = rows.filter(version_id__in=version_ids)
    for attempt_id, *row in rows.order_by("attempt_id", "position").values_list(
        "attempt_id", *AskedItem._fields
    ):
        found[attempt_id].append(AskedItem._make(row))
    return found


def _graded(
    item: AskedItem,
    contents: Mapping[int, QuestionContent],
    rulings: Mapping[int, Verdict],
    version_ids: Sequence[int],
    *,
    negative: bool,
) -> GradedItem:
    return GradedItem(
        answered=AnsweredItem(
            content=contents[item.version_id],
            points=item.points,
            answer=item.answer,
            mark=mark_total(item.marking),
            ruling=rulings.get(item.version_id),
            negative=negative,
        ),
        earned=item.earned or Decimal(0),
        voided=item.voided,
        concerned=item.version_id in version_ids,
    )
