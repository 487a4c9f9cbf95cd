"""Campaign, course, module and lesson pages.

A page's `translation_key` is the identity of what it teaches: both languages of a lesson share it,
and progress, quizzes and certificates refer to nothing else.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, TitleFieldPanel
from wagtail.blocks import RichTextBlock
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from learning.courses.blocks import TEXT_FEATURES, LessonBody
from learning.courses.goals import GOALS
from learning.courses.models.sources import Source
from quizzes.bank.models import Quiz


class CampaignPage(Page):
    """One year's World IP Day: its theme, its letter, its courses, and a kit to spread the word."""

    lead = models.TextField(_("lead"))
    letter = models.CharField(_("the letter behind it"), max_length=300, blank=True)
    body = StreamField([("text", RichTextBlock(features=[*TEXT_FEATURES, "h2", "h3"]))], blank=True)
    programme = models.TextField(
        _("programme"), blank=True, help_text=_("One item a line: when, a vertical bar, what.")
    )
    this_week = models.TextField(
        _("what an agency can do this week"), blank=True, help_text=_("One a line.")
    )
    mail_subject = models.CharField(_("subject of the e-mail to share"), max_length=200, blank=True)
    mail_text = models.TextField(_("text for e-mail"), blank=True)
    chat_text = models.TextField(_("text for Zalo"), blank=True)

    content_panels = [
        *Page.content_panels,
        "lead",
        "letter",
        "body",
        "programme",
        "this_week",
        MultiFieldPanel(["mail_subject", "mail_text", "chat_text"], _("Texts to share")),
    ]
    subpage_types = ["courses.CoursePage"]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]

    class Meta:
        verbose_name = _("campaign")

    @property
    def programme_items(self) -> list[tuple[str, str]]:
        """When and what, in order; «when» is empty where a line names none."""
        lines = (line.partition("|") for line in self.programme.splitlines() if line.strip())
        return [
            (when.strip(), what.strip()) if bar else ("", when.strip()) for when, bar, what in lines
        ]

    @property
    def week_list(self) -> list[str]:
        """What an agency can do this week, one string each."""
        return [line.strip() for line in self.this_week.splitlines() if line.strip()]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from learning.courses.kit.campaign import campaign_kit, courses_of

        context = super().get_context(request, *args, **kwargs)
        courses = courses_of(self, stamp=getattr(request, "content_stamp", None))
        return context | {"courses": courses, "kit": campaign_kit(self, courses)}


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
    requires = ParentalManyToManyField(
        "self",
        verbose_name=_("courses to complete before"),
        symmetrical=False,
        blank=True,
        related_name="+",
    )
    public_sign_up = models.BooleanField(
        _("public sign-up open"),
        default=False,
        help_text=_("Citizens, enterprises and the press may make an account for this course."),
    )
    final_quiz = models.ForeignKey(
        "bank.Quiz",
        verbose_name=_("final test"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Closes the course once every module is done."),
    )
    sources = ParentalManyToManyField(
        Source, verbose_name=_("sources"), blank=True, related_name="+"
    )

    content_panels = [
        *Page.content_panels,
        "short_title",
        "summary",
        "objectives",
        MultiFieldPanel(
            [
                "hours",
                "training_goal",
                "updated_on",
                "self_enrolment",
                "public_sign_up",
                "requires",
                "final_quiz",
            ],
            _("Terms of the course"),
        ),
        "sources",
    ]
    parent_page_types = ["courses.CampaignPage"]
    subpage_types = ["courses.ModulePage"]
    search_fields = [*Page.search_fields, index.SearchField("summary")]

    class Meta:
        verbose_name = _("course")

    def clean(self) -> None:
        super().clean()
        _refuse_practice(self.final_quiz, "final_quiz")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from learning.courses.queries import get_outline

        context = super().get_context(request, *args, **kwargs)
        stamp = getattr(request, "content_stamp", None)
        context["outline"] = get_outline(self.translation_key, stamp=stamp)
        return context | getattr(request, "study", {})


def _refuse_practice(quiz: Quiz | None, field: str) -> None:
    """Nothing of a practice quiz counts, so nobody could complete what it closes."""
    if quiz is not None and quiz.is_practice:
        raise ValidationError(
            {field: gettext("This quiz is for practice: nobody could complete this with it.")}
        )


class ModulePage(Page):
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

    content_panels = [
        *Page.content_panels,
        "summary",
        InlinePanel("objectives", heading=_("Objectives"), label=_("Objective")),
        FieldPanel("quiz"),
    ]
    parent_page_types = ["courses.CoursePage"]
    subpage_types = ["courses.LessonPage"]
    search_fields = [*Page.search_fields, index.SearchField("summary")]

    class Meta:
        verbose_name = _("module")

    def clean(self) -> None:
        super().clean()
        _refuse_practice(self.quiz, "quiz")

    @property
    def objective_list(self) -> list[str]:
        """The objectives' texts, in order."""
        return [objective.text for objective in self.objectives.all()]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from learning.courses.queries import module_place

        context = super().get_context(request, *args, **kwargs)
        stamp = getattr(request, "content_stamp", None)
        return context | module_place(self, stamp=stamp) | getattr(request, "study", {})


class ModuleObjective(Orderable):
    """What a learner can do after a module; lessons and questions name it by its key."""

    page = ParentalKey(ModulePage, on_delete=models.CASCADE, related_name="objectives")
    key = models.SlugField(_("key"), max_length=80)
    text = models.CharField(_("text"), max_length=250)

    class Meta(Orderable.Meta):
        verbose_name = _("objective")
        constraints = [
            models.UniqueConstraint(fields=["page", "key"], name="courses_objective_key_once")
        ]

    def __str__(self) -> str:
        return self.text


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
    objectives = models.JSONField(
        _("objectives"),
        default=list,
        blank=True,
        help_text=_("Keys of the module's objectives that it serves."),
    )
    sources = ParentalManyToManyField(
        Source, verbose_name=_("sources"), blank=True, related_name="+"
    )
    body = StreamField(LessonBody(), verbose_name=_("body"), blank=True)

    content_panels = [
        TitleFieldPanel("title"),
        "summary",
        MultiFieldPanel(["minutes", "goals", "objectives"], _("About the lesson")),
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
        from learning.courses.register.queries import basis_of
        from learning.courses.rendering import render_body

        context = super().get_context(request, *args, **kwargs)
        stamp = getattr(request, "content_stamp", None)
        fresh = getattr(request, "is_preview", False)
        context |= lesson_place(self, stamp=stamp)
        context["body_html"] = render_body(self, fresh=fresh, stamp=stamp)
        context["basis"] = basis_of(self, fresh=fresh, stamp=stamp)
        return context | getattr(request, "study", {})
