"""Questions as editors write them, and frozen versions of them.

Editors change `Question`. Whoever sits a quiz sees a `QuestionVersion`, made when the
question is published and never changed after: an attempt points at versions, so an edit
cannot reach a person in the middle of her quiz.
"""

from __future__ import annotations

import secrets
import unicodedata
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from taggit.models import TaggedItemBase
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.search import index

from quizzes.bank.forms import QuestionForm
from quizzes.bank.kinds import kind_choices
from quizzes.bank.models.pictures import MOST_ALT, Picture
from quizzes.bank.regions import validate_area
from quizzes.bank.words import words_of

# No vowels and no look-alikes, so that a made-up key never spells a word.
KEY_ALPHABET = "bcdfghjkmnpqrstvwxz23456789"


def random_key(prefix: str) -> str:
    """A key for what an editor makes by hand."""
    return f"{prefix}-" + "".join(secrets.choice(KEY_ALPHABET) for _n in range(10))


def new_question_key() -> str:
    """A key for a question that an editor makes by hand (packs bring their own)."""
    return random_key("q")


def nfc(text: str) -> str:
    """`text` in Unicode NFC, so that equal words are equal bytes."""
    return unicodedata.normalize("NFC", text)


_TEXTS = (
    "topic",
    "prompt",
    "prompt_en",
    "explanation",
    "explanation_en",
    "sources_text",
    "alt",
    "alt_en",
)


