"""What the list of questions can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag
from wagtail.admin.filters import WagtailFilterSet
from wagtail.models import WorkflowState

from quizzes.bank.models import Question
from quizzes.bank.queries import topics


def topic_choices() -> list[tuple[str, str]]:
    """Every topic of the bank as a choice; one query."""
    return [(topic, topic) for topic in topics()]


def in_review() -> Exists:
    """Whether a question's workflow is under way, for queries."""
    return Exists(
        WorkflowState.objects.filter(
            question=OuterRef("pk"), status=WorkflowState.STATUS_IN_PROGRESS
        )
    )


def in_state(questions: QuerySet[Question], state: str) -> QuerySet[Question]:
    """Those of the questions that are in this state: the same as `Question.state` says of each."""
    retired = Q(retired_at__isnull=False)
    if state == Question.State.RETIRED:
        return questions.filter(retired)
    review = in_review()
    if state == Question.State.REVIEW:
        return questions.filter(~retired, review)
    rest = questions.filter(~retired, ~review)
    if state == Question.State.DRAFT:
        return rest.filter(live=False)
    return rest.filter(live=True, has_unpublished_changes=state == Question.State.CHANGED)


class QuestionFilterSet(WagtailFilterSet):
    """Kind, topic, difficulty, objective, tag and state."""

    topic = django_filters.ChoiceFilter(label=_("topic"), choices=topic_choices)
    state = django_filters.ChoiceFilter(
        label=_("state"), choices=Question.State.choices, method="filter_state"
    )
    tag = django_filters.ModelChoiceFilter(
        label=_("tag"),
        field_name="tagged_items__tag",
        queryset=lambda _request: Tag.objects.filter(
            bank_questiontag_items__isnull=False
        ).distinct(),
    )

    class Meta:
        model = Question
        fields = ["state", "topic", "kind", "difficulty", "tag", "objective"]

    def filter_state(self, found: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep those in the state chosen."""
        return in_state(found, value)
