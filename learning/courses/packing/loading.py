"""Writing a sound pack into sources, questions, quizzes and pages: all of it or nothing.

Identities come from the pack's keys, so loading again finds what was loaded before, and progress
stays with it. What a pack last said of a thing is remembered as a digest: only what the *pack*
changed is written again, so an editor's own changes survive a second loading.
"""

import json
import uuid
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale, Page

from learning.courses.findable import rebuilt_once
from learning.courses.models import (
    CampaignPage,
    CoursePage,
    LessonPage,
    ModuleObjective,
    ModulePage,
    Source,
    Term,
)
from learning.courses.packing.bodies import BodyWriter
from learning.courses.packing.lessons import to_html
from learning.courses.packing.pages import Loaded, PageWriter, identity
from learning.courses.packing.specs import (
    Block,
    CampaignSpec,
    LessonSpec,
    ModuleSpec,
    Pack,
    QuestionSpec,
    QuizSpec,
    SourceSpec,
)
from learning.courses.stamp import touch_content
from quizzes.bank.actions import save_question, save_quiz
from quizzes.bank.models import Quiz

_ENGLISH = "en"
# What makes those who cite a source look again, when it changes.
_NEWS = ("in_force_until", "amended_by", "replaced_by")


def course_key_of(pack_key: str) -> uuid.UUID:
    """The key of the course that the pack called `pack_key` makes."""
    return identity(pack_key, "course")


@transaction.atomic
def load_pack(pack: Pack, *, parent: Page) -> Loaded:
    """Write the pack below `parent`; lessons that the pack no longer has are unpublished."""
    loader = _PackLoader(pack)
    with rebuilt_once():
        loader.load(parent)
    touch_content()
    return loader.done


