"""Time and attempts beyond a quiz's rules: for one person, or for everybody after an outage."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

# More than a day of extra time is a mistyped number, not a need.
MOST_EXTRA_MINUTES = 1440
# An outage longer than this is no incident within an attempt but another date for the quiz.
LONGEST_OUTAGE = timedelta(days=7)


class Allowance(models.Model):
    """What one person may beyond the rules of one quiz: more time, more attempts, another closing.

    It holds for attempts started from now on; the deadline of an open attempt is moved too when
    the allowance is saved by `actions.allow`.
    """

    wagtail_reference_index_ignore = True

    taker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="quiz_allowances",
    )
    quiz = models.ForeignKey(
        "bank.Quiz", verbose_name=_("quiz"), on_delete=models.PROTECT, related_name="allowances"
    )
    extra_minutes = models.PositiveSmallIntegerField(
        _("extra minutes"), default=0, validators=[MaxValueValidator(MOST_EXTRA_MINUTES)]
    )
    extra_attempts = models.PositiveSmallIntegerField(
        _("extra attempts"), default=0, validators=[MaxValueValidator(100)]
    )
    closes_at = models.DateTimeField(
        _("closes for this person"),
        null=True,
        blank=True,
        help_text=_("Instead of the quiz's own closing. Leave empty to leave it."),
    )
    reason = models.CharField(_("reason"), max_length=300)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("given by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("allowance")
        verbose_name_plural = _("allowances")
        ordering = ["-updated_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["taker", "quiz"], name="attempts_allowance_once"),
            models.CheckConstraint(
                condition=Q(extra_minutes__lte=MOST_EXTRA_MINUTES),
                name="attempts_allowance_minutes_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.taker}: {self.quiz}"

    def clean(self) -> None:
        super().clean()
        if not (self.extra_minutes or self.extra_attempts or self.closes_at):
            raise ValidationError(gettext("Give minutes, attempts or another closing time."))


class Incident(models.Model):
    """A time in which the site could not be used. Declared once, never changed."""

    wagtail_reference_index_ignore = True

    began_at = models.DateTimeField(_("outage from"))
    ended_at = models.DateTimeField(_("outage to"))
    message = models.CharField(
        _("message to those concerned"),
        max_length=300,
        help_text=_("Stands on the page of every attempt that gets the time back."),
    )
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("declared by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    declared_at = models.DateTimeField(_("declared at"), auto_now_add=True)

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__gt=F("began_at")), name="attempts_incident_ends_after_begin"
            ),
            models.UniqueConstraint(fields=["began_at", "ended_at"], name="attempts_incident_once"),
        ]

    def __str__(self) -> str:
        return f"{self.began_at:%d/%m/%Y %H:%M} – {self.ended_at:%H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("an incident is declared once and never changed")
        super().save(*args, **kwargs)


class Extension(models.Model):
    """The time an incident gave back to one attempt, or a further attempt where it was over."""

    wagtail_reference_index_ignore = True

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="extensions")
    attempt = models.ForeignKey(
        "attempts.Attempt", on_delete=models.PROTECT, related_name="extensions"
    )
    seconds = models.PositiveIntegerField(_("seconds"), default=0)
    # The attempt had been handed in meanwhile: it stays so, and one more may be made.
    gives_attempt = models.BooleanField(_("gives one more attempt"), default=False)

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        constraints = [
            models.UniqueConstraint(fields=["incident", "attempt"], name="attempts_extension_once"),
            models.CheckConstraint(
                condition=Q(seconds__gt=0, gives_attempt=False) | Q(seconds=0, gives_attempt=True),
                name="attempts_extension_gives_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} +{self.seconds} s"

    @property
    def minutes(self) -> str:
        """The time in words: «12 minutes 30 seconds»."""
        minutes, seconds = divmod(self.seconds, 60)
        parts = [
            ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes} if minutes else "",
            ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds} if seconds else "",
        ]
        return " ".join(part for part in parts if part)
