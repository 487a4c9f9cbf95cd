"""«Sổ cấp giấy chứng nhận»: a chain of entries for each issuer, added to and never changed.

The order is that of `sequence`, never that of the clock: should the clock go back, an entry bears
the time of the one before it (`at` never decreases), and so does the year of its number.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from learning.certificates.models.record import Certificate


class RegisterChain(models.Model):
    """The end of an issuer's chain. Its row is locked while an entry is added.

    It repeats what the last entry says, so that an entry cut off at the end is missed too.
    """

    wagtail_reference_index_ignore = True

    issuer = models.CharField(max_length=40, unique=True)
    last_sequence = models.PositiveIntegerField(default=0)
    last_hash = models.CharField(max_length=64, blank=True)
    last_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.issuer}: {self.last_sequence}"


class RegisterEntry(models.Model):
    """One line of the register, whole in itself: nothing of it is looked up elsewhere.

    `hash` is the SHA-256 of the canonical form of all other columns but the two keys; `previous`,
    the hash of the entry before it, is among them (see `register.chain`).
    """

    wagtail_reference_index_ignore = True

    class Act(models.TextChoices):
        ISSUED = "issued", _("Issued")
        REISSUED = "reissued", _("Issued again")
        REPLACED = "replaced", _("Replaced")
        REVOKED = "revoked", _("Revoked")
        RESTORED = "restored", _("Restored")
        EXPIRED = "expired", _("Expired")

    issuer = models.CharField(_("issuer"), max_length=40)
    sequence = models.PositiveIntegerField(_("no."))
    at = models.DateTimeField(_("at"))
    act = models.CharField(_("entry"), max_length=10, choices=Act.choices)
    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="entries", verbose_name=_("certificate")
    )
    code = models.CharField(max_length=24)
    number_text = models.CharField(_("number"), max_length=60)
    register_number = models.CharField(_("register number"), max_length=30)
    full_name = models.CharField(_("full name"), max_length=120)
    birth_date = models.DateField(_("birth date"), null=True)
    unit_name = models.CharField(_("unit"), max_length=250, blank=True)
    course_key = models.UUIDField()
    course_title = models.CharField(_("course"), max_length=255)
    result = models.CharField(_("result"), max_length=60)
    issued_on = models.DateField(_("issued on"))
    expires_on = models.DateField(_("valid until"), null=True)
    # The other certificate of a re-issue: the old one's number, or the new one's.
    other_number = models.CharField(max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    by_name = models.CharField(_("by"), max_length=120, blank=True)
    approved_by_name = models.CharField(_("approved by"), max_length=120, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("register entry")
        verbose_name_plural = _("register of certificates")
        ordering = ["issuer", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "sequence"], name="register_entry_once"),
            models.UniqueConstraint(
                fields=["certificate"],
                condition=models.Q(act="expired"),
                name="register_expired_once",
            ),
            models.UniqueConstraint(
                fields=["certificate"],
                condition=models.Q(act__in=["issued", "reissued"]),
                name="register_issued_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issuer} {self.sequence}: {self.act} {self.number_text}"


class RegisterCheck(models.Model):
    """What the last check of an issuer's chain found; one row an issuer, replaced by the next."""

    wagtail_reference_index_ignore = True

    issuer = models.CharField(max_length=40, unique=True)
    asked_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    entries = models.PositiveIntegerField(default=0)
    last_hash = models.CharField(max_length=64, blank=True)
    # Sequence and words of the first problems; how many there are stands in `wrong`.
    problems = models.JSONField(default=list)
    wrong = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.issuer}: {self.wrong}"
