"""Who cites which source: a few queries, however much there is.

Both languages of a page are one content, known by their translation key. Only what is published
counts: live pages and live questions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from wagtail.blocks import StreamValue

from learning.courses.models import CoursePage, LessonPage, ModulePage, Source, SourceReview
from learning.courses.queries import ORIGINAL
from learning.courses.register.freshness import Network, SourceFacts
from quizzes.bank.models import Question, Quiz, QuizDraw, QuizQuestion
from quizzes.bank.queries import asked_filter

Subject = SourceReview.Subject
_PAGE_FIELDS = ("pk", "translation_key", "locale__language_code", "title")


@dataclass(frozen=True)
class Citing:
    """A lesson, question or course with the ids of its sources.

    `pks` are its page in each language, or the question; `through` are the sources that only its
    lessons and questions cite; `printed` is what a certificate prints of a course.
    """

    subject: str
    key: str
    title: str
    pks: dict[str, int]
    directly: frozenset[int]
    through: frozenset[int] = frozenset()
    printed: str = ""

    @property
    def pk(self) -> int:
        """Of the question, or of the page in its own language."""
        return self.pks.get(ORIGINAL) or next(iter(self.pks.values()))


@dataclass(frozen=True)
class CitingQuiz:
    """A quiz with the keys of all questions it may ask, those of the quizzes it draws from too."""

    pk: int
    name: str
    questions: frozenset[str]


def read_sources() -> tuple[dict[int, Source], Network]:
    """All sources by their ids, and as the rules see them; three queries."""
    sources = {source.pk: source for source in Source.objects.order_by("pk")}
    amended, replaced = _relations("amended_by"), _relations("replaced_by")
    network = Network(
        SourceFacts(
            pk=pk,
            in_force_from=source.in_force_from,
            in_force_until=source.in_force_until,
            checked_on=source.checked_on,
            look_again_on=source.look_again_on,
            changed_at=source.changed_at,
            amended_by=frozenset(amended[pk]),
            replaced_by=frozenset(replaced[pk]),
        )
        for pk, source in sources.items()
    )
    return sources, network


def _relations(name: str) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    through: Any = getattr(Source, name).through
    for pk, other in through.objects.values_list("from_source_id", "to_source_id"):
        found[pk].add(other)
    return found


# --- lessons ------------------------------------------------------------------------------------


def cited_in(body: StreamValue) -> set[int]:
    """The ids of the sources that the blocks of a lesson's body name."""
    return {pk for block in body.raw_data for pk in _named_in(block["value"])}


def _named_in(value: Any) -> Iterator[int]:
    if isinstance(value, dict):
        if isinstance(value.get("source"), int):
            yield value["source"]
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _named_in(part)


def read_lessons() -> list[Citing]:
    """Live lessons in the tree's order; two queries."""
    rows = LessonPage.objects.live().order_by("path").values(*_PAGE_FIELDS, "body")
    listed = _sources_of(LessonPage)
    cited = ((row, listed[row["pk"]] | cited_in(row["body"])) for row in rows)
    return list(_merged(Subject.LESSON, cited).values())


def _sources_of(model: type[LessonPage] | type[CoursePage]) -> dict[int, set[int]]:
    """The sources that live pages list, by page id."""
    found: dict[int, set[int]] = defaultdict(set)
    through: Any = model.sources.through
    name = model._meta.model_name
    rows = through.objects.filter(**{f"{name}__live": True})
    for pk, source in rows.values_list(f"{name}_id", "source_id"):
        found[pk].add(source)
    return found


def _merged(
    subject: str,
    rows: Iterable[tuple[dict[str, Any], set[int]]],
    more: Callable[[str], dict[str, Any]] = lambda _key: {},
) -> dict[str, Citing]:
    """The languages of each page as one; the title is that of the language shown, if there is."""
    pks: dict[str, dict[str, int]] = defaultdict(dict)
    titles: dict[str, dict[str, str]] = defaultdict(dict)
    cited: dict[str, set[int]] = defaultdict(set)
    for row, sources in rows:
        key, language = str(row["translation_key"]), row["locale__language_code"]
        pks[key][language], titles[key][language] = row["pk"], row["title"]
        cited[key] |= sources
    return {
        key: Citing(
            subject=subject,
            key=key,
            title=_in_language(titles[key]),
            pks=pks[key],
            directly=frozenset(cited[key]),
            **more(key),
        )
        for key in pks
    }


