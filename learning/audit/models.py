"""Two logs: what was done, and whose data was seen. Rows are added and never changed."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Kept(models.Model):
    """A row of a log: written once. Only the rules of retention delete it, in bulk."""

    wagtail_reference_index_ignore = True

    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Empty: the system itself."),
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row. Raises `TypeError` for one that is there already."""
        if self.pk is not None:
            raise TypeError("A log is added to and never changed")
        super().save(*args, **kwargs)


class Entry(Kept):
    """An act that changed something people answer for.

    `about` is what it was done to, as its model's label and key: that may be gone one day, so its
    name then is kept in `about_name`. `unit_key` is the unit it belongs to, for those who read the
    log of that unit, wherever the unit hangs by then; `unit_path` is where it hung. None and empty
    for what belongs to no unit.
    """

    act = models.SlugField(_("act"), max_length=60)
    about_type = models.CharField(max_length=60, blank=True)
    about_key = models.CharField(max_length=60, blank=True)
    about_name = models.CharField(_("about"), max_length=250, blank=True)
    unit_path = models.CharField(max_length=255, blank=True)
    unit_key = models.BigIntegerField(null=True, editable=False)
    details = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("audit log")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at"], name="audit_entry_at"),
            models.Index(fields=["about_type", "about_key"], name="audit_entry_about"),
            models.Index(fields=["act", "-at"], name="audit_entry_act"),
            models.Index(fields=["unit_key", "-at"], name="audit_entry_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.act}: {self.about_name}"


class Disclosure(Kept):
    """Somebody looked at, or took away, data of persons other than herself.

    Of one person (`about`), or of a list: then everybody who worked in the unit `unit_key` or below
    it at the time was on it, narrowed by `filters`; `unit_path` is where that unit hung. A list of
    a million persons is one row, not a million.
    """

    class How(models.TextChoices):
        VIEWED = "viewed", _("Viewed")
        EXPORTED = "exported", _("Exported")
        PULLED = "pulled", _("Pulled by another system")

    how = models.CharField(_("how"), max_length=10, choices=How.choices)
    what = models.SlugField(_("what"), max_length=60)
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    unit_path = models.CharField(max_length=255, blank=True)
    unit_key = models.BigIntegerField(null=True, editable=False)
    count = models.PositiveIntegerField(_("persons"), default=1)
    filters = models.JSONField(_("filters"), default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at"], name="audit_disclosure_at"),
            models.Index(fields=["about", "-at"], name="audit_disclosure_about"),
            models.Index(fields=["unit_key", "-at"], name="audit_disclosure_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.how} {self.what}: {self.count}"
