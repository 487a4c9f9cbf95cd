"""Sittings of a quiz: what was asked, what was answered, what it was worth.

An attempt freezes everything it is judged by: the question versions, the order of the
options, the points and the pass mark. Later edits of the quiz or its questions do not
reach it.

The state machine, enforced by the database (check constraints, and the triggers of migration
0005):

    in progress ──→ submitted («handed in, waiting for marks») ──→ graded ──→ graded
         └──────────────────────────────────────────────────────────↑   (by a regrade only)

- *In progress*: no receipt, no result.
- *Submitted*, only where something answered needs a person: receipt, no result.
- *Graded*: receipt and result. Each further grading counts `gradings` up by one; without that,
  points, percentage and pass cannot change.
- Never back; receipt and time of handing in are written once.
- Handing in closes the items: answers can no longer change, and neither items nor attempts be
  deleted, unless an `Erasure` says why.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_HANDED_IN = ("submitted_at", "receipt")
_RESULT = ("points", "max_points", "percent", "passed")


def _columns(state: str, *, handed_in: bool, graded: bool) -> Q:
    """Which columns are filled in a state."""
    filled = {f"{name}__isnull": not handed_in for name in _HANDED_IN}
    filled |= {f"{name}__isnull": not graded for name in _RESULT}
    count = {"gradings__gte": 1} if graded else {"gradings": 0}
    return Q(state=state, **filled, **count)


class Attempt(models.Model):
    """One person sitting one quiz once."""

    # Wagtail would otherwise queue a «where is this used» job for every row saved.
    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        IN_PROGRESS = "in_progress", pgettext_lazy("attempt", "In progress")
        SUBMITTED = "submitted", _("Handed in, waiting for marks")
        GRADED = "graded", _("Graded")

    taker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("taker"),
        on_delete=models.PROTECT,
        related_name="attempts",
    )
    quiz = models.ForeignKey(
        "bank.Quiz", verbose_name=_("quiz"), on_delete=models.PROTECT, related_name="attempts"
    )
    number = models.PositiveIntegerField(_("number"))
    # Both belong to whoever started the attempt; stored here and never interpreted.
    origin = models.CharField(max_length=200, blank=True)
    return_to = models.CharField(max_length=500, blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=State.choices, default=State.IN_PROGRESS
    )
    started_at = models.DateTimeField(_("started at"))
    deadline = models.DateTimeField(_("deadline"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    # Frozen at the start: answers on their way are taken this long after the deadline.
    grace_seconds = models.PositiveSmallIntegerField(default=0)
    # One after the other, never back: `reached` is the question she stands at.
    one_way = models.BooleanField(default=False)
    reached = models.PositiveSmallIntegerField(default=1)
    # Feedback after each question, and nothing of it counts.
    practice = models.BooleanField(_("practice"), default=False)
    negative_marks = models.BooleanField(default=False)
    # The honesty note she agreed to, word for word.
    pledge = models.TextField(_("honesty note"), blank=True)
    pass_percent = models.PositiveSmallIntegerField(_("pass mark in percent"))
    # Allowed attempts when this one was started, for «1 of 3» on the result.
    attempts_allowed = models.PositiveSmallIntegerField(null=True, blank=True)
    points = models.DecimalField(max_digits=11, decimal_places=4, null=True, blank=True)
    max_points = models.DecimalField(max_digits=11, decimal_places=4, null=True, blank=True)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    passed = models.BooleanField(_("passed"), null=True, blank=True)
    receipt = models.CharField(_("receipt"), max_length=20, unique=True, null=True, blank=True)
    # How often it has been graded: 1, and more after regrades. A result changes only with it.
    gradings = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["taker", "quiz", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["taker", "quiz", "number"], name="attempts_attempt_number_once"
            ),
            models.UniqueConstraint(
                fields=["taker", "quiz"],
                condition=Q(state="in_progress"),
                name="attempts_one_open_per_quiz",
            ),
            models.CheckConstraint(
                condition=_columns("in_progress", handed_in=False, graded=False)
                | _columns("submitted", handed_in=True, graded=False)
                | _columns("graded", handed_in=True, graded=True),
                name="attempts_state_has_its_columns",
            ),
            models.CheckConstraint(
                condition=Q(points__isnull=True)
                | Q(points__gte=0, points__lte=F("max_points"), max_points__gt=0),
                name="attempts_points_range",
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__gte=0, percent__lte=100),
                name="attempts_percent_range",
            ),
            models.CheckConstraint(
                condition=Q(pass_percent__lte=100), name="attempts_pass_percent_range"
            ),
        ]
        indexes = [
            models.Index(
                fields=["submitted_at"],
                condition=Q(state="submitted"),
                name="attempts_waiting_oldest",
            )
        ]

    def __str__(self) -> str:
        return f"{self.taker_id}/{self.quiz_id}#{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be handed in (its time may be over all the same)."""
        return self.state == self.State.IN_PROGRESS

    @property
    def last_moment(self) -> datetime | None:
        """The deadline with its grace: no answer is taken after it."""
        return self.deadline and self.deadline + timedelta(seconds=self.grace_seconds)

    @property
    def is_waiting(self) -> bool:
        """Whether it was handed in and still waits for a person's marks."""
        return self.state == self.State.SUBMITTED

    def is_late(self, *, at: datetime) -> bool:
        """Whether the deadline has passed at the time `at`."""
        return self.deadline is not None and at > self.deadline

    def is_over(self, *, at: datetime) -> bool:
        """Whether the grace has passed too: it is handed in as it is."""
        return self.last_moment is not None and at > self.last_moment


