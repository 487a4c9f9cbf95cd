"""Deciding and applying. The decision is one transaction; the results follow in chunks.

Between a preview and its decision somebody may hand in: then nothing is decided, and the editor is
shown what has changed. From the decision on, whatever is graded follows the new ruling by itself;
what was graded before is graded anew by the task, once, wherever it is interrupted.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from quizzes.attempts.actions import change_results, settle_attempt
from quizzes.attempts.grading import Verdict
from quizzes.attempts.models import Attempt, AttemptItem, Ruling
from quizzes.attempts.rulings import hold_rulings
from quizzes.attempts.signals import attempt_regraded
from quizzes.regrading.computing import Change, compute, next_takers
from quizzes.regrading.models import Regrade, RegradeChange
from quizzes.regrading.plans import Plan
from quizzes.regrading.preview import Seen, fingerprint
from quizzes.regrading.tasks import run_regrade

LOG_ACTION = "quizzes.regrade"


class RegradeError(Exception):
    """A refusal; `str(error)` is the sentence to show."""

    message: Any = _("This cannot be done now.")

    def __str__(self) -> str:
        return str(self.message)


class ChangedSinceError(RegradeError):
    """Results came or changed after the preview."""

    message = _("Results have changed since the preview. Look at the new one, then apply again.")


class AlreadyRunningError(RegradeError):
    """Another regrade has not finished."""

    message = _("Another regrade is still being applied. Wait for its end, then look again.")


def apply_regrade(*, plan: Plan, seen: Seen, by: Any) -> Regrade:
    """Decide the plan as its preview showed it; a task then changes the results.

    Raises `ValidationError` for a plan that cannot be, `ChangedSinceError` if the preview is not
    true any more, `AlreadyRunningError`.
    """
    plan.check()
    try:
        with transaction.atomic():
            hold_rulings()
            if Regrade.objects.filter(state=Regrade.State.RUNNING).exists():
                raise AlreadyRunningError
            if fingerprint(plan) != seen.digest:
                raise ChangedSinceError
            regrade = _decide(plan, seen, by)
            transaction.on_commit(lambda: run_regrade.enqueue(regrade.pk))
    except IntegrityError as error:
        # Two at once where no lock orders them: the constraint lets one through.
        raise AlreadyRunningError from error
    return Regrade.objects.get(pk=regrade.pk)


def _decide(plan: Plan, seen: Seen, by: Any) -> Regrade:
    now = timezone.now()
    Ruling.objects.filter(version_id__in=plan.version_ids, is_current=True).update(is_current=False)
    rulings = Ruling.objects.bulk_create(
        Ruling(
            version_id=version_id,
            effect=plan.effect,
            content=plan.content,
            favour=plan.favour,
            reason=plan.reason,
            made_at=now,
            made_by=by,
        )
        for version_id in plan.version_ids
    )
    regrade = Regrade.objects.create(
        question=plan.question,
        effect=plan.effect,
        favour=plan.favour,
        reason=plan.reason,
        made_at=now,
        made_by=by,
        expected_changed=seen.changed,
        expected_gained=seen.gained,
        expected_lost=seen.lost,
        digest=seen.digest,
    )
    regrade.rulings.set(rulings)
    log(
        instance=plan.question,
        action=LOG_ACTION,
        user=by,
        title=str(plan.question),
        data={
            "regrade": regrade.pk,
            "effect": plan.effect,
            "favour": plan.favour,
            "reason": plan.reason,
            "changed": seen.changed,
            "gained": seen.gained,
            "lost": seen.lost,
        },
    )
    return regrade


def continue_regrade(*, pk: int) -> bool:
    """Apply the next chunk of a regrade; False when there is none left, or none of that number.

    The regrade's row is locked, so two workers take turns; a chunk that fails is taken back whole.
    """
    with transaction.atomic():
        regrade = Regrade.objects.select_for_update().filter(pk=pk).first()
        if regrade is None or not regrade.is_running:
            return False
        rulings = list(regrade.rulings.all())
        version_ids = [ruling.version_id for ruling in rulings]
        verdict = Verdict(regrade.effect, regrade.favour, rulings[0].content)
        takers = next_takers(version_ids, after=regrade.cursor)
        if not takers:
            regrade.state, regrade.done_at = Regrade.State.DONE, timezone.now()
            regrade.save(update_fields=["state", "done_at"])
            return False
        chunk = compute(takers, version_ids, verdict, hold=True)
        _write(regrade, chunk.changes)
        _settle_waiting(takers, version_ids)
        regrade.cursor = takers[-1]
        regrade.changed += len(chunk.changes)
        regrade.gained += sum(change.gains for change in chunk.changes)
        regrade.lost += sum(change.loses for change in chunk.changes)
        regrade.save(update_fields=["cursor", "changed", "gained", "lost"])
        return True


def _write(regrade: Regrade, changes: Any) -> None:
    RegradeChange.objects.bulk_create([_row(regrade, change) for change in changes], batch_size=500)
    change_results([(change.attempt, change.items, change.result) for change in changes])
    for change in changes:
        attempt_regraded.send(sender=Attempt, attempt=change.attempt, before=change.before)


def _row(regrade: Regrade, change: Change) -> RegradeChange:
    before, after = change.before, change.after
    return RegradeChange(
        regrade=regrade,
        attempt=change.attempt,
        points_before=before.points,
        points_after=after.points,
        max_points_before=before.max_points,
        max_points_after=after.max_points,
        percent_before=before.percent,
        percent_after=after.percent,
        passed_before=before.passed,
        passed_after=after.passed,
        changed_at=timezone.now(),
    )


def _settle_waiting(takers: Any, version_ids: Any) -> None:
    """A ruling may be all that a waiting attempt still lacked: a void essay needs no mark."""
    waiting = Attempt.objects.filter(
        state=Attempt.State.SUBMITTED,
        taker_id__in=takers,
        pk__in=AttemptItem.objects.filter(version_id__in=version_ids, earned__isnull=True).values(
            "attempt_id"
        ),
    )
    for attempt in waiting.order_by("pk"):
        settle_attempt(attempt=attempt)
