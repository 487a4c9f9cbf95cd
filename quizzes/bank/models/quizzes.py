"""Quizzes: lists of questions, how many of them are drawn, and the rules of sitting them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable, PreviewableMixin, RevisionMixin
from wagtail.search import index

from quizzes.bank.forms import QuizForm
from quizzes.bank.models.questions import Question, nfc, random_key
from quizzes.bank.models.rules import SittingRules


def new_quiz_key() -> str:
    """A key for a quiz that an editor makes by hand."""
    return random_key("quiz")


class Quiz(SittingRules, RevisionMixin, PreviewableMixin, index.Indexed, ClusterableModel):
    """A list of questions with the rules of sitting them."""

    key = models.SlugField(
        _("key"),
        max_length=80,
        unique=True,
        default=new_quiz_key,
        help_text=_("Names the quiz in content packs. Do not change it later."),
    )
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    introduction = models.TextField(_("introduction"), blank=True)
    draw = models.PositiveSmallIntegerField(
        _("questions drawn"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("How many of the questions below one attempt asks. Leave empty for all."),
    )
    entry_quiz = models.ForeignKey(
        "self",
        verbose_name=_("quiz to pass first"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    base_form_class = QuizForm

    search_fields = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        index.SearchField("key"),
    ]

    class Meta(SittingRules.Meta):
        abstract = False
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.pk and self.entry_quiz_id == self.pk:
            raise ValidationError(
                {"entry_quiz": gettext("A quiz cannot ask that it be passed first itself.")}
            )

    @property
    def name(self) -> str:
        """The title in the language of the page."""
        return self.title_en if get_language() == "en" and self.title_en else self.title

    @admin.display(description=_("questions to draw from"))
    def pool_line(self) -> str:
        """How many questions an attempt asks, of how many; a pool too small is said, for lists."""
        from quizzes.bank.drawing import pools

        found = pools(self, on=timezone.localdate())
        asked = sum(min(pool.wanted, pool.askable) for pool in found)
        line = _("%(asked)s of %(all)s") % {
            "asked": asked,
            "all": sum(pool.askable for pool in found),
        }
        small = [pool.name for pool in found if pool.is_too_small]
        if small:
            line += ". " + _("Too few questions: %(names)s") % {"names": ", ".join(small)}
        return str(line)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.title = nfc(self.title).strip()
        self.title_en = nfc(self.title_en).strip()
        self.introduction = nfc(self.introduction).strip()
        self.honesty_note = nfc(self.honesty_note).strip()
        self.entry_code = nfc(self.entry_code).strip()
        super().save(*args, **kwargs)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "bank/preview_quiz.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        from quizzes.bank.preview import quiz_context

        return {**super().get_preview_context(request, mode_name), **quiz_context(self)}


class QuizDraw(Orderable):
    """A blueprint's line: so many questions drawn from a quiz's questions, or from the whole bank.

    `topic`, `difficulty` and `objective` narrow what is drawn from; without a quiz at least one
    of them must be set, so that nobody draws from everything by leaving a form empty.
    """

    quiz = ParentalKey(Quiz, on_delete=models.CASCADE, related_name="draws")
    pool = models.ForeignKey(
        Quiz,
        verbose_name=_("quiz to draw from"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Leave empty to draw from the whole bank."),
    )
    topic = models.CharField(_("topic"), max_length=120, blank=True)
    difficulty = models.PositiveSmallIntegerField(
        _("difficulty"), choices=Question.Difficulty.choices, null=True, blank=True
    )
    objective = models.CharField(_("objective"), max_length=80, blank=True)
    count = models.PositiveSmallIntegerField(
        _("questions drawn"), default=1, validators=[MinValueValidator(1)]
    )
    points = models.PositiveSmallIntegerField(
        _("points each"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Leave empty for what the quiz drawn from gives them, or one."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(count__gte=1), name="bank_draw_count_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(points__isnull=True) | models.Q(points__gte=1),
                name="bank_draw_points_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(pool__isnull=True) | ~models.Q(quiz=models.F("pool")),
                name="bank_draw_from_another",
            ),
            models.CheckConstraint(
                condition=models.Q(pool__isnull=False)
                | ~models.Q(topic="")
                | ~models.Q(objective="")
                | models.Q(difficulty__isnull=False),
                name="bank_draw_from_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count} × {self.label}"

    @property
    def label(self) -> str:
        """What is drawn from, in words: «Quiz 1 · topic · hard»."""
        parts = [self.pool.name if self.pool else "", self.topic, self.objective]
        if self.difficulty is not None:
            parts.append(str(Question.Difficulty(self.difficulty).label))
        return " · ".join(part for part in parts if part)

    def clean(self) -> None:
        super().clean()
        if self.pool_id is None and not (self.topic or self.objective or self.difficulty):
            raise ValidationError(
                gettext("Say what to draw from: a quiz, a topic, a difficulty or an objective.")
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.topic = nfc(self.topic).strip()
        self.objective = nfc(self.objective).strip()
        super().save(*args, **kwargs)


class QuizQuestion(Orderable):
    """A question's place in a quiz, with the points it is worth there."""

    quiz = ParentalKey(Quiz, on_delete=models.CASCADE, related_name="places")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="places")
    points = models.PositiveSmallIntegerField(
        _("points"), default=1, validators=[MinValueValidator(1)]
    )

    class Meta(Orderable.Meta):
        verbose_name = _("question in the quiz")
        verbose_name_plural = _("questions in the quiz")
        constraints = [
            models.UniqueConstraint(fields=["quiz", "question"], name="bank_quiz_question_once"),
            models.CheckConstraint(
                condition=models.Q(points__gte=1), name="bank_quiz_question_points_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quiz_id}/{self.question_id}"
