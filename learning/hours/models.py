"""What is obliged, how courses count, and courses that people took elsewhere."""

import uuid
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib import admin
from django.core.files.storage import storages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from learning.enrolments.widgets import CourseSelect
from learning.organisations.models import Unit, UnitKind
from learning.vietnamese import nfc

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_HOURS = Decimal("9999.9")


def private_storage():  # type: ignore[no-untyped-def]
    """Where evidence is kept: not under any address of the site."""
    return storages["private"]


class Obligation(models.Model):
    """Hours that people have to reach in a year. Which one fits whom: see the package."""

    year = models.PositiveSmallIntegerField(
        _("year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
        help_text=_("Empty: every year."),
    )
    unit_kind = models.CharField(
        _("kind of unit"),
        max_length=20,
        choices=UnitKind.choices,
        blank=True,
        help_text=_("With all units below one of this kind. Empty: every unit."),
    )
    position = models.CharField(
        _("position held"),
        max_length=120,
        blank=True,
        help_text=_("Written out as in the staff list. Empty: every position."),
    )
    hours = models.DecimalField(
        _("hours a year"),
        max_digits=5,
        decimal_places=1,
        validators=[MinValueValidator(0)],
        help_text=_("0: nothing is obliged of them."),
    )
    basis = models.CharField(
        _("basis"),
        max_length=250,
        blank=True,
        help_text=_("The document that sets it: number, date, issuer. People read it."),
    )

    panels = [
        FieldPanel("hours"),
        FieldPanel("basis"),
        MultiFieldPanel(
            [FieldPanel("year"), FieldPanel("unit_kind"), FieldPanel("position")],
            heading=_("Whom it obliges"),
        ),
    ]

    class Meta:
        verbose_name = _("obligation of training hours")
        verbose_name_plural = _("obligations of training hours")
        ordering = ["-year", "unit_kind", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "unit_kind", "position"],
                name="obligation_once",
                violation_error_message=_("There is an obligation for the same people already."),
            ),
            # A year that is NULL is unlike any other to the constraint above.
            models.UniqueConstraint(
                fields=["unit_kind", "position"],
                condition=Q(year__isnull=True),
                name="obligation_of_all_years_once",
                violation_error_message=_("There is an obligation for the same people already."),
            ),
            models.CheckConstraint(
                condition=Q(hours__gte=0), name="obligation_is_not_below_nothing"
            ),
        ]

    def __str__(self) -> str:
        whom = (self.position, self.get_unit_kind_display(), str(self.year or ""))
        return " · ".join(filter(None, (f"{self.hours:f}", *whom)))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.clean()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.position = nfc(self.position)


class CountingRule(models.Model):
    """How completions of one course count, where it is otherwise than once a year."""

    course_key = models.UUIDField(_("course"), unique=True)
    every_completion = models.BooleanField(
        _("count every completion of a year"),
        default=True,
        help_text=_("Without a rule a course counts once a year, the first time."),
    )

    panels = [FieldPanel("course_key", widget=CourseSelect), FieldPanel("every_completion")]

    class Meta:
        verbose_name = _("counting of a course's hours")
        verbose_name_plural = _("counting of courses' hours")

    def __str__(self) -> str:
        return self.course_title()

    @admin.display(description=_("Course"))
    def course_title(self) -> str:
        """What the course is called; its key where it is not live."""
        # Imported here: models of courses may not be loaded yet.
        from learning.courses.queries import course_choices

        return dict(course_choices()).get(self.course_key, str(self.course_key))


class OutsideQuerySet(models.QuerySet["OutsideCourse"]):
    """Courses taken elsewhere, in domain words."""

    def approved(self) -> Self:
        """Those whose hours count."""
        return self.filter(state=OutsideCourse.State.APPROVED)

    def waiting(self) -> Self:
        """Those that somebody has to decide."""
        return self.filter(state=OutsideCourse.State.WAITING)

    def of_year(self, year: int) -> Self:
        """Those that ended in the year."""
        return self.filter(to_day__year=year)


class OutsideCourse(models.Model):
    """A course somebody took elsewhere: entered by herself, judged by her HR officer.

    `hours` are those she claims, `approved_hours` those that count. Unit and unit name are frozen
    when it is approved first. `version` grows with each change, so that nobody decides about what
    she has not seen.
    """

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        WAITING = "waiting", _("Waiting for approval")
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Returned")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="outside_courses",
    )
    title = models.CharField(_("course"), max_length=250, blank=True)
    provider = models.CharField(_("provider"), max_length=250, blank=True)
    from_day = models.DateField(_("from"), null=True, blank=True)
    to_day = models.DateField(_("to"), null=True, blank=True)
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=1, null=True, blank=True)
    evidence = models.FileField(storage=private_storage, max_length=200, blank=True)
    evidence_name = models.CharField(_("file"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("entered at"), default=timezone.now)
    handed_in_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    approved_hours = models.DecimalField(
        _("approved hours"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    unit_name = models.CharField(_("unit's name then"), max_length=250, blank=True)

    objects: ClassVar[models.Manager["OutsideCourse"]] = OutsideQuerySet.as_manager()

    class Meta:
        verbose_name = _("outside course")
        verbose_name_plural = _("outside courses")
        ordering = ["-to_day", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="outside_ends_after_it_begins",
                condition=Q(from_day__isnull=True)
                | Q(to_day__isnull=True)
                | Q(to_day__gte=F("from_day")),
            ),
            models.CheckConstraint(
                name="outside_hours_are_some",
                condition=(Q(hours__isnull=True) | Q(hours__gt=0))
                & (Q(approved_hours__isnull=True) | Q(approved_hours__gt=0)),
            ),
            models.CheckConstraint(
                name="outside_judged_is_complete",
                condition=Q(state="draft")
                | Q(from_day__isnull=False, to_day__isnull=False, hours__isnull=False),
            ),
            models.CheckConstraint(
                name="outside_counts_when_approved",
                condition=Q(
                    state="approved", approved_hours__isnull=False, decided_at__isnull=False
                )
                | (~Q(state="approved") & Q(approved_hours__isnull=True)),
            ),
            models.CheckConstraint(
                name="outside_returned_for_a_reason",
                condition=~Q(state="returned") | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="outside_judged_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("user")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "to_day"],
                condition=Q(state="approved"),
                name="outside_approved_by_person",
            ),
            models.Index(
                fields=["handed_in_at"], condition=Q(state="waiting"), name="outside_waiting"
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.key)

    @property
    def may_be_changed(self) -> bool:
        """By herself: while nobody is judging it, and nobody has approved it."""
        return self.state in (self.State.DRAFT, self.State.RETURNED)

    @property
    def is_picture(self) -> bool:
        """Whether the evidence can be shown in a page."""
        return (self.evidence.name or "").endswith((".jpg", ".png"))
