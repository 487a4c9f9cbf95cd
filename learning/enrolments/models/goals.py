"""A share of the staff shall have completed some courses by a day («Chỉ tiêu»)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel

from learning.enrolments.widgets import CourseSelect, UnitsSelect
from learning.organisations.models import Unit


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
    units = ParentalManyToManyField(
        Unit,
        verbose_name=_("units"),
        blank=True,
        related_name="training_goals",
        help_text=_("With all below them. None chosen: every unit."),
    )
    on_campaign = models.BooleanField(
        _("show the city's progress on the campaign page"), default=False
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("decision"),
        FieldPanel("target_percent"),
        FieldPanel("due_on"),
        InlinePanel("milestones", heading=_("Milestones")),
        InlinePanel("courses", heading=_("Courses to complete"), min_num=1),
        FieldPanel("units", widget=UnitsSelect),
        FieldPanel("on_campaign"),
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


class Milestone(models.Model):
    """A part of a goal's target, to be reached on the way."""

    goal = ParentalKey(TrainingGoal, on_delete=models.CASCADE, related_name="milestones")
    due_on = models.DateField(_("to be reached by"))
    percent = models.PositiveSmallIntegerField(
        _("percent of staff"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    panels = [FieldPanel("due_on"), FieldPanel("percent")]

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["due_on", "percent"]
        constraints = [
            models.UniqueConstraint(fields=["goal", "due_on"], name="milestone_once_a_day"),
            models.CheckConstraint(
                name="milestone_is_a_percentage",
                condition=models.Q(percent__gte=1, percent__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent} % · {self.due_on:%d/%m/%Y}"
