"""What stands above and below a unit's reports."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Letterhead(models.Model):
    """How a unit signs its reports. Without one, its name and that of the unit above it serve."""

    wagtail_reference_index_ignore = True

    unit = models.OneToOneField(
        "organisations.Unit", verbose_name=_("unit"), on_delete=models.CASCADE, related_name="+"
    )
    parent_name = models.CharField(_("agency above"), max_length=150, blank=True)
    agency_name = models.CharField(_("agency that issues"), max_length=150)
    symbol = models.CharField(_("symbol after the number"), max_length=40, blank=True)
    place = models.CharField(_("place"), max_length=60)
    addressee = models.CharField(_("addressee"), max_length=250, blank=True)
    signer_lines = models.TextField(_("signer's authority and office"), blank=True)
    signer_name = models.CharField(_("signer's name"), max_length=120, blank=True)
    recipients = models.TextField(_("recipients"), blank=True)

    class Meta:
        verbose_name = _("letterhead")
        verbose_name_plural = _("letterheads")

    def __str__(self) -> str:
        return self.agency_name
