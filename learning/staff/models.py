"""What a list says of people beyond their account, and every list that came in."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def private_storage():  # type: ignore[no-untyped-def]
    """Where files lie that no web server shows: lists of people."""
    return storages["private"]


def file_name(instance: Any, name: str) -> str:
    """Nothing of the name it came with: that may say whose list it is."""
    suffix = name.rsplit(".", 1)[-1].lower()[:5]
    return f"staff/{timezone.localdate():%Y}/{uuid.uuid4().hex}.{suffix}"


class Sex(models.TextChoices):
    """As staff lists tell it."""

    FEMALE = "female", pgettext_lazy("sex", "Female")
    MALE = "male", pgettext_lazy("sex", "Male")


class StaffProfile(models.Model):
    """What an agency's list says of a person; nothing of it is shown to other learners."""

    wagtail_reference_index_ignore = True

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="staff_profile",
    )
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    # Alone where lists tell no more.
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=10, choices=Sex.choices, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    # What a system that speaks SCIM calls her; `scim_gone` once it has deleted her.
    scim_name = models.CharField(max_length=254, unique=True, null=True, blank=True)
    scim_key = models.CharField(max_length=254, blank=True)
    scim_gone = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("staff record")
        verbose_name_plural = _("staff records")
        constraints = [
            models.CheckConstraint(
                name="staff_birth_date_has_its_year",
                condition=Q(birth_date__isnull=True) | Q(birth_year__isnull=False),
            ),
            models.CheckConstraint(
                name="staff_birth_year_is_one",
                condition=Q(birth_year__isnull=True) | Q(birth_year__range=(1900, 2100)),
            ),
            models.CheckConstraint(
                name="staff_sex_is_known_or_blank", condition=Q(sex__in=["", *Sex.values])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"


class ScimGroup(models.Model):
    """What a system that speaks SCIM calls a unit."""

    wagtail_reference_index_ignore = True

    unit = models.OneToOneField("organisations.Unit", on_delete=models.CASCADE, related_name="+")
    scim_key = models.CharField(max_length=254)

    class Meta:
        verbose_name = _("SCIM group")
        verbose_name_plural = _("SCIM groups")

    def __str__(self) -> str:
        return self.scim_key


class StaffImport(models.Model):
    """A list and what became of it.

    Checked without writing anything of people; applied in chunks, each a transaction, `cursor`
    saying how far it is; taken back whole where a chunk fails, or where an officer asks for it.
    """

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Waiting for its columns to be confirmed")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked, not applied yet")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        FAILED = "failed", _("Could not be applied; nothing was changed")

    RUNNING: ClassVar = (State.CHECKING, State.APPLYING, State.UNDOING)

    unit = models.ForeignKey(
        "organisations.Unit", verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    name = models.CharField(_("file"), max_length=200)
    # Gone when the rules of retention say so; the rows stay.
    file = models.FileField(_("file"), storage=private_storage, upload_to=file_name, blank=True)
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    # Column (from 0, as text) → field; None until somebody has looked at the columns.
    mapping = models.JSONField(null=True, blank=True)
    complete = models.BooleanField(_("complete list"), default=False)
    # People of divisions that the tree doesn't have come into `unit` itself.
    loose_units = models.BooleanField(_("unknown divisions count as the unit"), default=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.UPLOADED
    )
    # Rows of the file, as far as they are known; rows done in the present step.
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    cursor = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    # Changes with every check: what is applied is what was shown.
    seal = models.CharField(max_length=32, blank=True)
    error = models.TextField(_("what went wrong"), blank=True)
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    # When the worker last gave a sign of life.
    touched_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    class Meta:
        verbose_name = _("staff list")
        verbose_name_plural = _("staff lists")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["unit", "-created_at"], name="staff_import_of_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(state__in=["applying", "undoing"]),
                name="staff_one_list_at_a_time",
            ),
            models.CheckConstraint(
                name="staff_checked_is_sealed",
                condition=~Q(state__in=["checked", "applying", "applied"]) | ~Q(seal=""),
            ),
            models.CheckConstraint(
                name="staff_applied_has_its_time",
                condition=~Q(state="applied") | Q(applied_at__isnull=False),
            ),
            models.CheckConstraint(
                name="staff_failed_says_why", condition=~Q(state="failed") | ~Q(error="")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_running(self) -> bool:
        """Whether a worker has it in hand."""
        return self.state in self.RUNNING

    @property
    def is_stuck(self) -> bool:
        """Whether the worker that had it has given no sign of life for a minute."""
        return self.is_running and self.touched_at < timezone.now() - datetime.timedelta(minutes=1)

    @property
    def percent(self) -> int:
        """How far the present step is, 0 to 100."""
        return min(100, self.done * 100 // self.total) if self.total else 0


class StaffImportRow(models.Model):
    """What a list says of one person, what that would change, and what it did.

    `record` is the row as read; `before` the person as she was when the row was checked (None: not
    known here); `made` what applying wrote and undoing needs. A leaver has no number.
    """

    wagtail_reference_index_ignore = True

    class Outcome(models.TextChoices):
        NEW = "new", pgettext_lazy("outcome", "New")
        CHANGED = "changed", pgettext_lazy("outcome", "Changed")
        MOVED = "moved", pgettext_lazy("outcome", "Moved")
        LEFT = "left", pgettext_lazy("outcome", "Left")
        UNCHANGED = "unchanged", pgettext_lazy("outcome", "Unchanged")
        DOUBTFUL = "doubtful", pgettext_lazy("outcome", "Doubtful")
        ERROR = "error", pgettext_lazy("outcome", "Error")

    of = models.ForeignKey(StaffImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    record = models.JSONField(default=dict)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # Field → [old, new].
    changes = models.JSONField(default=dict)
    # Probable duplicates: [{"user": pk, …as she is…}] or [{"row": number}].
    candidates = models.JSONField(default=list)
    # Of a doubtful row: "" until decided, "new", "skip", or the person's key.
    choice = models.CharField(max_length=20, blank=True)
    # [{"cell", "text", "says"}]
    errors = models.JSONField(default=list)
    before = models.JSONField(null=True)
    made = models.JSONField(null=True)

    class Meta:
        verbose_name = _("row of a staff list")
        verbose_name_plural = _("rows of staff lists")
        ordering = ["of", "pk"]
        indexes = [models.Index(fields=["of", "outcome", "id"], name="staff_row_outcome")]
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="staff_row_once"),
            models.UniqueConstraint(
                fields=["of", "user"],
                condition=Q(user__isnull=False),
                name="staff_person_once_a_list",
            ),
            models.CheckConstraint(
                name="staff_error_says_what", condition=~Q(outcome="error") | ~Q(errors=[])
            ),
            models.CheckConstraint(
                name="staff_only_doubt_is_decided", condition=Q(choice="") | Q(outcome="doubtful")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of_id}/{self.number}: {self.outcome}"
