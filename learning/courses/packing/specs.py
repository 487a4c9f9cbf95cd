"""A content pack, found sound: plain values, the English texts beside the Vietnamese."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from quizzes.bank.pictures import PictureFile

Block = tuple[str, Any, int]


@dataclass(frozen=True)
class SourceSpec:
    """A source of the register; `amended_by` and `replaced_by` name others by key."""

    title: str
    title_en: str
    kind: str
    number: str
    issuer: str
    issued_on: date | None
    in_force_from: date | None
    in_force_until: date | None
    amended_by: list[str]
    replaced_by: list[str]
    url: str
    checked_on: date | None
    look_again_on: date | None


@dataclass(frozen=True)
class TermSpec:
    """A term of the glossary; `source` is empty for general language."""

    key: str
    term: str
    term_en: str
    also: list[str]
    also_en: list[str]
    definition: str
    definition_en: str
    source: str


@dataclass(frozen=True)
class PageTexts:
    """What a page says in English."""

    slug: str
    title: str
    summary: str


@dataclass(frozen=True)
class LessonSpec:
    """A lesson as the pack tells it; `body` is a list of (block type, value, line)."""

    key: str
    slug: str
    title: str
    summary: str
    minutes: int
    goals: list[int]
    objectives: list[str]
    sources: list[str]
    body: list[Block]
    words: int
    english: PageTexts | None = None
    english_body: list[Block] | None = None


@dataclass(frozen=True)
class QuestionSpec:
    """A question as the pack tells it; `difficulty` 1 easy, 2 medium, 3 hard.

    Options are mappings of the fields the kind knows (text, right, why, match, gap …), and text_en,
    why_en, match_en where it is translated. `settings` are those the pack gives.
    """

    key: str
    kind: str
    lesson: str
    objective: str
    difficulty: int
    valid_from: date | None
    valid_until: date | None
    prompt: str
    options: list[dict[str, Any]]
    explanation: str
    sources: list[str]
    prompt_en: str = ""
    explanation_en: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    # The name of its own picture; an option names its own in «picture».
    picture: str = ""
    pictures: dict[str, PictureFile] = field(default_factory=dict)


@dataclass(frozen=True)
class QuizSpec:
    """A module's quiz, or the final test; `draw` None asks all, `draws` is module key → count."""

    key: str
    title: str
    title_en: str
    pass_percent: int
    draw: int | None
    draws: dict[str, int]


@dataclass(frozen=True)
class ModuleSpec:
    """A module with its lessons and its quiz's questions, in order; objectives are key → text."""

    key: str
    slug: str
    title: str
    summary: str
    objectives: dict[str, str]
    lessons: list[LessonSpec]
    quiz: QuizSpec
    questions: list[QuestionSpec]
    english: PageTexts | None
    objectives_en: dict[str, str]


@dataclass(frozen=True)
class CampaignSpec:
    """The page around the course, with the kit to spread the word; `body` is Markdown."""

    slug: str
    title: str
    lead: str
    body: str
    letter: str
    programme: list[str]
    this_week: list[str]
    mail_subject: str
    mail_text: str
    chat_text: str


@dataclass(frozen=True)
class CourseTexts:
    """What the course says in English."""

    slug: str
    title: str
    short_title: str
    summary: str
    objectives: list[str]
    training_goal: str
    campaign: CampaignSpec


@dataclass(frozen=True)
class Pack:
    """A whole pack, found sound."""

    root: Path
    key: str
    slug: str
    title: str
    short_title: str
    summary: str
    objectives: list[str]
    hours: Decimal
    updated: date | None
    training_goal: str
    course_sources: list[str]
    campaign: CampaignSpec
    sources: dict[str, SourceSpec]
    terms: list[TermSpec]
    modules: list[ModuleSpec]
    final: QuizSpec | None
    english: CourseTexts | None
