"""Keys of other systems. Of a token only its digest is kept: nobody can read it back."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a token may do, in its unit and all below it."""

    STAFF = "staff", _("Write staff lists (PUT /api/v1/staff)")
    SCIM = "scim", _("Provide people by SCIM 2.0 (/scim/v2/)")
    STATISTICS = "statistics", _("Read figures (GET /api/v1/statistics)")
    PEOPLE = "people", _("Read who has studied what (GET /api/v1/statistics/people)")


class ApiToken(models.Model):
    """A key to the API for one unit, made by an HR officer, whose rights it never exceeds."""

    wagtail_reference_index_ignore = True

    name = models.CharField(_("what it is for"), max_length=100)
    unit = models.ForeignKey(
        "organisations.Unit", verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+"
    )
    scopes = models.JSONField(_("may do"), default=list)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # The beginning, by which a person knows her token again.
    hint = models.CharField(max_length=12, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-made_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="api_token_expires_after_it_is_made", condition=Q(expires_at__gt=F("made_at"))
            ),
            models.CheckConstraint(name="api_token_has_scopes", condition=~Q(scopes=[])),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_valid(self) -> bool:
        """Whether it opens anything now."""
        return self.revoked_at is None and self.expires_at > timezone.now()
