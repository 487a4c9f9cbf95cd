"""The shape of a course, as plain values: what other packages see of its pages."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from learning.courses.origins import origin_of, origin_of_final


@dataclass(frozen=True)
class LessonOutline:
    """A lesson's place in its module; `number` counts from 1, `minutes` is reading time."""

    key: UUID
    page_id: int
    revision: int | None
    title: str
    url: str
    number: int
    minutes: int
    goals: tuple[int, ...]
    # Where the text turns to a goal: its number and the anchor of the heading.
    goal_places: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class GoalPlace:
    """Where the course tells of a goal, and the title of the lesson that does."""

    number: int
    url: str
    lesson: str


@dataclass(frozen=True)
class ModuleOutline:
    """A module's place in its course; `quiz_id` is None where no quiz closes it."""

    key: UUID
    page_id: int
    title: str
    url: str
    summary: str
    number: int
    quiz_id: int | None
    lessons: tuple[LessonOutline, ...]

    @cached_property
    def minutes(self) -> int:
        """Reading time of all its lessons."""
        return sum(lesson.minutes for lesson in self.lessons)

    @cached_property
    def goals(self) -> tuple[int, ...]:
        """The numbers of the goals its lessons teach, ascending."""
        return tuple(sorted({n for lesson in self.lessons for n in lesson.goals}))

    @cached_property
    def goal_places(self) -> tuple[GoalPlace, ...]:
        """Where its lessons turn to each goal, the goals in order, each once."""
        places: dict[int, GoalPlace] = {}
        for lesson in self.lessons:
            for number, anchor in lesson.goal_places:
                place = GoalPlace(number, f"{lesson.url}#{anchor}", lesson.title)
                places.setdefault(number, place)
        return tuple(places[number] for number in sorted(places))


@dataclass(frozen=True)
class CourseOutline:
    """A course with its live modules and lessons in order; `revision` is its page's."""

    key: UUID
    page_id: int
    revision: int | None
    title: str
    summary: str
    url: str
    hours: Decimal
    training_goal: str
    self_enrolment: bool
    final_quiz_id: int | None
    modules: tuple[ModuleOutline, ...]
    # Keys of the courses to be completed before this one.
    requires: tuple[UUID, ...] = ()

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins of all attempts that belong to it: of its live modules and its final test."""
        return (*(origin_of(module.key) for module in self.modules), origin_of_final(self.key))

    @cached_property
    def minutes(self) -> int:
        """Reading time of the whole course."""
        return sum(module.minutes for module in self.modules)

    @cached_property
    def lessons(self) -> tuple[LessonOutline, ...]:
        """All lessons in reading order."""
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    def module(self, key: UUID) -> ModuleOutline | None:
        """The module with this key, if it is live."""
        return next((m for m in self.modules if m.key == key), None)

    def place_of(self, lesson_key: UUID) -> tuple[ModuleOutline, LessonOutline] | None:
        """A lesson with its module, if both are live."""
        for module in self.modules:
            for lesson in module.lessons:
                if lesson.key == lesson_key:
                    return module, lesson
        return None
