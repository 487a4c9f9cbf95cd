"""Signed papers, and the batches in which papers went out to be signed."""

import uuid

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def signed_storage() -> Storage:
    """Beside the papers, not under any address of the site."""
    return storages["private"]


class SigningBatch(models.Model):
    """Papers that went out together, to be signed with the agency's own tool."""

    wagtail_reference_index_ignore = True

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    taken_at = models.DateTimeField(default=timezone.now)
    count = models.PositiveIntegerField(_("papers"), default=0)

    class Meta:
        ordering = ["-taken_at", "-pk"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.taken_at):%Y%m%d-%H%M%S}"


class PaperSignature(models.Model):
    """The signed paper of a certificate; while `signed_at` is empty, why it waits.

    `signed_at` is written by what has validated the signature, and by nothing else.
    """

    wagtail_reference_index_ignore = True

    certificate = models.OneToOneField(
        "certificates.Certificate", on_delete=models.PROTECT, related_name="signature"
    )
    batch = models.ForeignKey(
        SigningBatch, on_delete=models.PROTECT, null=True, blank=True, related_name="papers"
    )
    file = models.FileField(storage=signed_storage, upload_to="signed/%Y/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    signer = models.CharField(_("signer"), max_length=250, blank=True)
    level = models.CharField(_("level"), max_length=10, blank=True)
    is_test = models.BooleanField(_("made with a test key"), default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("signature of a certificate")
        default_permissions = ()
        permissions = [("sign_papers", _("May have papers signed, take them out and in"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, file="", sha256="")
                | (Q(signed_at__isnull=False) & ~Q(file="") & ~Q(sha256="")),
                name="paper_signed_with_file",
            )
        ]

    def __str__(self) -> str:
        return str(self.certificate_id)

    @property
    def is_signed(self) -> bool:
        """Whether «Đã ký số» may be said."""
        return self.signed_at is not None