class Illustrated(models.Model):
    """May have a picture, and says what it shows for whoever does not see it."""

    picture = models.ForeignKey(
        Picture,
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    alt = models.CharField(
        _("what the picture shows"),
        max_length=MOST_ALT,
        blank=True,
        help_text=_("Read to whoever does not see it. It must not tell the answer."),
    )
    alt_en = models.CharField(_("what it shows, in English"), max_length=MOST_ALT, blank=True)

    class Meta:
        abstract = True


class Question(
    Illustrated,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    ClusterableModel,
):
    """One question as its editors see it. Only its published versions are asked."""

    class Difficulty(models.IntegerChoices):
        EASY = 1, _("Easy")
        MEDIUM = 2, _("Medium")
        HARD = 3, _("Hard")

    class State(models.TextChoices):
        """Not stored: read off what Wagtail and retirement store."""

        DRAFT = "draft", pgettext_lazy("question", "Draft")
        REVIEW = "review", pgettext_lazy("question", "In review")
        LIVE = "live", pgettext_lazy("question", "Live")
        CHANGED = "changed", pgettext_lazy("question", "Live, with a newer draft")
        RETIRED = "retired", pgettext_lazy("question", "Retired")

    key = models.SlugField(
        _("key"),
        max_length=80,
        unique=True,
        default=new_question_key,
        help_text=_("Names the question in content packs. Do not change it later."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=kind_choices, default="single")
    topic = models.CharField(_("topic"), max_length=120, blank=True)
    # What the question checks, in the words of whoever uses the bank; stored, never read here.
    reference = models.CharField(_("checks the lesson"), max_length=120, blank=True, db_index=True)
    # So are the objective it serves and the keys of the sources it rests on.
    objective = models.CharField(_("objective"), max_length=80, blank=True)
    source_keys = models.JSONField(_("keys of sources"), default=list, blank=True)
    difficulty = models.PositiveSmallIntegerField(
        _("difficulty"), choices=Difficulty.choices, default=Difficulty.MEDIUM
    )
    valid_from = models.DateField(
        _("valid from"),
        null=True,
        blank=True,
        help_text=_("Outside these days the question is not drawn. Leave empty for no limit."),
    )
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    prompt = models.TextField(_("question"))
    prompt_en = models.TextField(_("question in English"), blank=True)
    explanation = models.TextField(
        _("explanation"), blank=True, help_text=_("Shown after handing in, under the answer.")
    )
    explanation_en = models.TextField(_("explanation in English"), blank=True)
    sources_text = models.TextField(
        _("sources"),
        blank=True,
        help_text=_("One source a line; an address may follow after a vertical bar."),
    )
    tags = ClusterTaggableManager(through="bank.QuestionTag", blank=True, verbose_name=_("tags"))
    # No longer asked: attempts keep it, nothing new draws it.
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True, editable=False)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("retired by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    retired_why = models.CharField(_("why it was retired"), max_length=300, blank=True)
    # What the kind lets an editor set, where it differs from the kind's default.
    settings = models.JSONField(_("settings of the kind"), default=dict, blank=True)
    current_version = models.ForeignKey(
        "QuestionVersion",
        verbose_name=_("current version"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # The words of the prompt, for finding questions that say the same: see `likeness`.
    words = models.TextField(editable=False, blank=True)
    word_count = models.PositiveSmallIntegerField(editable=False, default=0, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="question",
        for_concrete_model=False,
    )

    base_form_class = QuestionForm

    search_fields = [
        index.SearchField("prompt"),
        index.AutocompleteField("prompt"),
        index.SearchField("key"),
        index.SearchField("topic"),
        index.FilterField("kind"),
        index.FilterField("difficulty"),
        index.FilterField("topic"),
    ]

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["key"]
        indexes = [
            # What blueprints draw by.
            models.Index(fields=["topic", "difficulty"], name="bank_question_topic"),
            models.Index(fields=["objective"], name="bank_question_objective"),
        ]

    def __str__(self) -> str:
        return self.prompt[:90] or self.key

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._normalise()
        super().save(*args, **kwargs)

    @admin.display(description=_("question"), ordering="prompt")
    def prompt_line(self) -> str:
        """The question's beginning, for lists."""
        return str(self)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._normalise()
        super().full_clean(*args, **kwargs)

    def _normalise(self) -> None:
        for name in _TEXTS:
            setattr(self, name, nfc(getattr(self, name) or "").strip())
        self.words = words_of([self.prompt])
        self.word_count = len(self.words.split())

    def is_valid_on(self, day: date) -> bool:
        """Whether `day` lies in the days the question may be drawn."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )

    def with_content_json(self, content: dict[str, Any]) -> Question:
        """The revision as an object; which version is current, and whether it is retired, are
        facts, not content."""
        restored: Question = super().with_content_json(content)
        restored.current_version_id = self.current_version_id
        restored.retired_at = self.retired_at
        restored.retired_by_id = self.retired_by_id
        restored.retired_why = self.retired_why
        restored.created_at = self.created_at
        return restored

    @property
    def is_asked(self) -> bool:
        """Whether new attempts may ask it, its days aside."""
        return self.live and self.current_version_id is not None and self.retired_at is None

    @property
    def state(self) -> State:
        """Where it stands between writing and retirement."""
        if self.retired_at is not None:
            return self.State.RETIRED
        if self.workflow_in_progress:
            return self.State.REVIEW
        if not self.live:
            return self.State.DRAFT
        return self.State.CHANGED if self.has_unpublished_changes else self.State.LIVE

    @admin.display(description=_("state"))
    def state_line(self) -> str:
        """Its state in a word, for lists."""
        return str(self.state.label)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "bank/preview_question.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        from quizzes.bank.preview import question_context

        return {**super().get_preview_context(request, mode_name), **question_context(self)}


class QuestionTag(TaggedItemBase):
    """A word that editors find a question by."""

    content_object = ParentalKey(Question, on_delete=models.CASCADE, related_name="tagged_items")

    class Meta:
        verbose_name = _("tag of a question")
        constraints = [
            models.UniqueConstraint(
                fields=["tag", "content_object"], name="bank_question_tag_once"
            ),
        ]


class Option(Illustrated, Orderable):
    """One answer offered by a question."""

    question = ParentalKey(Question, on_delete=models.CASCADE, related_name="options")
    # Stable name of the option inside its question. It says nothing about being right.
    key = models.CharField(_("key"), max_length=20, blank=True)
    # Empty for a counterpart that matches nothing.
    text = models.TextField(_("text"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)
    is_right = models.BooleanField(_("right"), default=False)
    why = models.TextField(
        _("why"), blank=True, help_text=_("Why it is right or not; shown after handing in.")
    )
    why_en = models.TextField(_("why, in English"), blank=True)
    match = models.TextField(
        _("counterpart"), blank=True, help_text=_("What belongs to it, in a matching question.")
    )
    match_en = models.TextField(_("counterpart in English"), blank=True)
    gap = models.PositiveSmallIntegerField(
        _("gap"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_("Which gap of the question it fills: 1 for [[1]]."),
    )
    pinned = models.BooleanField(
        _("stays in its place"),
        default=False,
        help_text=_("For options like «both A and B»: shuffling leaves it where it stands."),
    )
    points = models.PositiveSmallIntegerField(
        _("most points"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("How many points this criterion can earn."),
    )
    area = models.CharField(
        _("region"),
        max_length=40,
        blank=True,
        validators=[validate_area],
        help_text=_(
            "Left, top, width, height, or for a circle its middle and radius: "
            "thousandths of the picture, as 100,250,300,200."
        ),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("option")
        verbose_name_plural = _("options")
        constraints = [
            models.UniqueConstraint(fields=["question", "key"], name="bank_option_key_once"),
            models.CheckConstraint(
                condition=models.Q(points__isnull=True) | models.Q(points__gte=1),
                name="bank_option_points_positive",
            ),
        ]

    def __str__(self) -> str:
        return (self.text or self.match)[:60]

    def save(self, *args: Any, **kwargs: Any) -> None:
        for name in ("text", "text_en", "why", "why_en", "match", "match_en", "alt", "alt_en"):
            setattr(self, name, nfc(getattr(self, name)).strip())
        self.area = "".join(self.area.split())
        super().save(*args, **kwargs)


class QuestionVersion(models.Model):
    """A question as it was published once. Never changed after it is made."""

    wagtail_reference_index_ignore = True

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    # The same as content["kind"]: a column, so that saving an answer need not read the content.
    kind = models.CharField(_("kind"), max_length=20)
    content = models.JSONField(_("content"))
    digest = models.CharField(_("digest"), max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("published by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("question version")
        verbose_name_plural = _("question versions")
        ordering = ["question", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "digest"], name="bank_version_content_once"
            ),
            models.UniqueConstraint(fields=["question", "number"], name="bank_version_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} v{self.number}"
