"""Codes as they are kept: never readable, used once, over after a while."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _


def digest(key: Any, code: str) -> str:
    """What is kept of a code; without the site's secret key nobody finds six digits from it."""
    return salted_hmac("accounts.code", f"{key}:{code}", algorithm="sha256").hexdigest()


class MailCode(models.Model):
    """A request for a code by mail. The browser that asked holds its id; only there it counts.

    A request for a name that nobody has is kept too, without a person and without a code, so that
    neither the page nor its speed tells whether the name exists.
    """

    wagtail_reference_index_ignore = True

    class Purpose(models.TextChoices):
        LOG_IN = "log_in", _("Log in")
        NEW_EMAIL = "new_email", _("New e-mail address")
        SIGN_UP = "sign_up", _("Sign up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    name = models.CharField(max_length=254, help_text="The name typed, or the address to confirm.")
    data = models.JSONField(default=dict)
    code_digest = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("code by mail")
        verbose_name_plural = _("codes by mail")
        indexes = [models.Index(fields=["expires_at"], name="mail_code_expires")]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.name}"

    def matches(self, code: str) -> bool:
        """Is this the code that was sent?"""
        return bool(self.code_digest) and constant_time_compare(
            self.code_digest, digest(self.pk, code)
        )


class CardSheet(models.Model):
    """A print run of activation cards for one unit; its PDF is handed out once, never kept."""

    wagtail_reference_index_ignore = True

    unit = models.ForeignKey("organisations.Unit", on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("sheet of activation cards")
        verbose_name_plural = _("sheets of activation cards")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.made_at:%Y-%m-%d}"


class ActivationCard(models.Model):
    """One person's code on a sheet. A new sheet voids the older ones: one open card a person."""

    wagtail_reference_index_ignore = True

    sheet = models.ForeignKey(CardSheet, on_delete=models.CASCADE, related_name="cards")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="activation_cards"
    )
    code_digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("activation card")
        verbose_name_plural = _("activation cards")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at__isnull=True, voided_at__isnull=True),
                name="one_open_activation_card",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.sheet_id}"

    def matches(self, code: str) -> bool:
        """Is this the code that was printed?"""
        return constant_time_compare(self.code_digest, digest(self.user_id, code))


class TryCount(models.Model):
    """How often something was tried within a span that began with the first try."""

    wagtail_reference_index_ignore = True

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("count of tries")
        verbose_name_plural = _("counts of tries")

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
