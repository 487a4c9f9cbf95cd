"""Pictures of questions: files that never change, each kept once."""

from __future__ import annotations

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from quizzes.bank.content import PictureContent
from quizzes.bank.pictures import FOLDER, picture_url

MOST_ALT = 300


def file_name(picture: Picture, _given: str) -> str:
    """The digest alone: what somebody called the file is nobody's business."""
    return f"{FOLDER}/{picture.digest}.{picture.format}"


class Picture(models.Model):
    """A picture as it is shown. A version names it by its digest, so it is never changed.

    `origin` is the digest of the file it was made from: the same file gives the same picture,
    whatever wrote it anew.
    """

    wagtail_reference_index_ignore = True

    class Format(models.TextChoices):
        PNG = "png", "PNG"
        JPEG = "jpg", "JPEG"

    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    origin = models.CharField(max_length=64, unique=True, editable=False)
    # What editors find it by; no part of what is published.
    title = models.CharField(_("title"), max_length=200, blank=True)
    format = models.CharField(_("format"), max_length=3, choices=Format.choices, editable=False)
    file = models.FileField(_("file"), upload_to=file_name, max_length=120)
    width = models.PositiveSmallIntegerField(
        _("width"), editable=False, validators=[MinValueValidator(1)]
    )
    height = models.PositiveSmallIntegerField(
        _("height"), editable=False, validators=[MinValueValidator(1)]
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("picture of a question")
        verbose_name_plural = _("pictures of questions")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(width__gte=1, height__gte=1), name="bank_picture_size_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.digest[:12]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only once: whoever has seen a picture sees the same ever after."""
        if not self._state.adding:
            raise TypeError("a picture never changes")
        super().save(*args, **kwargs)

    @property
    def url(self) -> str:
        """Where it is served."""
        return picture_url(self.digest, self.format)

    def content(self, alt: str) -> PictureContent:
        """What a version freezes of it."""
        return {
            "digest": self.digest,
            "format": self.format,
            "width": self.width,
            "height": self.height,
            "alt": alt,
        }
