"""The history of regrades. Rows are added and never changed, but for a regrade's own progress."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quizzes.attempts.models import Ruling
from quizzes.attempts.regraded import Figures


class Regrade(models.Model):
    """One regrade of a question: what was decided, what was expected of it, what it has done.

    Its rulings are made with it, in one transaction; the results follow in chunks, each chunk in a
    transaction, `cursor` saying how far it is. One regrade runs at a time.
    """

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        RUNNING = "running", _("Being applied")
        DONE = "done", _("Applied")

    question = models.ForeignKey(
        "bank.Question",
        verbose_name=_("question"),
        on_delete=models.PROTECT,
        related_name="regrades",
    )
    rulings = models.ManyToManyField(Ruling, related_name="regrades")
    effect = models.CharField(_("ruling"), max_length=20, choices=Ruling.Effect.choices)
    favour = models.BooleanField(_("only in favour of the person"))
    reason = models.TextField(_("reason"))
    made_at = models.DateTimeField(_("decided at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    state = models.CharField(
        _("state"), max_length=20, choices=State.choices, default=State.RUNNING
    )
    done_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    # The last taker whose attempts were looked at.
    cursor = models.BigIntegerField(default=0)
    # What the preview said would change, and what it saw.
    expected_changed = models.PositiveIntegerField(_("changes expected"))
    expected_gained = models.PositiveIntegerField(_("passes expected to be gained"))
    expected_lost = models.PositiveIntegerField(_("passes expected to be lost"))
    digest = models.CharField(max_length=64)
    # What has changed so far.
    changed = models.PositiveIntegerField(_("changed"), default=0)
    gained = models.PositiveIntegerField(_("passes gained"), default=0)
    lost = models.PositiveIntegerField(_("passes lost"), default=0)

    class Meta:
        verbose_name = _("regrade")
        verbose_name_plural = _("regrades")
        ordering = ["-made_at", "-pk"]
        permissions = [("apply_regrade", _("Can regrade questions"))]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="running"), name="regrading_one_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="regrading_has_reason"),
            models.CheckConstraint(
                condition=Q(state="running", done_at__isnull=True)
                | Q(state="done", done_at__isnull=False),
                name="regrading_done_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_effect_display()}: {self.question}"

    @property
    def is_running(self) -> bool:
        """Whether some results are still to follow."""
        return self.state == self.State.RUNNING


class RegradeChange(models.Model):
    """What a regrade did to one attempt's result."""

    wagtail_reference_index_ignore = True

    regrade = models.ForeignKey(Regrade, on_delete=models.PROTECT, related_name="changes")
    attempt = models.ForeignKey(
        "attempts.Attempt", on_delete=models.CASCADE, related_name="regrade_changes"
    )
    points_before = models.DecimalField(max_digits=11, decimal_places=4)
    points_after = models.DecimalField(max_digits=11, decimal_places=4)
    max_points_before = models.DecimalField(max_digits=11, decimal_places=4)
    max_points_after = models.DecimalField(max_digits=11, decimal_places=4)
    percent_before = models.DecimalField(max_digits=5, decimal_places=2)
    percent_after = models.DecimalField(max_digits=5, decimal_places=2)
    passed_before = models.BooleanField()
    passed_after = models.BooleanField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("changed result")
        verbose_name_plural = _("changed results")
        ordering = ["regrade", "attempt"]
        constraints = [
            models.UniqueConstraint(
                fields=["regrade", "attempt"], name="regrading_changes_an_attempt_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.percent_before} → {self.percent_after}"

    @property
    def before(self) -> Figures:
        """The figures the result had."""
        return Figures(
            self.points_before, self.max_points_before, self.percent_before, self.passed_before
        )

    @property
    def after(self) -> Figures:
        """The figures it got."""
        return Figures(
            self.points_after, self.max_points_after, self.percent_after, self.passed_after
        )
