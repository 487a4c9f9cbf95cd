"""The rules of sitting a quiz: when, how often, how it is shown, and what is told afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quizzes.bank.telling import tell_everything


class SittingRules(models.Model):
    """What holds for every sitting of a quiz. An attempt freezes what it is judged by."""

    class Mode(models.TextChoices):
        EXAM = "exam", _("Test: the result counts")
        PRACTICE = "practice", _("Practice: feedback after each question, nothing counts")

    class Counting(models.TextChoices):
        BEST = "best", pgettext_lazy("attempt that counts", "The best attempt")
        LAST = "last", pgettext_lazy("attempt that counts", "The last attempt")
        FIRST = "first", pgettext_lazy("attempt that counts", "The first attempt")
        MEAN = "mean", pgettext_lazy("attempt that counts", "The mean of all attempts")

    class Paging(models.TextChoices):
        QUESTION = "question", _("One question a page")
        WHOLE = "whole", _("All questions on one page")

    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, default=Mode.EXAM)
    pass_percent = models.PositiveSmallIntegerField(
        _("pass mark in percent"),
        default=70,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    counting = models.CharField(
        _("what counts"), max_length=5, choices=Counting.choices, default=Counting.BEST
    )
    shuffle_options = models.BooleanField(_("shuffle options"), default=True)
    shuffle_questions = models.BooleanField(_("shuffle questions"), default=False)
    paging = models.CharField(
        _("pages"), max_length=10, choices=Paging.choices, default=Paging.QUESTION
    )
    may_go_back = models.BooleanField(
        _("earlier questions may be changed"),
        default=True,
        help_text=_("Otherwise the questions come one after the other, each once."),
    )
    negative_marks = models.BooleanField(
        _("a question may cost points"),
        default=False,
        help_text=_(
            "Where a question takes points away for wrong choices, it may fall below zero. "
            "The whole attempt never does."
        ),
    )
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(
        _("closes"),
        null=True,
        blank=True,
        help_text=_("Open attempts are handed in at this time, whatever time they had left."),
    )
    time_limit_minutes = models.PositiveSmallIntegerField(
        _("time limit in minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Leave empty for no limit."),
    )
    grace_seconds = models.PositiveSmallIntegerField(
        _("grace in seconds"),
        default=30,
        validators=[MaxValueValidator(600)],
        help_text=_("Answers on their way when time is up are still taken this long."),
    )
    attempts_allowed = models.PositiveSmallIntegerField(
        _("attempts allowed"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Leave empty for as many as wished."),
    )
    cooldown_minutes = models.PositiveIntegerField(
        _("minutes to wait before trying again"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Leave empty for none."),
    )
    entry_code = models.CharField(
        _("entry code"),
        max_length=60,
        blank=True,
        help_text=_("Whoever starts must type it. Leave empty for none."),
    )
    honesty_note = models.TextField(
        _("honesty note"),
        blank=True,
        help_text=_("Shown before the start; whoever starts must agree to it."),
    )
    review_right_after = models.JSONField(
        _("told right after handing in"), default=tell_everything, blank=True
    )
    review_while_open = models.JSONField(
        _("told later, while the quiz is open"), default=tell_everything, blank=True
    )
    review_after_closing = models.JSONField(
        _("told after the quiz has closed"), default=tell_everything, blank=True
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pass_percent__lte=100), name="bank_%(class)s_pass_percent_range"
            ),
            models.CheckConstraint(
                condition=models.Q(time_limit_minutes__isnull=True)
                | models.Q(time_limit_minutes__gte=1),
                name="bank_%(class)s_time_limit_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(attempts_allowed__isnull=True)
                | models.Q(attempts_allowed__gte=1),
                name="bank_%(class)s_attempts_allowed_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(cooldown_minutes__isnull=True)
                | models.Q(cooldown_minutes__gte=1),
                name="bank_%(class)s_cooldown_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(opens_at__isnull=True)
                | models.Q(closes_at__isnull=True)
                | models.Q(closes_at__gt=models.F("opens_at")),
                name="bank_%(class)s_closes_after_opening",
            ),
            # What cannot be gone back to cannot stand on one page with what comes.
            models.CheckConstraint(
                condition=models.Q(may_go_back=True) | models.Q(paging="question"),
                name="bank_%(class)s_one_way_by_question",
            ),
        ]

    @property
    def is_practice(self) -> bool:
        """Whether nothing of it counts."""
        return self.mode == self.Mode.PRACTICE

    @property
    def asks_before_start(self) -> bool:
        """Whether there is something to read, type or agree to before an attempt starts."""
        return bool(
            self.entry_code
            or self.honesty_note
            or self.time_limit_minutes
            or self.closes_at
            or self.attempts_allowed
            or not self.may_go_back
        )

    def is_open_at(self, at: datetime) -> bool:
        """Whether attempts may be started at this time, as far as the quiz itself says."""
        return (self.opens_at is None or self.opens_at <= at) and (
            self.closes_at is None or at < self.closes_at
        )

    def clean(self) -> None:
        super().clean()
        faults: dict[str, Any] = {}
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            faults["closes_at"] = _now("The quiz closes before it opens.")
        if not self.may_go_back and self.paging == self.Paging.WHOLE:
            faults["may_go_back"] = _now(
                "With all questions on one page, earlier ones can always be changed."
            )
        known = set(tell_everything())
        for name in ("review_right_after", "review_while_open", "review_after_closing"):
            value = getattr(self, name)
            if not isinstance(value, list) or not set(value) <= known:
                faults[name] = _now("Choose among score, answers, key and explanation.")
        if faults:
            raise ValidationError(faults)
