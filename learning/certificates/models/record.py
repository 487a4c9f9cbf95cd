"""Certificates: numbered without a gap, frozen when issued, never deleted.

What a certificate prints is frozen by the database itself (`register.guards`); its status moves
only between those of `Status`, and each move is an entry in the register.
"""

import datetime

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def private_storage():  # type: ignore[no-untyped-def]
    """Where papers are kept: not under any address of the site."""
    return storages["private"]


class CertificateSeries(models.Model):
    """The last number given out by an issuer in a year.

    Its row is locked while a number is taken, and the number is taken in the transaction that
    writes the certificate: one that fails gives its number back, so the series has no gap.
    """

    wagtail_reference_index_ignore = True

    issuer = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "year"], name="certificate_series_once")
        ]

    def __str__(self) -> str:
        return f"{self.issuer}/{self.year}: {self.last_number}"


class Certificate(models.Model):
    """A certificate as it was issued. Everything it prints is a field of its own here.

    The states a reader is told are `state()`: «expired» is no status, it follows from the day.
    """

    wagtail_reference_index_ignore = True

    class Status(models.TextChoices):
        VALID = "valid", _("Valid")
        REISSUED = "reissued", _("Re-issued")
        REVOKED = "revoked", _("Revoked")

    class State(models.TextChoices):
        """What a certificate is on a day."""

        VALID = "valid", _("Valid")
        EXPIRED = "expired", _("Expired")
        REISSUED = "reissued", _("Re-issued")
        REVOKED = "revoked", _("Revoked")

    # The enrolment may go (a person is erased), the certificate stays.
    enrolment = models.ForeignKey(
        "enrolments.Enrolment", on_delete=models.SET_NULL, null=True, related_name="certificates"
    )
    code = models.CharField(_("verification code"), max_length=24, unique=True)
    issuer = models.CharField(_("issuer"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    number_text = models.CharField(_("number as printed"), max_length=60, unique=True)
    register_number = models.CharField(_("register number"), max_length=30)
    full_name = models.CharField(_("full name"), max_length=120)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    position = models.CharField(_("position"), max_length=200, blank=True)
    unit_id_then = models.BigIntegerField(_("unit"), null=True)
    unit_name = models.CharField(_("unit's name then"), max_length=250, blank=True)
    course_key = models.UUIDField(_("course"))
    course_title = models.CharField(_("course title"), max_length=255)
    course_revision = models.BigIntegerField(_("course revision"), null=True)
    goal_name = models.CharField(_("training goal"), max_length=250, blank=True)
    hours = models.DecimalField(_("study hours"), max_digits=5, decimal_places=1)
    started_on = models.DateField(_("from"))
    completed_on = models.DateField(_("to"))
    percent = models.DecimalField(_("score in percent"), max_digits=5, decimal_places=2, null=True)
    result = models.CharField(_("result"), max_length=60, default="Đạt")
    issued_at = models.DateTimeField(_("issued at"), db_index=True)
    expires_on = models.DateField(
        _("valid until"),
        null=True,
        blank=True,
        help_text=_("The last day on which it is valid; empty: for good."),
    )
    issuer_parent = models.CharField(_("superior of the issuer"), max_length=200)
    issuer_name = models.CharField(_("name of the issuer"), max_length=200)
    place = models.CharField(_("place"), max_length=80)
    signer_lines = models.JSONField(_("signer's office"), default=list)
    signer_name = models.CharField(_("signer"), max_length=120)
    is_trial = models.BooleanField(_("trial"), default=False)
    template_version = models.CharField(_("template version"), max_length=20)
    language = models.CharField(_("language"), max_length=10, default="vi")
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.VALID
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_reason = models.CharField(_("reason"), max_length=500, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The new one names the old one, so that the old stays as it was printed.
    replaces = models.OneToOneField(
        "self",
        verbose_name=_("issued again in place of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
    )
    name_search = models.CharField(max_length=400, editable=False, default="")

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["issuer", "year", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "year", "number"], name="certificate_number_once"
            ),
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(status="valid"),
                name="one_valid_certificate_per_enrolment",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["valid", "reissued"], revoked_at__isnull=True)
                | Q(status="revoked", revoked_at__isnull=False),
                name="certificate_revoked_has_time",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("pk")),
                name="certificate_replaces_another",
            ),
        ]
        indexes = [
            models.Index(fields=["unit_id_then", "year", "number"], name="certificate_by_unit")
        ]
        permissions = [
            ("manage_register", _("May issue again, issue in bulk, ask and decide revocations"))
        ]

    def __str__(self) -> str:
        return self.number_text

    def state(self, *, on: datetime.date | None = None) -> "Certificate.State":
        """What it is on the day `on` (today): a revoked or re-issued one is never «expired»."""
        if self.status != self.Status.VALID:
            return self.State(self.status)
        day = on or timezone.localdate()
        if self.expires_on is not None and self.expires_on < day:
            return self.State.EXPIRED
        return self.State.VALID


class CertificateFile(models.Model):
    """The paper: drawn once by a background task, kept with its hash."""

    wagtail_reference_index_ignore = True

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="paper")
    file = models.FileField(storage=private_storage, upload_to="certificates/%Y/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    rendered_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.certificate_id)


class PaperHash(models.Model):
    """The SHA-256 of a PDF that this house gave out: as drawn, and as signed later.

    A PDF in somebody's hand is known by it, whichever of the papers it is.
    """

    wagtail_reference_index_ignore = True

    class Kind(models.TextChoices):
        DRAWN = "drawn", _("as issued")
        SIGNED = "signed", _("with a digital signature")

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="hashes")
    sha256 = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    noted_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.kind}"
