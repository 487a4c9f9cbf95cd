"""The preview of a regrade: computed, never written, and sealed so that applying can compare."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.db.models import Count, Max, Sum

from quizzes.attempts.models import Attempt, AttemptItem, Ruling
from quizzes.regrading.computing import Change, chunks
from quizzes.regrading.models import Regrade
from quizzes.regrading.plans import Plan
from quizzes.regrading.signals import NewPass, regrade_effects

BANDS = 10
PAGE = 50
_SALT = "quizzes.regrading.preview"


@dataclass(frozen=True)
class Seen:
    """What a preview saw: the plan and the results it was computed from, and what it counted."""

    digest: str
    changed: int
    gained: int
    lost: int

    def seal(self) -> str:
        """As a form carries it, so that nobody can alter it."""
        return signing.dumps([self.digest, self.changed, self.gained, self.lost], salt=_SALT)


def unseal(text: str) -> Seen | None:
    """What `Seen.seal` made, or None for anything else."""
    try:
        digest, changed, gained, lost = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return None
    return Seen(digest, changed, gained, lost)


@dataclass
class Preview:
    """What the plan would do. `rows` are the changes of one page, gained and lost passes first.

    `before` and `after` count the attempts by tenths of the percentage.
    """

    attempts: int = 0
    waiting: int = 0
    changed: int = 0
    risen: int = 0
    fallen: int = 0
    gained: int = 0
    lost: int = 0
    before: list[int] = field(default_factory=lambda: [0] * BANDS)
    after: list[int] = field(default_factory=lambda: [0] * BANDS)
    effects: Counter[str] = field(default_factory=Counter)
    rows: list[Change] = field(default_factory=list)
    listed: int = 0
    digest: str = ""

    @property
    def seen(self) -> Seen:
        """What applying compares."""
        return Seen(self.digest, self.changed, self.gained, self.lost)


def make_preview(plan: Plan, *, show: str = "changed", page: int = 1) -> Preview:
    """The preview, with one page of the changed attempts: all, or those «gained» or «lost».

    Reads every graded attempt that asked the question once, in chunks.
    """
    preview = Preview(digest=fingerprint(plan), waiting=_waiting(plan))
    for chunk in chunks(plan.version_ids, plan.verdict):
        changed = {change.attempt.pk: change for change in chunk.changes}
        preview.attempts += len(chunk.attempts)
        for attempt in chunk.attempts:
            change = changed.get(attempt.pk)
            preview.before[_band(attempt.percent)] += 1
            preview.after[_band(change.result.percent if change else attempt.percent)] += 1
        for change in chunk.changes:
            _count(preview, change)
            _list(preview, change, show, page)
        passes = [new_pass(change) for change in chunk.changes if change.gains]
        if passes:
            for _receiver, told in regrade_effects.send(sender=Regrade, passes=passes):
                preview.effects.update(told)
    return preview


def new_pass(change: Change) -> NewPass:
    """The attempt as `regrade_effects` tells it."""
    attempt = change.attempt
    return NewPass(attempt.pk, attempt.taker_id, attempt.quiz_id, attempt.origin)


def _count(preview: Preview, change: Change) -> None:
    preview.changed += 1
    preview.gained += change.gains
    preview.lost += change.loses
    preview.risen += change.result.percent > change.before.percent
    preview.fallen += change.result.percent < change.before.percent


def _list(preview: Preview, change: Change, show: str, page: int) -> None:
    if {"gained": change.gains, "lost": change.loses}.get(show, True):
        preview.listed += 1
        if (page - 1) * PAGE < preview.listed <= page * PAGE:
            preview.rows.append(change)


def _band(percent: Any) -> int:
    return min(int(percent) * BANDS // 100, BANDS - 1)


def _waiting(plan: Plan) -> int:
    """Attempts in progress or waiting for marks: the ruling grades them when their time comes."""
    return (
        Attempt.objects.exclude(state=Attempt.State.GRADED)
        .filter(
            pk__in=AttemptItem.objects.filter(version_id__in=plan.version_ids).values("attempt_id")
        )
        .count()
    )


def fingerprint(plan: Plan) -> str:
    """A digest of the plan and of all that its outcome depends on; three queries of any size.

    Handing in adds a graded attempt, and any other change of a result counts `gradings` up.
    """
    asked = AttemptItem.objects.filter(version_id__in=plan.version_ids, closed=True)
    results = Attempt.objects.filter(
        pk__in=asked.values("attempt_id"), state=Attempt.State.GRADED
    ).aggregate(Count("pk"), Sum("pk"), Sum("gradings"), Max("submitted_at"))
    rulings = Ruling.objects.filter(version_id__in=plan.version_ids, is_current=True)
    told = [
        plan.digest,
        sorted((name, str(value)) for name, value in results.items()),
        sorted(rulings.values_list("pk", flat=True)),
        Ruling.objects.aggregate(last=Max("pk"))["last"],
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()
