"""A file that was asked for, from the asking to its end."""

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

# A worker that has said nothing for this long has died.
SILENCE = datetime.timedelta(minutes=2)
# A file that has stopped its worker this often is not begun again by itself.
TRIES = 3


def private_storage():  # type: ignore[no-untyped-def]
    """Where files lie that no web server shows: lists of people."""
    return storages["private"]


def file_name(instance: Any, name: str) -> str:
    """Nothing of what is asked: the name on the disk tells nobody whose people it has."""
    return f"exports/{timezone.localdate():%Y-%m}/{uuid.uuid4().hex}.{instance.form}"


class Export(models.Model):
    """One list for one officer. `question` is the query part of the screen's address.

    `tops` are the keys of the topmost units in it: who has lost one of them has lost the file.
    """

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("file", "Waiting")
        RUNNING = "running", pgettext_lazy("file", "Being made")
        DONE = "done", pgettext_lazy("file", "Ready")
        FAILED = "failed", pgettext_lazy("file", "Could not be made")
        CANCELLED = "cancelled", pgettext_lazy("file", "Cancelled")
        EXPIRED = "expired", pgettext_lazy("file", "Expired, deleted")

    class Form(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"

    OPEN: ClassVar = (State.WAITING, State.RUNNING)

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    question = models.TextField(blank=True)
    form = models.CharField(_("form"), max_length=4, choices=Form.choices)
    course_title = models.CharField(_("course"), max_length=255)
    unit_name = models.CharField(_("unit"), max_length=300, blank=True)
    tops = models.JSONField(default=list)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    # People of the list, as far as is known when it is asked for; people written.
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(_("file"), storage=private_storage, upload_to=file_name, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    # SHA-256 of the file, in hex: what is fetched can be compared with what was made.
    digest = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    # When the worker last gave a sign of life.
    touched_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)

    class Meta:
        verbose_name = _("exported file")
        verbose_name_plural = _("exported files")
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["by", "-asked_at"], name="export_of_officer"),
            models.Index(
                fields=["expires_at"], condition=Q(state="done"), name="export_that_expires"
            ),
        ]
        constraints = [
            # Asked for twice, it is made once.
            models.UniqueConstraint(
                fields=["by", "question", "form"],
                condition=Q(state__in=["waiting", "running"]),
                name="export_made_once",
            ),
            models.CheckConstraint(
                name="export_ready_has_its_file",
                condition=~Q(state="done") | (~Q(file="") & Q(expires_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()} {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for a worker or a worker has it in hand."""
        return self.state in self.OPEN

    @property
    def is_stuck(self) -> bool:
        """Whether the worker that had it has given no sign of life."""
        return self.state == self.State.RUNNING and self.touched_at < timezone.now() - SILENCE

    @property
    def is_ready(self) -> bool:
        """Whether it can be fetched now; past its end it can't, swept away or not."""
        if self.state != self.State.DONE or self.expires_at is None:
            return False
        return self.expires_at > timezone.now()

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100; at most 99 while there is something to do."""
        if not self.is_open:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0

    @property
    def name(self) -> str:
        """The name it is saved under."""
        return f"danh-sach-{timezone.localtime(self.asked_at):%Y-%m-%d-%H%M}.{self.form}"
