"""Requests about one's own data, copies made, consents, and the rules of retention."""

import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.files.storage import storages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def private_storage():  # type: ignore[no-untyped-def]
    """Where copies are kept: not under any address of the site."""
    return storages["private"]


class RequestQuerySet(models.QuerySet["DataRequest"]):
    """Requests in domain words."""

    def waiting(self) -> Self:
        """Those that nobody has answered yet, or that were accepted and are still to be done."""
        return self.filter(state__in=(DataRequest.State.OPEN, DataRequest.State.ACCEPTED))

    def unanswered(self) -> Self:
        """Those that nobody has answered yet."""
        return self.filter(state=DataRequest.State.OPEN)

    def late(self, *, on: datetime.date) -> Self:
        """Unanswered, and due before this day."""
        return self.unanswered().filter(due_on__lt=on)


class DataRequest(models.Model):
    """A person asks something about her own data; her HR officer answers within two working days.

    open ──→ accepted (an erasure: still to be carried out) ──→ done
      ├────→ done · refused (by an officer) · cancelled (by herself)
    """

    wagtail_reference_index_ignore = True

    class Kind(models.TextChoices):
        NAME = "name", _("Correct my name")
        ERASURE = "erasure", _("Erase my data")
        RESTRICTION = "restriction", _("Restrict the use of my data")
        WITHDRAWAL = "withdrawal", _("Withdraw a consent")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("request", "Waiting for an answer")
        ACCEPTED = "accepted", pgettext_lazy("request", "Accepted, to be carried out")
        DONE = "done", pgettext_lazy("request", "Done")
        REFUSED = "refused", pgettext_lazy("request", "Refused")
        CANCELLED = "cancelled", pgettext_lazy("request", "Cancelled")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="data_requests",
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.OPEN)
    # Where she worked when she asked; empty for somebody of no unit.
    unit = models.ForeignKey(
        "organisations.Unit",
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    new_name = models.CharField(_("right name"), max_length=120, blank=True)
    old_name = models.CharField(_("name then"), max_length=120, blank=True)
    wish = models.TextField(_("what she writes"), blank=True)
    made_at = models.DateTimeField(_("asked at"), default=timezone.now, editable=False)
    due_on = models.DateField(_("to be answered by"))
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects: ClassVar[models.Manager["DataRequest"]] = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(state__in=("open", "accepted")) & ~Q(kind="withdrawal"),
                name="privacy_one_open_request_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("open", "cancelled"), answered_at__isnull=True)
                | Q(state__in=("accepted", "done", "refused"), answered_at__isnull=False),
                name="privacy_answered_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(answer=""), name="privacy_refused_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(kind="name") | ~Q(new_name=""), name="privacy_name_is_given"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(state__in=("open", "accepted")),
                name="privacy_waiting_by_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.person_id}"

    @property
    def name_for_officers(self) -> Any:
        """What it asks for, in the words of who answers it."""
        return _FOR_OFFICERS[self.Kind(self.kind)]

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its answer."""
        return self.state == self.State.OPEN

    @property
    def is_late(self) -> bool:
        """Whether its answer should have been given before today."""
        return self.is_open and self.due_on < timezone.localdate()


_FOR_OFFICERS = {
    DataRequest.Kind.NAME: _("Correction of a name"),
    DataRequest.Kind.ERASURE: _("Erasure of a person's data"),
    DataRequest.Kind.RESTRICTION: _("Restriction of the use of a person's data"),
    DataRequest.Kind.WITHDRAWAL: _("A consent was withdrawn"),
}


class Restriction(models.Model):
    """While it stands, the person's data is kept and used for nothing she has not agreed to."""

    wagtail_reference_index_ignore = True

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="data_restriction"
    )
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.person_id)


class DataCopy(models.Model):
    """A copy of all of a person's data that the worker makes because it is large."""

    wagtail_reference_index_ignore = True

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="data_copies"
    )
    ordered_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True, blank=True)
    file = models.FileField(storage=private_storage, upload_to="copies/%Y/", blank=True)

    class Meta:
        ordering = ["-ordered_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.ordered_at:%d/%m/%Y}"


class ConsentText(models.Model):
    """What people agree to, word for word. A version that somebody agreed to is never changed."""

    purpose = models.SlugField(_("purpose"), max_length=60)
    version = models.CharField(_("version"), max_length=20)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"))
    valid_from = models.DateField(_("in use since"))

    class Meta:
        verbose_name = _("text of consent")
        verbose_name_plural = _("texts of consent")
        ordering = ["purpose", "-valid_from", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version"], name="privacy_consent_text_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"


class Consent(models.Model):
    """A person agreed to a version of a text, and may have withdrawn it. Rows are never deleted
    before their rule of retention: they show on what ground something was done."""

    wagtail_reference_index_ignore = True

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consents"
    )
    purpose = models.SlugField(_("purpose"), max_length=60)
    version = models.CharField(_("version"), max_length=20)
    given_at = models.DateTimeField(_("given at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose", "version"],
                condition=Q(withdrawn_at__isnull=True),
                name="privacy_consent_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.purpose} {self.version}"


class RetentionRule(models.Model):
    """How long a kind of data is kept, where it differs from the kind's default."""

    kind = models.SlugField(_("kind of data"), max_length=60, unique=True)
    months = models.PositiveSmallIntegerField(
        _("months"),
        validators=[MinValueValidator(1), MaxValueValidator(1200)],
        help_text=_("Data older than this is removed by manage.py apply_retention."),
    )
    reason = models.CharField(
        _("decision or reason"),
        max_length=250,
        blank=True,
        help_text=_("The document that sets this time: number, date, issuer."),
    )

    class Meta:
        verbose_name = _("rule of retention")
        verbose_name_plural = _("rules of retention")
        ordering = ["kind"]
        constraints = [
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=1200), name="privacy_months_range"
            )
        ]

    def __str__(self) -> str:
        return self.kind


class CalendarDay(models.Model):
    """A day on which offices differ from the week: a holiday, or a Saturday that is worked."""

    day = models.DateField(_("day"), unique=True)
    works = models.BooleanField(
        _("offices work"), default=False, help_text=_("For a weekend day that is worked instead.")
    )
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("day of the office calendar")
        verbose_name_plural = _("office calendar")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"