def _in_language(texts: dict[str, str]) -> str:
    for language in (get_language(), ORIGINAL):
        if language in texts:
            return texts[language]
    return next(iter(texts.values()))


# --- questions and quizzes ----------------------------------------------------------------------


def read_questions(ids: dict[str, int]) -> list[Citing]:
    """Live questions by key; `ids` are the sources' ids by their keys. One query."""
    rows = Question.objects.filter(**asked_filter()).order_by("key")
    english = get_language() == "en"
    return [
        Citing(
            subject=Subject.QUESTION,
            key=key,
            title=(english and prompt_en) or prompt,
            pks={ORIGINAL: pk},
            directly=frozenset(ids[name] for name in named or () if name in ids),
        )
        for pk, key, prompt, prompt_en, named in rows.values_list(
            "pk", "key", "prompt", "prompt_en", "source_keys"
        )
    ]


def read_quizzes() -> list[CitingQuiz]:
    """Quizzes by title, each with its live questions and those of its pools; three queries."""
    own: dict[int, set[str]] = defaultdict(set)
    places = QuizQuestion.objects.filter(**asked_filter("question__"))
    for quiz, key in places.values_list("quiz_id", "question__key"):
        own[quiz].add(key)
    asked = defaultdict(set, {quiz: set(keys) for quiz, keys in own.items()})
    for quiz, pool in QuizDraw.objects.values_list("quiz_id", "pool_id"):
        asked[quiz] |= own[pool]
    return [
        CitingQuiz(quiz.pk, quiz.name, frozenset(asked[quiz.pk]))
        for quiz in Quiz.objects.order_by("title", "pk")
    ]


# --- courses ------------------------------------------------------------------------------------


def read_courses(
    lessons: Collection[Citing], questions: Collection[Citing], quizzes: Collection[CitingQuiz]
) -> list[Citing]:
    """Live courses with all that their lessons and quizzes cite; four queries.

    A course answers for its certificate, which prints its title, hours and training goal.
    """
    rows = CoursePage.objects.live().order_by("path")
    courses = list(rows.values(*_PAGE_FIELDS, "path", "final_quiz_id", "training_goal"))
    below = _Below(lessons, questions, quizzes)
    listed = _sources_of(CoursePage)
    through: dict[str, set[int]] = defaultdict(set)
    printed: dict[str, dict[str, str]] = defaultdict(dict)
    for row in courses:
        key = str(row["translation_key"])
        through[key] |= below.cited(row["path"], row["final_quiz_id"])
        printed[key][row["locale__language_code"]] = row["training_goal"]
    found = _merged(
        Subject.COURSE,
        ((row, listed[row["pk"]]) for row in courses),
        lambda key: {"through": frozenset(through[key]), "printed": _in_language(printed[key])},
    )
    return list(found.values())


class _Below:
    """What lessons and quizzes below a page of the tree cite."""

    def __init__(
        self,
        lessons: Collection[Citing],
        questions: Collection[Citing],
        quizzes: Collection[CitingQuiz],
    ) -> None:
        by_page = {pk: lesson.directly for lesson in lessons for pk in lesson.pks.values()}
        paths = LessonPage.objects.live().values_list("path", "pk")
        self._lessons = [(path, by_page[pk]) for path, pk in paths if pk in by_page]
        modules = ModulePage.objects.live().filter(quiz__isnull=False)
        self._modules = list(modules.values_list("path", "quiz_id"))
        by_question = {question.key: question.directly for question in questions}
        self._quizzes = {
            quiz.pk: frozenset[int]().union(
                *(by_question[key] for key in quiz.questions & by_question.keys())
            )
            for quiz in quizzes
        }

    def cited(self, path: str, final_quiz: int | None) -> set[int]:
        """The ids of the sources cited below the page at `path`, by its final test too."""
        found = set(self._quizzes.get(final_quiz or 0, ()))
        for place, sources in self._lessons:
            if place.startswith(path):
                found |= sources
        for place, quiz in self._modules:
            if place.startswith(path):
                found |= self._quizzes.get(quiz, frozenset())
        return found
