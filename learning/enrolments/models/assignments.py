"""Who shall study what, by when, and how often."""

import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learning.organisations.models import Unit

# Days before (negative) and after the due date on which people are reminded, unless told otherwise.
REMINDERS = (-7, -1, 1, 7, 14)
MOST_DAYS = 730
MOST_MONTHS = 60


def default_reminders() -> list[int]:
    """The usual plan of reminders."""
    return list(REMINDERS)


class Audience(models.TextChoices):
    """Whom of a unit and all below it an assignment means."""

    EVERYONE = "everyone", _("Everyone")
    KINDS = "kinds", _("Units of some kinds")
    POSITIONS = "positions", _("Some positions")
    LIST = "list", _("A list of people")


class Repeats(models.TextChoices):
    """How often an assignment is to be fulfilled."""

    NEVER = "never", _("Once")
    YEARLY = "yearly", _("Every year, in the same window")
    AFTER = "after", _("Some months after each completion")


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments in domain words."""

    def in_force(self) -> Self:
        """Those that have not been ended."""
        return self.filter(ended_on__isnull=True)

    def reaching(self, unit: Unit) -> Self:
        """Assignments to this unit or to one above it, the nearest first."""
        ends = range(Unit.steplen, len(unit.path) + 1, Unit.steplen)
        return self.filter(unit__path__in=[unit.path[:end] for end in ends]).order_by(
            "-unit__path", "pk"
        )


class Assignment(models.Model):
    """A course was given to people of a unit and all below it, to be completed by a day.

    Who comes later is enrolled on arrival. Dates are of the first round; the others are computed
    from them (`learning.enrolments.assigning.rounds`).
    """

    wagtail_reference_index_ignore = True

    course_key = models.UUIDField(_("course"))
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="assignments"
    )
    audience = models.CharField(
        _("for whom"), max_length=10, choices=Audience.choices, default=Audience.EVERYONE
    )
    # Values of UnitKind.
    kinds = models.JSONField(_("kinds of units"), default=list, blank=True)
    # As they were typed; compared without marks and case, as a part of the position.
    positions = models.JSONField(_("positions"), default=list, blank=True)
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("people"), blank=True, related_name="+"
    )
    required = models.BooleanField(_("required"), default=True)
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    due_on = models.DateField(_("due date"), null=True, blank=True)
    due_days = models.PositiveSmallIntegerField(
        _("days to complete"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
        help_text=_("For people who come later, counted from the day they come."),
    )
    reminder_plan = models.JSONField(_("reminders"), default=default_reminders, blank=True)
    repeats = models.CharField(
        _("repeats"), max_length=10, choices=Repeats.choices, default=Repeats.NEVER
    )
    repeat_months = models.PositiveSmallIntegerField(
        _("months after completion"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)],
    )
    repeat_until = models.DateField(_("last day on which a round may begin"), null=True, blank=True)
    counts_since = models.DateField(
        _("a completion counts since"),
        null=True,
        blank=True,
        help_text=_("Who completed the course before this day studies it again. Empty: all count."),
    )
    # Keys of courses whose completion (since `counts_since`) exempts from this one.
    equivalents = models.JSONField(_("courses that count instead"), default=list, blank=True)
    goal = models.ForeignKey(
        "enrolments.TrainingGoal",
        verbose_name=_("training goal"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="assignments",
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("assigned at"), default=timezone.now, editable=False)

    objects: ClassVar[models.Manager["Assignment"]] = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(
                fields=["course_key", "unit"],
                condition=Q(audience="everyone", ended_on__isnull=True),
                name="assignment_to_everyone_once",
            ),
            models.CheckConstraint(
                name="assignment_is_due_after_it_opens",
                condition=Q(opens_on__isnull=True)
                | Q(due_on__isnull=True)
                | Q(due_on__gte=F("opens_on")),
                violation_error_message=_("The due date lies before the opening."),
            ),
            models.CheckConstraint(
                name="assignment_repeats_by_its_rule",
                condition=(
                    Q(repeats="never")
                    | Q(repeats="yearly", opens_on__isnull=False, due_on__isnull=False)
                    | Q(repeats="after", repeat_months__isnull=False)
                ),
                violation_error_message=_(
                    "A yearly assignment needs its opening and due date, one after completion its"
                    " months."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_key} → {self.unit_id}"

    def is_open(self, *, on: datetime.date) -> bool:
        """Whether its first round has begun by this day and it has not been ended."""
        return self.ended_on is None and (self.opens_on is None or self.opens_on <= on)