class _PackLoader:
    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.done = Loaded()
        self.sources: dict[str, Source] = {}
        self.quizzes: dict[str, Quiz] = {}
        self.final: Quiz | None = None
        self.bodies = BodyWriter(pack.root, self.sources)

    def load(self, parent: Page) -> None:
        self._load_sources()
        self._load_terms()
        self._load_quizzes()
        self._load_vietnamese(parent)
        if self.pack.english is not None:
            self._load_english(parent)

    # --- the register and the glossary ------------------------------------------------------------

    def _load_sources(self) -> None:
        present = {source.key: source for source in Source.objects.all()}
        for key, spec in self.pack.sources.items():
            values = asdict(spec)
            fields = {n: v for n, v in values.items() if n not in ("amended_by", "replaced_by")}
            created = key not in present
            source = Source.objects.create(key=key, **fields) if created else present[key]
            self.sources[key] = source
            news = self.done.note(
                identity(self.pack.key, "source", key), f"source {key}", values, created=created
            )
            if news and not created:
                self._update_source(source, spec, fields)
        # Once all are there to be named.
        for key, spec in self.pack.sources.items():
            if f"source {key}" not in self.done.unchanged:
                self._relate(self.sources[key], spec)

    @staticmethod
    def _update_source(source: Source, spec: SourceSpec, fields: dict[str, Any]) -> None:
        before = {
            "in_force_until": source.in_force_until,
            "amended_by": set(source.amended_by.values_list("key", flat=True)),
            "replaced_by": set(source.replaced_by.values_list("key", flat=True)),
        }
        after = {
            "in_force_until": spec.in_force_until,
            "amended_by": set(spec.amended_by),
            "replaced_by": set(spec.replaced_by),
        }
        for name, value in fields.items():
            setattr(source, name, value)
        if any(before[name] != after[name] for name in _NEWS):
            source.changed_at = timezone.now()
        source.save()

    def _relate(self, source: Source, spec: SourceSpec) -> None:
        source.amended_by.set(self._named(spec.amended_by))
        source.replaced_by.set(self._named(spec.replaced_by))

    def _load_terms(self) -> None:
        present = {term.key: term for term in Term.objects.all()}
        for spec in self.pack.terms:
            told = asdict(spec)
            key = spec.key
            values = told | {"source": self.sources[spec.source] if spec.source else None}
            created = key not in present
            term = Term(key=key) if created else present[key]
            if self.done.note(
                identity(self.pack.key, "term", key), f"term {key}", told, created=created
            ):
                for name, value in values.items():
                    setattr(term, name, value)
                term.save()

    # --- questions and quizzes --------------------------------------------------------------------

    def _load_quizzes(self) -> None:
        for module in self.pack.modules:
            for question in module.questions:
                self._load_question(module, question)
            self.quizzes[module.key] = self._load_quiz(
                module.quiz, [self._question_key(question) for question in module.questions], []
            )
        if self.pack.final is not None:
            draws = [
                (self.quizzes[module].key, count) for module, count in self.pack.final.draws.items()
            ]
            self.final = self._load_quiz(self.pack.final, [], draws)

    def _load_quiz(
        self, spec: QuizSpec, question_keys: list[str], draws: list[tuple[str, int]]
    ) -> Quiz:
        key = f"{self.pack.key}-{spec.key}"[:80]
        values: dict[str, Any] = {
            "title": spec.title,
            "title_en": spec.title_en,
            "pass_percent": spec.pass_percent,
            "draw": spec.draw,
            "draws": draws,
            "question_keys": question_keys,
        }
        quiz = Quiz.objects.filter(key=key).first()
        news = self.done.note(identity(self.pack.key, "quiz", spec.key), f"quiz {key}", values)
        return save_quiz(key=key, **values) if quiz is None or news else quiz

    def _question_key(self, question: QuestionSpec) -> str:
        return f"{self.pack.key}-{question.key}"[:80]

    def _load_question(self, module: ModuleSpec, question: QuestionSpec) -> None:
        key = self._question_key(question)
        values: dict[str, Any] = {
            "kind": question.kind,
            "prompt": question.prompt,
            "prompt_en": question.prompt_en,
            "options": question.options,
            "explanation": question.explanation,
            "explanation_en": question.explanation_en,
            "difficulty": question.difficulty,
            "topic": module.title,
            "reference": str(identity(self.pack.key, "lesson", question.lesson)),
            "objective": question.objective,
            "valid_from": question.valid_from,
            "valid_until": question.valid_until,
            "source_keys": question.sources,
            "sources": [
                {"title": self.sources[s].title, "url": self.sources[s].url}
                for s in question.sources
            ],
        }
        # Only where there are some, so that a pack of before is still the same pack.
        for name in ("settings", "picture", "pictures"):
            if value := getattr(question, name):
                values[name] = value
        label = f"question {key}"
        if self.done.note(identity(self.pack.key, "question", question.key), label, values):
            save_question(key=key, **values)

    # --- pages ------------------------------------------------------------------------------------

    def _load_vietnamese(self, parent: Page) -> None:
        pack = self.pack
        writer = PageWriter(pack.key, Locale.get_default(), self.done)
        campaign = self._campaign(writer, parent, pack.campaign)
        course = writer.write(
            CoursePage,
            campaign,
            course_key_of(pack.key),
            {
                "title": pack.title,
                "slug": pack.slug,
                "short_title": pack.short_title,
                "summary": pack.summary,
                "objectives": "\n".join(pack.objectives),
                "training_goal": pack.training_goal,
                **self._terms_of_the_course(),
            },
            sources=self._named(pack.course_sources),
        )
        modules = []
        for module in pack.modules:
            texts = {"title": module.title, "slug": module.slug, "summary": module.summary}
            page = self._module(writer, course, module, texts, module.objectives)
            lessons = [
                self._lesson(
                    writer,
                    page,
                    lesson,
                    {"title": lesson.title, "slug": lesson.slug, "summary": lesson.summary},
                    lesson.body,
                )
                for lesson in module.lessons
            ]
            writer.arrange(page, lessons)
            modules.append(page)
        writer.arrange(course, modules)
        writer.withdraw(course, self._page_keys())

    def _load_english(self, parent: Page) -> None:
        """The tree again in English: what of it has been translated."""
        texts = self.pack.english
        assert texts is not None
        locale, _created = Locale.objects.get_or_create(language_code=_ENGLISH)
        writer = PageWriter(self.pack.key, locale, self.done)
        campaign = self._campaign(writer, _in_language(parent, locale), texts.campaign)
        course = writer.write(
            CoursePage,
            campaign,
            course_key_of(self.pack.key),
            {
                "title": texts.title,
                "slug": texts.slug,
                "short_title": texts.short_title,
                "summary": texts.summary,
                "objectives": "\n".join(texts.objectives),
                "training_goal": texts.training_goal,
                **self._terms_of_the_course(),
            },
            sources=self._named(self.pack.course_sources),
        )
        modules = []
        for module in self.pack.modules:
            if module.english is None:
                continue
            page = self._module(
                writer, course, module, asdict(module.english), module.objectives_en
            )
            lessons = [
                self._lesson(writer, page, lesson, asdict(lesson.english), lesson.english_body)
                for lesson in module.lessons
                if lesson.english is not None and lesson.english_body is not None
            ]
            writer.arrange(page, lessons)
            modules.append(page)
        writer.arrange(course, modules)
        writer.withdraw(course, self._page_keys())

    def _terms_of_the_course(self) -> dict[str, Any]:
        return {
            "hours": self.pack.hours,
            "updated_on": self.pack.updated,
            "final_quiz_id": self.final.pk if self.final else None,
        }

    def _campaign(self, writer: PageWriter, parent: Page, spec: CampaignSpec) -> CampaignPage:
        values = asdict(spec)
        values["body"] = _campaign_body(self.pack.key, spec.body)
        values["programme"] = "\n".join(spec.programme)
        values["this_week"] = "\n".join(spec.this_week)
        return writer.write(CampaignPage, parent, identity(self.pack.key, "campaign"), values)

    def _module(
        self,
        writer: PageWriter,
        course: Page,
        module: ModuleSpec,
        texts: dict[str, Any],
        objectives: dict[str, str],
    ) -> ModulePage:
        return writer.write(
            ModulePage,
            course,
            identity(self.pack.key, "module", module.key),
            texts | {"quiz_id": self.quizzes[module.key].pk},
            children={
                "objectives": [
                    ModuleObjective(key=key, text=text, sort_order=order)
                    for order, (key, text) in enumerate(objectives.items())
                ]
            },
        )

    def _lesson(
        self,
        writer: PageWriter,
        module: Page,
        lesson: LessonSpec,
        texts: dict[str, Any],
        body: list[Block],
    ) -> LessonPage:
        key = identity(self.pack.key, "lesson", lesson.key)
        return writer.write(
            LessonPage,
            module,
            key,
            texts
            | {
                "minutes": lesson.minutes,
                "goals": lesson.goals,
                "objectives": lesson.objectives,
                "body": self.bodies.as_json(key, body),
            },
            sources=self._named(lesson.sources),
        )

    def _named(self, keys: Iterable[str]) -> list[Source]:
        return [self.sources[key] for key in keys]

    def _page_keys(self) -> set[uuid.UUID]:
        return {
            identity(self.pack.key, "lesson", lesson.key)
            for module in self.pack.modules
            for lesson in module.lessons
        } | {identity(self.pack.key, "module", module.key) for module in self.pack.modules}


def _campaign_body(pack_key: str, markdown: str) -> str:
    text = to_html(markdown)
    if not text:
        return "[]"
    block = {"type": "text", "value": text, "id": str(identity(pack_key, "campaign", "text"))}
    return json.dumps([block], ensure_ascii=False)


def _in_language(page: Page, locale: Locale) -> Page:
    """The page's translation, made as a copy where there is none yet."""
    translation = page.get_translation_or_none(locale)
    if translation is None:
        translation = page.specific.copy_for_translation(locale)
        translation.save_revision().publish()
    return translation
