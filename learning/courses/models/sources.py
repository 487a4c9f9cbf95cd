"""The register of sources, and who last looked whether what cites them is still right."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.search import index


class Source(index.Indexed, models.Model):
    """A law, a report, a letter: what a statement in the course rests on."""

    class Kind(models.TextChoices):
        LAW = "law", _("Law")
        DECREE = "decree", _("Decree or decision")
        LETTER = "letter", _("Official letter")
        REPORT = "report", _("Report")
        ARTICLE = "article", _("Article")
        WEB = "web", _("Web page")

    key = models.SlugField(_("key"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=300)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    number = models.CharField(pgettext_lazy("document", "number"), max_length=80, blank=True)
    issuer = models.CharField(_("issuer"), max_length=160, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    in_force_until = models.DateField(
        _("in force until"), null=True, blank=True, help_text=_("The last day it held.")
    )
    amended_by = models.ManyToManyField(
        "self",
        verbose_name=_("amended by"),
        symmetrical=False,
        blank=True,
        related_name="amends",
        help_text=_("What changed it, and after which it still holds."),
    )
    replaced_by = models.ManyToManyField(
        "self",
        verbose_name=_("replaced by"),
        symmetrical=False,
        blank=True,
        related_name="replaces",
        help_text=_("What took its place."),
    )
    url = models.URLField(_("address"), max_length=500, blank=True)
    checked_on = models.DateField(
        _("checked on"),
        null=True,
        blank=True,
        help_text=_("When somebody last compared the course with it."),
    )
    look_again_on = models.DateField(_("look again on"), null=True, blank=True)
    # When its amendments, its successor or its end were last entered: news to all who cite it.
    changed_at = models.DateTimeField(null=True, blank=True, editable=False)

    search_fields = [
        index.AutocompleteField("title"),
        index.AutocompleteField("title_en"),
        index.AutocompleteField("number"),
        *(index.SearchField(name) for name in ("title", "title_en", "number")),
    ]

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> str:
        """The title in the language of the page, where it has one."""
        return (get_language() == "en" and self.title_en) or self.title

    def has_lapsed(self, *, on: date) -> bool:
        """Whether its last day was before `on`."""
        return self.in_force_until is not None and self.in_force_until < on


class SourceReview(models.Model):
    """Somebody looked whether a lesson, question or course still says what its sources say."""

    class Subject(models.TextChoices):
        LESSON = "lesson", _("Lesson")
        QUESTION = "question", _("Question")
        COURSE = "course", _("Course")

    class Verdict(models.TextChoices):
        RIGHT = "right", pgettext_lazy("review", "Still right")
        CORRECTED = "corrected", pgettext_lazy("review", "Corrected")
        WITHDRAWN = "withdrawn", pgettext_lazy("review", "Withdrawn")

    subject = models.CharField(_("what was reviewed"), max_length=10, choices=Subject.choices)
    # A page's translation key, or a question's key.
    key = models.CharField(_("key"), max_length=80)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices)
    note = models.TextField(_("note"), blank=True)
    at = models.DateTimeField(_("reviewed at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reviewed by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-at"]
        indexes = [models.Index(fields=["subject", "key", "at"], name="courses_review_subject")]

    def __str__(self) -> str:
        return f"{self.get_subject_display()} {self.key}: {self.get_verdict_display()}"
