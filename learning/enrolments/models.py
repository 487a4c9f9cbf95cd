"""Enrolments, the assignments that made them, and the goals they serve."""

import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel

from learning.enrolments.widgets import CourseSelect
from learning.organisations.models import Unit


class Assignment(models.Model):
    """A course was given to a unit and all below it, to be completed by a day."""

    wagtail_reference_index_ignore = True

    course_key = models.UUIDField(_("course"))
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="assignments"
    )
    due_on = models.DateField(_("due date"), null=True, blank=True)
    required = models.BooleanField(_("required"), default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("assigned at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(fields=["course_key", "unit"], name="assignment_once")
        ]

    def __str__(self) -> str:
        return f"{self.course_key} → {self.unit_id}"


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Enrolments in domain words; the definitions are in `learning.statistics`."""

    def for_units(self, units: models.QuerySet[Unit]) -> Self:
        """Enrolments of the people who work in these units now."""
        return self.filter(unit__in=units.order_by().values("pk"))

    def overdue(self, *, on: datetime.date) -> Self:
        """Due before this day and not completed."""
        return self.filter(due_on__lt=on, completion__isnull=True)


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
    required = models.BooleanField(_("required"), default=False)
    due_on = models.DateField(_("due date"), null=True, blank=True)
    created_at = models.DateTimeField(_("enrolled at"), default=timezone.now, editable=False)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)

    objects: ClassVar[models.Manager["Enrolment"]] = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(fields=["user", "course_key"], name="enrolment_once")
        ]
        indexes = [
            # Covers the count per unit: the statistics read the index and not the table.
            models.Index(
                fields=["course_key", "unit", "due_on", "started_at"], name="enrolment_by_unit"
            ),
            models.Index(fields=["unit"], name="enrolment_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.course_key}"


class TrainingGoal(ClusterableModel):
    """A share of the staff shall have completed some courses by a day («Chỉ tiêu»)."""

    name = models.CharField(_("name"), max_length=250)
    decision = models.CharField(
        _("decision"),
        max_length=250,
        blank=True,
        help_text=_("The document that sets the goal: number, date, issuer."),
    )
    target_percent = models.PositiveSmallIntegerField(
        _("target in percent of staff"),
        default=80,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    due_on = models.DateField(_("to be reached by"))

    panels = [
        FieldPanel("name"),
        FieldPanel("decision"),
        FieldPanel("target_percent"),
        FieldPanel("due_on"),
        InlinePanel("courses", heading=_("Courses to complete"), min_num=1),
    ]

    class Meta:
        verbose_name = _("training goal")
        verbose_name_plural = _("training goals")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="goal_is_a_percentage",
                condition=models.Q(target_percent__gte=1, target_percent__lte=100),
            )
        ]

    def __str__(self) -> str:
        return self.name


class TrainingGoalCourse(models.Model):
    """One of the courses that count towards a goal."""

    goal = ParentalKey(TrainingGoal, on_delete=models.CASCADE, related_name="courses")
    course_key = models.UUIDField(_("course"))

    panels = [FieldPanel("course_key", widget=CourseSelect)]

    class Meta:
        verbose_name = _("course")
        constraints = [
            models.UniqueConstraint(fields=["goal", "course_key"], name="goal_course_once")
        ]

    def __str__(self) -> str:
        return str(self.course_key)
