"""Completion rows: written once, never changed. Percentages elsewhere are computed from these."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class LessonRead(models.Model):
    """A learner said that she has studied a lesson («Đã học xong»)."""

    wagtail_reference_index_ignore = True

    enrolment = models.ForeignKey(
        "enrolments.Enrolment", on_delete=models.PROTECT, related_name="lessons_read"
    )
    lesson_key = models.UUIDField(_("lesson"))
    revision = models.BigIntegerField(_("page revision read"), null=True)
    read_at = models.DateTimeField(_("read at"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson_key"], name="lesson_read_once")
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.lesson_key}"


class ModuleCompletion(models.Model):
    """All lessons of a module read and its quiz, if it had one, passed."""

    wagtail_reference_index_ignore = True

    enrolment = models.ForeignKey(
        "enrolments.Enrolment", on_delete=models.PROTECT, related_name="modules_completed"
    )
    module_key = models.UUIDField(_("module"))
    attempt = models.ForeignKey(
        "attempts.Attempt", on_delete=models.PROTECT, null=True, related_name="+"
    )
    percent = models.DecimalField(_("score in percent"), max_digits=5, decimal_places=2, null=True)
    completed_at = models.DateTimeField(_("completed at"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "module_key"], name="module_completed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.module_key}"


class CourseCompletion(models.Model):
    """A course completed; what was true at that moment is pinned here.

    `percent` is the mean of the passed quizzes' scores, each module counting the same.
    """

    wagtail_reference_index_ignore = True

    enrolment = models.OneToOneField(
        "enrolments.Enrolment", on_delete=models.PROTECT, related_name="completion"
    )
    course_revision = models.BigIntegerField(_("course revision"), null=True)
    unit = models.ForeignKey(
        "organisations.Unit",
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    unit_name = models.CharField(_("unit's name then"), max_length=250, blank=True)
    hours = models.DecimalField(_("study hours"), max_digits=5, decimal_places=1)
    percent: models.DecimalField[Decimal | None, Decimal | None] = models.DecimalField(
        _("score in percent"), max_digits=5, decimal_places=2, null=True
    )
    completed_at = models.DateTimeField(_("completed at"), db_index=True)

    class Meta:
        verbose_name = _("course completion")

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.completed_at:%d/%m/%Y}"
