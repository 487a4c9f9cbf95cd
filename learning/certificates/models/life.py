"""What happens to certificates after they were issued, and the rules and links around them."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from learning.certificates.models.record import Certificate, private_storage
from learning.enrolments.widgets import CourseSelect


class StandingRequest(models.Model):
    """Somebody asks that a certificate be revoked, or restored; somebody else decides."""

    wagtail_reference_index_ignore = True

    class Kind(models.TextChoices):
        REVOKE = "revoke", _("Revoke")
        RESTORE = "restore", _("Restore")

    class Decision(models.TextChoices):
        PENDING = "pending", _("Waiting for a decision")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")

    kind = models.CharField(_("request"), max_length=10, choices=Kind.choices)
    certificate = models.ForeignKey(
        Certificate,
        on_delete=models.PROTECT,
        related_name="requests",
        verbose_name=_("certificate"),
    )
    reason = models.CharField(_("reason"), max_length=500)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    decision = models.CharField(
        _("decision"), max_length=10, choices=Decision.choices, default=Decision.PENDING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("request about a certificate")
        verbose_name_plural = _("requests about certificates")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(decision="pending"),
                name="one_pending_request_per_certificate",
            ),
            models.CheckConstraint(
                condition=Q(decision="pending", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(decision="pending") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="request_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="request_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.certificate_id}"


class CourseRule(models.Model):
    """What the certificates of one course are issued with from now on."""

    course_key = models.UUIDField(_("course"), unique=True)
    valid_months = models.PositiveSmallIntegerField(
        _("valid for how many months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text=_(
            "Empty: for good. A change applies to certificates issued afterwards; those already"
            " issued keep their last day."
        ),
    )
    print_birth_date = models.BooleanField(
        _("keep the birth date"),
        default=False,
        help_text=_("Register and verification then show it, where it is known."),
    )

    panels = [
        FieldPanel("course_key", widget=CourseSelect),
        FieldPanel("valid_months"),
        FieldPanel("print_birth_date"),
    ]

    class Meta:
        verbose_name = _("rule for certificates")
        verbose_name_plural = _("rules for certificates")

    def __str__(self) -> str:
        return str(self.course_key)


class Bundle(models.Model):
    """The papers of a unit as one ZIP, made by the worker for the officer who asked, for a week."""

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        WAITING = "waiting", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    unit = models.ForeignKey(
        "organisations.Unit", verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+"
    )
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    file = models.FileField(storage=private_storage, upload_to="bundles/", blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return str(self.key)


class ShareLink(models.Model):
    """The address at which the holder shows her certificate to others, while it is on."""

    wagtail_reference_index_ignore = True

    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, related_name="share_link"
    )
    token = models.CharField(max_length=43, unique=True)
    is_on = models.BooleanField(default=True)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.certificate_id}: {'on' if self.is_on else 'off'}"
