"""What is told to whom, the letters that carry it, and what people do not wish to receive."""

import unicodedata
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learning.notices.kinds import check_text, get_kind
from learning.vietnamese import nfc


class Letter(models.Model):
    """One mail to one address, made of one or several notices.

    `message_id` never changes: a letter that has to be handed over again is recognised as the same
    one by mail servers and readers. `handed_at` is written just before the mail server is spoken
    to, so that only letters with it can be in doubt after a worker's death.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        BOUNCED = "bounced", _("bounced")

    wagtail_reference_index_ignore = True

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    address = models.EmailField(_("address"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    message_id = models.CharField(max_length=200, unique=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    claim = models.UUIDField(null=True, blank=True, editable=False)
    handed_at = models.DateTimeField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error = models.CharField(_("reason"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("written at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state__in=["queued", "sending"]),
                name="letter_to_send",
            ),
            models.Index(fields=["state", "-id"], name="letter_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="letter_sent_has_time",
                condition=Q(sent_at__isnull=False) | ~Q(state="sent"),
            ),
            models.CheckConstraint(
                name="letter_sending_is_claimed",
                condition=~Q(state="sending") | Q(claim__isnull=False, claimed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address} ({self.state})"


class Notice(models.Model):
    """Something a person is told, once per `key`; in her list at once, by mail when it is time."""

    wagtail_reference_index_ignore = True

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="notices",
    )
    kind = models.SlugField(_("kind"), max_length=60)
    key = models.CharField(max_length=200, unique=True, editable=False)
    facts = models.JSONField(default=dict)
    link = models.CharField(max_length=300, blank=True)
    required = models.BooleanField(_("required"), default=False)
    by_mail = models.BooleanField(_("by mail"), default=True)
    created_at = models.DateTimeField(_("time"), default=timezone.now, editable=False)
    not_before = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(_("seen at"), null=True, blank=True)
    letter = models.ForeignKey(
        Letter, on_delete=models.SET_NULL, null=True, blank=True, related_name="notices"
    )

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["person", "-created_at"], name="notice_list"),
            models.Index(
                fields=["person"], condition=Q(seen_at__isnull=True), name="notice_unseen"
            ),
            models.Index(
                fields=["not_before"],
                condition=Q(letter__isnull=True, by_mail=True),
                name="notice_to_mail",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="notice_seen_after_told",
                condition=Q(seen_at__isnull=True) | Q(seen_at__gte=F("created_at")),
            )
        ]

    def __str__(self) -> str:
        return self.key


class Unsubscription(models.Model):
    """A person does not wish to be mailed one kind of notices; her list still shows them."""

    wagtail_reference_index_ignore = True

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="unsubscriptions"
    )
    kind = models.SlugField(max_length=60)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="unsubscribed_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind}"


class DeadAddress(models.Model):
    """A mail server said for good that nobody is reached here; nothing more is mailed to it."""

    wagtail_reference_index_ignore = True

    address = models.EmailField(_("address"), unique=True)
    reason = models.CharField(_("reason"), max_length=500)
    noted_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("unreachable address")
        verbose_name_plural = _("unreachable addresses")
        ordering = ["-noted_at"]

    def __str__(self) -> str:
        return self.address


class Text(models.Model):
    """The Vietnamese words of one kind, where an editor has changed those in the code."""

    kind = models.SlugField(_("kind"), max_length=60, unique=True)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))

    objects: ClassVar[models.Manager["Text"]] = models.Manager()

    class Meta:
        verbose_name = _("text of a message")
        verbose_name_plural = _("texts of messages")
        ordering = ["kind"]

    def __str__(self) -> str:
        return self.kind

    def clean(self) -> None:
        """Raises `ValidationError` by field for names in braces that the kind does not offer."""
        self.subject = nfc(self.subject)
        # Not `nfc`, which would join the lines.
        self.body = unicodedata.normalize("NFC", self.body.replace("\r\n", "\n")).strip()
        try:
            allowed = get_kind(self.kind).allowed
        except KeyError as error:
            raise ValidationError({"kind": _("There is no such kind of message.")}) from error
        faults: dict[str, Any] = {}
        for field in ("subject", "body"):
            try:
                check_text(getattr(self, field), allowed=allowed)
            except ValidationError as fault:
                faults[field] = fault
        if faults:
            raise ValidationError(faults)
