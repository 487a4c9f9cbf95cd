"""The table of facts: what each course says, and on which source it rests."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.utils import timezone
from django.utils.text import Truncator

from learning.courses.models import CoursePage, LessonPage, LoadedItem, Source, Term
from learning.courses.outline import CourseOutline
from learning.courses.packing.loading import course_key_of
from learning.courses.packing.pages import identity
from learning.courses.queries import ORIGINAL, get_outline
from learning.courses.register.citations import read_sources
from learning.courses.register.freshness import State
from quizzes.bank.models import QuizQuestion
from quizzes.bank.queries import asked_filter

_PACKS = Path(__file__).resolve().parent.parent / "packs"
_TAG = re.compile(r"<[^>]+>")
_LONGEST = 140


@dataclass(frozen=True)
class CitedFact:
    """One statement of a course with one source it rests on.

    `kind` is course, lesson, question, term or the type of a lesson's block; `place` is the numbers
    of its module and lesson; `name` tells it from others: a key, or the block's place among its
    kind.
    """

    pack: str
    kind: str
    place: str
    name: str
    fact: str
    source: Source
    state: State


def known_packs() -> dict[UUID, str]:
    """The keys of the packs that come with the product, by the course each makes."""
    found = {}
    for path in sorted(_PACKS.glob("*/course.yaml")):
        key = str(yaml.safe_load(path.read_text(encoding="utf-8"))["key"])
        found[course_key_of(key)] = key
    return found


def cited_facts(pack: str = "") -> list[CitedFact]:
    """What the course of the pack rests on (of all courses, where none is named), in its order.

    In the course's own language. Raises `LookupError` if no course was loaded from that pack.
    """
    names = known_packs() | ({course_key_of(pack): pack} if pack else {})
    courses = CoursePage.objects.live().filter(locale__language_code=ORIGINAL).order_by("path")
    keys = courses.values_list("translation_key", flat=True)
    chosen = [key for key in keys if not pack or key == course_key_of(pack)]
    if pack and not chosen:
        raise LookupError(pack)
    reader = _Reader()
    found: list[CitedFact] = []
    for key in chosen:
        outline = get_outline(key, language=ORIGINAL)
        if outline is not None:
            found += reader.course(outline, names.get(key, ""))
    return found


class _Reader:
    """Reads the facts of courses; holds the register."""

    def __init__(self) -> None:
        self.sources, network = read_sources()
        self.by_key = {source.key: source for source in self.sources.values()}
        self.states = {pk: network.state(pk, on=timezone.localdate()) for pk in self.sources}

    def course(self, outline: CourseOutline, pack: str) -> Iterator[CitedFact]:
        page = CoursePage.objects.get(pk=outline.page_id)
        listed = page.sources.values_list("pk", flat=True)
        yield from self._told(pack, "course", "", "", outline.title, listed)
        pages = LessonPage.objects.in_bulk([lesson.page_id for lesson in outline.lessons])
        asked = _questions([module.quiz_id for module in outline.modules] + [outline.final_quiz_id])
        for module in outline.modules:
            for lesson in module.lessons:
                place = f"{module.number}.{lesson.number}"
                yield from self._lesson(pack, place, pages[lesson.page_id])
            yield from self._questions(pack, f"{module.number}", asked[module.quiz_id])
        yield from self._questions(pack, "", asked[outline.final_quiz_id])
        if pack:
            yield from self._terms(pack)

    def _told(
        self, pack: str, kind: str, place: str, name: str, fact: str, pks: Iterable[int]
    ) -> Iterator[CitedFact]:
        fact = Truncator(fact).chars(_LONGEST)
        for source in sorted(
            (self.sources[pk] for pk in pks if pk in self.sources), key=lambda one: one.key
        ):
            yield CitedFact(pack, kind, place, name, fact, source, self.states[source.pk])

    def _lesson(self, pack: str, place: str, page: LessonPage) -> Iterator[CitedFact]:
        listed = page.sources.values_list("pk", flat=True)
        yield from self._told(pack, "lesson", place, "", page.title, listed)
        counts: dict[str, int] = defaultdict(int)
        for block in page.body.raw_data:
            kind, value = block["type"], block["value"]
            counts[kind] += 1
            if isinstance(value, dict) and value.get("source"):
                name, pks = str(counts[kind]), [value["source"]]
                yield from self._told(pack, kind, place, name, _gist(value), pks)

    def _questions(
        self, pack: str, place: str, questions: list[tuple[str, str, list[str]]]
    ) -> Iterator[CitedFact]:
        for key, prompt, named in questions:
            pks = [self.by_key[name].pk for name in named or () if name in self.by_key]
            yield from self._told(pack, "question", place, key, prompt, pks)

    def _terms(self, pack: str) -> Iterator[CitedFact]:
        terms = {
            identity(pack, "term", term.key): term
            for term in Term.objects.filter(source__isnull=False).order_by("key")
        }
        loaded = set(LoadedItem.objects.filter(key__in=terms).values_list("key", flat=True))
        for key, term in terms.items():
            if key in loaded:
                said = f"{term.term}: {term.definition}"
                yield from self._told(pack, "term", "", term.key, said, [term.source_id or 0])


def _questions(quiz_ids: list[int | None]) -> dict[int | None, list[tuple[str, str, list[str]]]]:
    """The live questions of the quizzes: key, prompt and keys of sources, in order; one query."""
    found: dict[int | None, list[tuple[str, str, list[str]]]] = defaultdict(list)
    rows = QuizQuestion.objects.filter(
        quiz_id__in=filter(None, quiz_ids), **asked_filter("question__")
    )
    for quiz, key, prompt, named in rows.order_by("sort_order", "pk").values_list(
        "quiz_id", "question__key", "question__prompt", "question__source_keys"
    ):
        found[quiz].append((key, prompt, named))
    return found


def _gist(value: dict[str, Any]) -> str:
    """What a block states, in a line: its figure, its title or its question, then its text."""
    parts = [
        " ".join(filter(None, [value.get("number"), value.get("unit")])),
        value.get("title") or value.get("prompt") or "",
        unescape(_TAG.sub(" ", value.get("text") or "")),
    ]
    return ". ".join(" ".join(part.split()) for part in parts if part.strip())
