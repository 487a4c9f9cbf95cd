"""A person studies a course: the row every fact of her learning hangs on."""

import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learning.enrolments.models.assignments import Assignment
from learning.organisations.models import Unit


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Enrolments in domain words; the definitions are in `learning.statistics`."""

    def for_units(self, units: models.QuerySet[Unit]) -> Self:
        """Enrolments of the people who work in these units now."""
        return self.filter(unit__in=units.order_by().values("pk"))

    def current(self) -> Self:
        """Each person's present round of a course; the rounds before it are history."""
        return self.filter(is_current=True)

    def counted(self) -> Self:
        """Those that figures are made of: present rounds that were not withdrawn."""
        return self.filter(is_current=True, withdrawn_on__isnull=True)

    def unfinished(self) -> Self:
        """Neither completed nor exempt."""
        return self.filter(completion__isnull=True, exempt_on__isnull=True)

    def overdue(self, *, on: datetime.date) -> Self:
        """Due before this day, neither completed nor exempt."""
        return self.unfinished().filter(due_on__lt=on)


class Enrolment(models.Model):
    """A person studies a course. `unit` is where she works now and moves with her.

    What must not move (the unit at the time) is pinned in her completion and certificate.
    """

    wagtail_reference_index_ignore = True

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="enrolments",
    )
    course_key = models.UUIDField(_("course"))
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enrolments",
        db_index=False,
    )
    assignment = models.ForeignKey(
        Assignment,
        verbose_name=_("assignment"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enrolments",
    )
    # A course assigned every year is studied anew each time: a row a round, the last one current.
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    # Which of the assignment's windows it answers to.
    window = models.PositiveSmallIntegerField(_("window"), default=1)
    is_current = models.BooleanField(_("present round"), default=True)
    required = models.BooleanField(_("required"), default=False)
    due_on = models.DateField(_("due date"), null=True, blank=True)
    # The due date as it was assigned, where it was extended for this person.
    first_due_on = models.DateField(_("due date before extension"), null=True, blank=True)
    exempt_on = models.DateField(_("exempt since"), null=True, blank=True)
    exempt_reason = models.CharField(_("reason of exemption"), max_length=250, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    created_at = models.DateTimeField(_("enrolled at"), default=timezone.now, editable=False)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)

    objects: ClassVar[models.Manager["Enrolment"]] = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "course_key"],
                condition=Q(is_current=True),
                name="enrolment_one_present_round",
            ),
            models.UniqueConstraint(
                fields=["user", "course_key", "round"], name="enrolment_once_a_round"
            ),
            models.CheckConstraint(
                name="enrolment_is_exempt_for_a_reason",
                condition=Q(exempt_on__isnull=True) | ~Q(exempt_reason=""),
                violation_error_message=_("An exemption needs its reason."),
            ),
            models.CheckConstraint(
                name="enrolment_is_extended_and_never_shortened",
                condition=Q(first_due_on__isnull=True) | Q(due_on__gte=F("first_due_on")),
                violation_error_message=_("The new due date lies before the old one."),
            ),
        ]
        indexes = [
            # Covers the count per unit, and whom a list of its people is of: the statistics read
            # the index and not the table.
            models.Index(
                fields=["course_key", "unit", "due_on", "started_at", "exempt_on", "user", "id"],
                condition=Q(is_current=True, withdrawn_on__isnull=True),
                name="enrolment_by_unit",
            ),
            models.Index(fields=["unit"], name="enrolment_unit"),
            # What becomes due is looked for every day; lists of the overdue are read in its order.
            models.Index(
                fields=["due_on", "id"],
                condition=Q(is_current=True, withdrawn_on__isnull=True, exempt_on__isnull=True),
                name="enrolment_by_due_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.course_key}"

    @property
    def counts_from(self) -> datetime.datetime | None:
        """From when on attempts count in this round; None (any time) in the first."""
        return self.created_at if self.round > 1 else None