class AttemptItem(models.Model):
    """One question of an attempt: as it was drawn, and what was answered.

    The answer lies in the question's own row: saving one, the busiest thing of all, is one
    update, and no reading of an attempt has two tables to join.
    """

    # Wagtail would otherwise queue a «where is this used» job for every row saved.
    wagtail_reference_index_ignore = True

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("position"))
    version = models.ForeignKey("bank.QuestionVersion", on_delete=models.PROTECT, related_name="+")
    # The same as the version's kind, so that saving an answer need not read the version.
    kind = models.CharField(_("kind"), max_length=20)
    points = models.PositiveSmallIntegerField(_("points"), default=1)
    # The keys of the options in the order this person saw them.
    option_order = models.JSONField(default=list)
    # The last acknowledged save: empty for «no answer», `saved_at` null for «never answered».
    answer = models.JSONField(_("answer"), default=list, blank=True)
    saved_at = models.DateTimeField(_("saved at"), null=True, blank=True)
    # Which browser tab sent it, and its running number there: an older save that arrives
    # late (an outbox sent again) never overwrites a newer one of the same tab.
    client = models.CharField(max_length=64, blank=True)
    sequence = models.BigIntegerField(default=0)
    # Practice: when the answer was judged before her eyes; it cannot be changed after that.
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    # Set by handing in, with the marks; a trigger sets it too. The answer then stays as it is.
    closed = models.BooleanField(default=False)
    # Null until graded: for an answer that a person marks, until she has.
    earned = models.DecimalField(max_digits=11, decimal_places=4, null=True, blank=True)
    # A ruling took it out of points and maximum.
    voided = models.BooleanField(default=False)
    # What a person gave: {"points": {criterion: "1.5"}, "comment": text}; whoever marked keeps
    # the history.
    marking = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = _("question of an attempt")
        verbose_name_plural = _("questions of an attempt")
        ordering = ["attempt", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "position"], name="attempts_item_position_once"
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1), name="attempts_item_position_from_one"
            ),
            models.CheckConstraint(
                condition=Q(earned__isnull=True)
                | Q(earned__gte=-F("points"), earned__lte=F("points")),
                name="attempts_item_earned_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}:{self.position}"


class Ruling(models.Model):
    """How a question version is graded from a time on, otherwise than by its own key.

    Of each version one ruling is current; it counts for every attempt graded after it, and for
    earlier ones through a regrade. A ruling is never changed or deleted: another one replaces it,
    which may be to grade by the original key again.
    """

    wagtail_reference_index_ignore = True

    class Effect(models.TextChoices):
        KEY = "key", _("Correct the key")
        VOID = "void", _("Void the question")
        CREDIT = "credit", _("Full credit to everyone")
        ORIGINAL = "original", _("Back to the original key")

    version = models.ForeignKey(
        "bank.QuestionVersion",
        verbose_name=_("question version"),
        on_delete=models.PROTECT,
        related_name="rulings",
    )
    effect = models.CharField(_("ruling"), max_length=20, choices=Effect.choices)
    # The question with the corrected key, as a version's content.
    content = models.JSONField(null=True, blank=True)
    favour = models.BooleanField(_("only in favour of the person"), default=True)
    reason = models.TextField(_("reason"))
    is_current = models.BooleanField(default=True)
    made_at = models.DateTimeField(_("decided at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("ruling on a question")
        verbose_name_plural = _("rulings on questions")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(is_current=True),
                name="attempts_one_current_ruling",
            ),
            models.CheckConstraint(
                condition=Q(effect="key", content__isnull=False)
                | (~Q(effect="key") & Q(content__isnull=True)),
                name="attempts_ruling_key_has_content",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="attempts_ruling_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_effect_display()}: {self.version_id}"


class Erasure(models.Model):
    """The one door to deleting what was handed in: why, when, and which attempt.

    Written by `actions.erase_attempts`; the triggers let an attempt go that is named here.
    """

    wagtail_reference_index_ignore = True

    # Not a relation: the row outlives the attempt.
    attempt_id = models.BigIntegerField(primary_key=True)
    reason = models.TextField()
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.reason}"
