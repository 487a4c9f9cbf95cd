"""Marks, and who is giving them."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# After so long somebody else may take the answer over.
CLAIM_LASTS = timedelta(minutes=30)


class MarkingSettings(models.Model):
    """How the answers of a quiz are marked."""

    quiz = models.OneToOneField(
        "bank.Quiz",
        verbose_name=_("quiz"),
        on_delete=models.CASCADE,
        related_name="marking_settings",
    )
    blind_marking = models.BooleanField(
        _("blind marking"),
        default=True,
        help_text=_("Whoever marks does not see whose answer it is."),
    )

    class Meta:
        verbose_name = _("marking of a quiz")
        verbose_name_plural = _("marking of quizzes")

    def __str__(self) -> str:
        return str(self.quiz)


class Mark(models.Model):
    """What one person gave for one answer. Never changed: marking again adds another."""

    wagtail_reference_index_ignore = True

    item = models.ForeignKey("attempts.AttemptItem", on_delete=models.CASCADE, related_name="marks")
    # 1, 2, … for each answer; the last one counts.
    number = models.PositiveSmallIntegerField()
    # Points by criterion, as decimals in text: {"a": "1.5"}.
    points = models.JSONField()
    total = models.DecimalField(max_digits=6, decimal_places=1)
    comment = models.TextField(blank=True)
    marker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("marked by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    marked_at = models.DateTimeField(_("marked at"))
    # The form it came with: sent twice, it counts once.
    form_id = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        ordering = ["item", "number"]
        permissions = [("mark_answers", _("Can mark answers"))]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="marking_number_once"),
            models.CheckConstraint(condition=Q(total__gte=0), name="marking_total_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} #{self.number}: {self.total}"


class Claim(models.Model):
    """An answer on a marker's desk, so that no two mark the same."""

    wagtail_reference_index_ignore = True

    item = models.OneToOneField(
        "attempts.AttemptItem", on_delete=models.CASCADE, related_name="claim"
    )
    marker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    taken_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.item_id}: {self.marker_id}"

    @property
    def has_lapsed(self) -> bool:
        """Whether somebody else may take the answer over."""
        return self.taken_at < timezone.now() - CLAIM_LASTS
