"""Campaign, course, module and lesson pages, and the register of sources.

A page's `translation_key` is the identity of what it teaches: both languages of a lesson share it,
and progress, quizzes and certificates refer to nothing else.
"""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.blocks import RichTextBlock
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail.snippets.models import register_snippet

from learning.courses.blocks import TEXT_FEATURES, LessonBody
from learning.courses.goals import GOALS


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
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    number = models.CharField(_("number"), max_length=80, blank=True)
    issuer = models.CharField(_("issuer"), max_length=160, blank=True)
    issued_on = models.CharField(_("issued on"), max_length=40, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)

    panels = ["title", "key", "kind", "number", "issuer", "issued_on", "url", "checked_on"]
    search_fields = [index.SearchField("title"), index.AutocompleteField("title")]

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


register_snippet(Source)


class CampaignPage(Page):
    """One year's World IP Day: its theme, its letter, its courses."""

    lead = models.TextField(_("lead"))
    letter = models.CharField(_("the letter behind it"), max_length=300, blank=True)
    body = StreamField([("text", RichTextBlock(features=[*TEXT_FEATURES, "h2", "h3"]))], blank=True)

    content_panels = [*Page.content_panels, "lead", "letter", "body"]
    subpage_types = ["courses.CoursePage"]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]

    class Meta:
        verbose_name = _("campaign")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from learning.courses.queries import get_outline

        context = super().get_context(request, *args, **kwargs)
        keys = (
            CoursePage.objects.live()
            .child_of(self)
            .order_by("path")
            .values_list("translation_key", flat=True)
        )
        return context | {"courses": [get_outline(key) for key in keys]}


class ObjectivesMixin(models.Model):
    """What a learner can do afterwards, one sentence a line."""

    objectives = models.TextField(_("objectives"), blank=True, help_text=_("One a line."))

    class Meta:
        abstract = True

    @property
    def objective_list(self) -> list[str]:
        """The objectives, one string each."""
        return [line.strip() for line in self.objectives.splitlines() if line.strip()]


class CoursePage(ObjectivesMixin, Page):
    """A course: modules in order, and a certificate at the end."""

    short_title = models.CharField(_("short title"), max_length=80, blank=True)
    summary = models.TextField(_("summary"))
    hours = models.DecimalField(
        _("study hours"),
        max_digits=5,
        decimal_places=1,
        default=1,
        validators=[MinValueValidator(0)],
        help_text=_("Printed on the certificate."),
    )
    training_goal = models.CharField(_("training goal it serves"), max_length=200, blank=True)
    updated_on = models.DateField(_("content true as of"), null=True, blank=True)
    self_enrolment = models.BooleanField(_("anyone with an account may enrol"), default=True)

    content_panels = [
        *Page.content_panels,
        "short_title",
        "summary",
        "objectives",
        MultiFieldPanel(
            ["hours", "training_goal", "updated_on", "self_enrolment"], _("Terms of the course")
        ),
    ]
    parent_page_types = ["courses.CampaignPage"]
    subpage_types = ["courses.ModulePage"]
    search_fields = [*Page.search_fields, index.SearchField("summary")]

    class Meta:
        verbose_name = _("course")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from learning.courses.queries import get_outline

        context = super().get_context(request, *args, **kwargs)
        stamp = getattr(request, "content_stamp", None)
        context["outline"] = get_outline(self.translation_key, stamp=stamp)
        return context | getattr(request, "study", {})


class ModulePage(ObjectivesMixin, Page):
    """A module: a few lessons and the quiz that closes it."""

    summary = models.TextField(_("summary"))
    quiz = models.ForeignKey(
        "bank.Quiz",
        verbose_name=_("quiz"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    content_panels = [*Page.content_panels, "summary", "objectives", FieldPanel("quiz")]
    parent_page_types = ["courses.CoursePage"]
    subpage_types = ["courses.LessonPage"]
    search_fields = [*Page.search_fields, index.SearchField("summary")]

    class Meta:
        verbose_name = _("module")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from learning.courses.queries import module_place

        context = super().get_context(request, *args, **kwargs)
        stamp = getattr(request, "content_stamp", None)
        return context | module_place(self, stamp=stamp) | getattr(request, "study", {})


def _validate_goals(value: Any) -> None:
    if not isinstance(value, list) or any(n not in range(1, len(GOALS) + 1) for n in value):
        raise ValidationError(_("Give the numbers of goals, from 1 to 17."))


class LessonPage(Page):
    """Five to ten minutes: one question, its matter, one example, what to do from tomorrow."""

    summary = models.TextField(_("summary"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=7, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    goals = models.JSONField(
        _("goals"),
        default=list,
        blank=True,
        validators=[_validate_goals],
        help_text=_("Numbers of the goals it teaches, as in [9, 10]."),
    )
    sources = ParentalManyToManyField(
        Source, verbose_name=_("sources"), blank=True, related_name="+"
    )
    body = StreamField(LessonBody(), verbose_name=_("body"), blank=True)

    content_panels = [
        TitleFieldPanel("title"),
        "summary",
        MultiFieldPanel(["minutes", "goals"], _("About the lesson")),
        "body",
        "sources",
    ]
    parent_page_types = ["courses.ModulePage"]
    subpage_types: list[str] = []
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.AutocompleteField("summary"),
    ]

    class Meta:
        verbose_name = _("lesson")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from learning.courses.queries import lesson_place
        from learning.courses.rendering import render_body

        context = super().get_context(request, *args, **kwargs)
        stamp = getattr(request, "content_stamp", None)
        context |= lesson_place(self, stamp=stamp)
        context["body_html"] = render_body(
            self, fresh=getattr(request, "is_preview", False), stamp=stamp
        )
        return context | getattr(request, "study", {})


class ContentStamp(models.Model):
    """One row that changes whenever anything published changes; caches are keyed by it.

    Reading it is one indexed query, cheaper than asking each cached thing whether it is stale,
    and right for any number of processes with caches of their own.
    """

    value = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return str(self.value)


class LoadedItem(models.Model):
    """What a content pack last said of one thing, as a digest: loading again writes only news."""

    key = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.key)
