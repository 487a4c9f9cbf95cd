"""Counts of what there is to learn and to ask, for those who build the course."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any
from uuid import UUID

import polib
from django.conf import settings
from django.db.models import Model

from learning.courses.models import CoursePage, LessonPage, ModulePage, Source, Term
from learning.courses.outline import CourseOutline, ModuleOutline
from learning.courses.queries import ORIGINAL, course_choices, get_outline
from learning.courses.register.freshness import State, day_of
from learning.courses.register.pools import QuizPools, every_pool
from learning.courses.register.queries import Register
from quizzes.bank.kinds import kind_names
from quizzes.bank.models import Question, QuizQuestion
from quizzes.bank.queries import asked_filter

_INLINE = re.compile(r"</?(?:a|b|i)\b[^>]*>")
_TAG = re.compile(r"<[^>]+>")
_TRANSLATION = "en"
# What is read of a block; practice questions are not.
_READ = frozenset({"text", "transcript", "items"})
Counts = dict[str, int]


def count_words(body: Any) -> int:
    """The words of a lesson's body that are read, parted by spaces: no practice, no labels."""
    return sum(
        _words(block["value"] if isinstance(block["value"], str) else _read_of(block["value"]))
        for block in body.raw_data
        if block["type"] != "practice"
    )


def _read_of(value: Any) -> Any:
    return [part for name, part in value.items() if name in _READ]


def _words(value: Any) -> int:
    if isinstance(value, str):
        return len(_TAG.sub(" ", _INLINE.sub("", value)).split())
    if isinstance(value, dict):
        # A list's part names itself by kind and id.
        return sum(_words(part) for name, part in value.items() if name not in ("type", "id"))
    return sum(map(_words, value)) if isinstance(value, list) else 0


def course_figures() -> dict[str, Any]:
    """All figures as plain data, ready for JSON; counts of now, in the courses' own language."""
    register = Register()
    reader = _Reader(register)
    courses = [
        reader.course(outline)
        for key, _title in course_choices()
        if (outline := get_outline(key, language=ORIGINAL))
    ]
    return {
        "courses": courses,
        "sources": _sources(register),
        "terms": {"total": Term.objects.count()},
        "stale": _stale(register),
        "untranslated": _untranslated(),
    }


class _Reader:
    """Figures of courses; holds what they share."""

    def __init__(self, register: Register) -> None:
        self.pools = {pools.pk: pools for pools in every_pool(on=register.today)}
        self.words: dict[str, dict[UUID, int]] = defaultdict(dict)
        rows = LessonPage.objects.live().values_list(
            "locale__language_code", "translation_key", "body"
        )
        for language, key, body in rows:
            self.words[language][key] = count_words(body)
        self.questions: dict[int, list[tuple[str, int]]] = defaultdict(list)
        places = QuizQuestion.objects.filter(**asked_filter("question__"))
        for quiz, kind, difficulty in places.values_list(
            "quiz_id", "question__kind", "question__difficulty"
        ):
            self.questions[quiz].append((kind, difficulty))

    def course(self, outline: CourseOutline) -> dict[str, Any]:
        modules = [self._module(module) for module in outline.modules]
        totals = ("lessons", "words", "words_en", "minutes", "questions")
        return {
            "key": str(outline.key),
            "title": outline.title,
            "modules": modules,
            "total": {name: sum(module[name] for module in modules) for name in totals},
            "final": self._pools(outline.final_quiz_id),
        }

    def _module(self, module: ModuleOutline) -> dict[str, Any]:
        asked = self.questions[module.quiz_id or 0]
        kinds, difficulties = Counter(k for k, _d in asked), Counter(d for _k, d in asked)
        return {
            "number": module.number,
            "title": module.title,
            "lessons": len(module.lessons),
            "words": self._words(module, ORIGINAL),
            "words_en": self._words(module, _TRANSLATION),
            "minutes": module.minutes,
            "questions": len(asked),
            "kinds": {kind: kinds[kind] for kind in kind_names()},
            "difficulties": {one.name.lower(): difficulties[one] for one in Question.Difficulty},
            "pool": self._pools(module.quiz_id),
        }

    def _words(self, module: ModuleOutline, language: str) -> int:
        return sum(self.words[language].get(lesson.key, 0) for lesson in module.lessons)

    def _pools(self, quiz_id: int | None) -> dict[str, Any] | None:
        found: QuizPools | None = self.pools.get(quiz_id or 0)
        if found is None:
            return None
        return {
            "quiz": found.name,
            "drawn": found.asked,
            "askable": found.askable,
            "pools": [
                {"name": pool.name, "wanted": pool.wanted, "askable": pool.askable}
                for pool in found.pools
            ],
        }


def _sources(register: Register) -> dict[str, Any]:
    states = {pk: register.state(pk) for pk in register.sources}
    counts = Counter(states.values())
    return {
        "total": len(states),
        "states": {state.value: counts[state] for state in State},
        "not_current": [
            {"key": source.key, "title": source.title, "state": states[pk].value}
            for pk, source in register.sources.items()
            if states[pk] != State.CURRENT
        ],
    }


def _stale(register: Register) -> dict[str, Any]:
    counts = Counter(str(item.content.subject) for item in register.stale)
    return {
        "total": len(register.stale),
        "kinds": dict(counts),
        "quizzes": len(register.stale_quizzes),
        "items": [
            {
                "kind": str(item.content.subject),
                "key": item.content.key,
                "title": item.content.title,
                "since": day_of(item.since).isoformat(),
                "sources": sorted({register.sources[news.cited].key for news in item.news}),
            }
            for item in register.stale
        ],
    }


def _untranslated() -> dict[str, Any]:
    """What is there in Vietnamese only (of the interface: in English only), by name."""
    pages: list[str] = []
    for model in (CoursePage, ModulePage, LessonPage):
        live = model.objects.live()
        english = live.filter(locale__language_code=_TRANSLATION).values("translation_key")
        own = live.filter(locale__language_code=ORIGINAL).exclude(translation_key__in=english)
        pages += own.order_by("path").values_list("title", flat=True)
    return {
        "pages": pages,
        "questions": _keys_without(Question, "prompt_en", live=True),
        "sources": _keys_without(Source, "title_en"),
        "terms": _keys_without(Term, "term_en"),
        "strings": _untranslated_strings(),
    }


def _keys_without(model: type[Model], field: str, **only: Any) -> list[str]:
    found = model._default_manager.filter(**{field: ""}, **only)
    return list(found.order_by("key").values_list("key", flat=True))


def _untranslated_strings() -> int | None:
    """Strings of the interface that the catalogue leaves open; None where there is no catalogue."""
    file = f"{ORIGINAL}/LC_MESSAGES/django.po"
    paths = [Path(folder) / file for folder in settings.LOCALE_PATHS]
    found = [polib.pofile(str(path)) for path in paths if path.exists()]
    return sum(len(one.untranslated_entries()) for one in found) if found else None
