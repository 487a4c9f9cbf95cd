"""Files that were uploaded and are being looked at."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Import(models.Model):
    """A file between its upload and its being written into the bank. Only its uploader sees it."""

    wagtail_reference_index_ignore = True

    class Known(models.TextChoices):
        """What is done with a question whose key the bank has."""

        UPDATE = "update", _("Update it")
        SKIP = "skip", _("Skip it")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("file"), max_length=200, blank=True)
    data = models.BinaryField()
    format = models.CharField(_("format"), max_length=20)
    topic = models.CharField(_("topic"), max_length=120, blank=True)
    known = models.CharField(
        _("known keys"), max_length=10, choices=Known.choices, default=Known.SKIP
    )
    # Places of the entries chosen, from 0; empty (None) until somebody chose.
    chosen = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    # The ids of the questions written, in the order of the file.
    result = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("file", "import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True, result__isnull=True)
                | Q(applied_at__isnull=False, result__isnull=False),
                name="exchange_applied_has_result",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Pasted text"))
