"""Sources, and lessons, questions and courses that cite them."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from learning.courses.models import LessonPage, ModulePage, Source
from quizzes.bank.models import Question
from tests.factories import add_lesson
from tests.quizzes.factories import QuestionFactory

_numbers = itertools.count(1)


def day(offset: int = 0) -> date:
    """Today in Vietnam, or so many days later."""
    return timezone.localdate() + timedelta(days=offset)


def make_source(title: str = "", **fields: Any) -> Source:
    """A law that was checked a month ago."""
    number = next(_numbers)
    fields.setdefault("checked_on", day(-30))
    return Source.objects.create(
        key=fields.pop("key", f"van-ban-{number}"),
        title=title or f"Văn bản số {number}",
        kind=fields.pop("kind", "law"),
        **fields,
    )


def replaced(source: Source, *by: Source) -> Source:
    """The source, replaced by others just now."""
    source.replaced_by.set(by)
    source.changed_at = timezone.now()
    source.save()
    return source


def citing_lesson(module: ModulePage, *sources: Source, **fields: Any) -> LessonPage:
    """A published lesson that lists the sources."""
    lesson = add_lesson(module, **fields)
    lesson.sources = sources
    lesson.save_revision().publish()
    return LessonPage.objects.get(pk=lesson.pk)


def citing_question(*sources: Source, **fields: Any) -> Question:
    """A published question that names the sources."""
    return QuestionFactory(source_keys=[source.key for source in sources], **fields)


def fact_with(source: Source) -> tuple[str, Any]:
    """A block of a lesson's body that names the source."""
    return "fact", {"number": "24", "text": "<p>Lần thứ.</p>", "source": source}
