"""Writing a sound pack into sources, questions, quizzes and pages: all of it or nothing.

Identities come from the pack's keys, so loading again finds what was loaded before, and progress
stays with it. What a pack last said of a thing is remembered as a digest: only what the *pack*
changed is written again, so an editor's own changes survive a second loading.
"""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from django.core.files import File
from django.db import transaction
from django.utils.dateparse import parse_date
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, Locale, Page

from learning.courses.models import (
    CampaignPage,
    CoursePage,
    LessonPage,
    LoadedItem,
    ModulePage,
    Source,
)
from learning.courses.packing.lessons import to_html
from learning.courses.packing.reader import LessonSpec, ModuleSpec, Pack, QuestionSpec
from learning.courses.stamp import touch_content
from quizzes.bank.actions import save_question, save_quiz
from quizzes.bank.models import Quiz

_NAMESPACE = uuid.UUID("6b0c1c1e-6f3c-5d5e-9d3c-8f1f1f0a2604")
_COLLECTION = "Course packs"
_P = TypeVar("_P", bound=Page)


@dataclass
class Loaded:
    """What a loading did: names of things by what happened to them."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)


def identity(*parts: str) -> uuid.UUID:
    """The identity of a thing in a pack, the same at every loading and on every machine."""
    return uuid.uuid5(_NAMESPACE, "/".join(parts))


def course_key_of(pack_key: str) -> uuid.UUID:
    """The key of the course that the pack called `pack_key` makes."""
    return identity(pack_key, "course")


@transaction.atomic
def load_pack(pack: Pack, *, parent: Page) -> Loaded:
    """Write the pack below `parent`; lessons that the pack no longer has are unpublished."""
    loader = _PackLoader(pack)
    loader.load(parent)
    touch_content()
    return loader.done


class _PackLoader:
    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.done = Loaded()
        self.sources: dict[str, Source] = {}
        self.collection = _collection()

    def load(self, parent: Page) -> None:
        pack = self.pack
        self._load_sources()
        campaign = self._page(
            CampaignPage,
            parent,
            identity(pack.key, "campaign"),
            {
                "title": pack.campaign["title"],
                "slug": pack.campaign["slug"],
                "lead": pack.campaign["lead"],
                "letter": pack.campaign["letter"],
                "body": _campaign_body(pack),
            },
        )
        course = self._page(
            CoursePage,
            campaign,
            course_key_of(pack.key),
            {
                "title": pack.title,
                "slug": pack.slug,
                "short_title": pack.short_title,
                "summary": pack.summary,
                "objectives": "\n".join(pack.objectives),
                "hours": pack.hours,
                "training_goal": pack.training_goal,
                "updated_on": parse_date(pack.updated) if pack.updated else None,
            },
        )
        modules = [self._load_module(course, module) for module in pack.modules]
        self._arrange(course, modules)
        self._withdraw(course)

    def _load_sources(self) -> None:
        for key, fields in self.pack.sources.items():
            values = fields | {"checked_on": parse_date(fields["checked_on"] or "")}
            source, created = Source.objects.get_or_create(key=key, defaults=values)
            if self._note(
                identity(self.pack.key, "source", key), f"source {key}", values, created=created
            ):
                for name, value in values.items():
                    setattr(source, name, value)
                source.save()
            self.sources[key] = source

    def _load_module(self, course: CoursePage, module: ModuleSpec) -> ModulePage:
        key = identity(self.pack.key, "module", module.key)
        for question in module.questions:
            self._load_question(module, question)
        quiz = self._load_quiz(module)
        page = self._page(
            ModulePage,
            course,
            key,
            {
                "title": module.title,
                "slug": module.slug,
                "summary": module.summary,
                "objectives": "\n".join(module.objectives),
                "quiz_id": quiz.pk,
            },
        )
        self._arrange(page, [self._load_lesson(page, lesson) for lesson in module.lessons])
        return page

    def _load_quiz(self, module: ModuleSpec) -> Quiz:
        key = f"{self.pack.key}-{module.quiz_key}"[:80]
        values: dict[str, Any] = {
            "title": module.quiz_title,
            "pass_percent": module.pass_percent,
            "question_keys": [self._question_key(q) for q in module.questions],
        }
        quiz = Quiz.objects.filter(key=key).first()
        news = self._note(identity(self.pack.key, "quiz", module.quiz_key), f"quiz {key}", values)
        return save_quiz(key=key, **values) if quiz is None or news else quiz

    def _question_key(self, question: QuestionSpec) -> str:
        return f"{self.pack.key}-{question.key}"[:80]

    def _load_question(self, module: ModuleSpec, question: QuestionSpec) -> None:
        key = self._question_key(question)
        values: dict[str, Any] = {
            "kind": question.kind,
            "prompt": question.prompt,
            "options": question.options,
            "explanation": question.explanation,
            "difficulty": question.difficulty,
            "topic": module.title,
            "reference": str(identity(self.pack.key, "lesson", question.lesson)),
            "sources": [
                {"title": self.sources[s].title, "url": self.sources[s].url}
                for s in question.sources
            ],
        }
        if self._note(identity(self.pack.key, "question", question.key), f"question {key}", values):
            save_question(key=key, **values)

    def _load_lesson(self, module: ModulePage, lesson: LessonSpec) -> LessonPage:
        key = identity(self.pack.key, "lesson", lesson.key)
        return self._page(
            LessonPage,
            module,
            key,
            {
                "title": lesson.title,
                "slug": lesson.slug,
                "summary": lesson.summary,
                "minutes": lesson.minutes,
                "goals": lesson.goals,
                "body": self._body(key, lesson),
            },
            sources=[self.sources[name] for name in lesson.sources],
        )

    def _body(self, key: uuid.UUID, lesson: LessonSpec) -> str:
        """The blocks as the stream field's JSON; ids stay as long as the order of their kind."""
        counts: dict[str, int] = {}
        blocks = []
        for kind, value, _line in lesson.body:
            counts[kind] = counts.get(kind, 0) + 1
            blocks.append(
                {
                    "type": kind,
                    "value": self._resolved(kind, value),
                    "id": str(uuid.uuid5(key, f"{kind}/{counts[kind]}")),
                }
            )
        return json.dumps(blocks, ensure_ascii=False)

    def _resolved(self, kind: str, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        value = dict(value)
        if "source" in value:
            value["source"] = self.sources[value["source"]].pk if value["source"] else None
        if "picture" in value:
            value["picture"] = (
                self._image(value["picture"], value["alt"]) if value["picture"] else None
            )
        if kind in ("video", "download"):
            for name in {"file", "captions"} & value.keys():
                value[name] = self._document(value[name])
        return value

    def _image(self, name: str, alt: str) -> int:
        return self._stored(get_image_model(), self.pack.root / "pictures" / name, alt)

    def _document(self, name: str) -> int:
        return self._stored(get_document_model(), self.pack.root / "files" / name, name)

    def _stored(self, model: Any, path: Path, title: str) -> int:
        """The stored copy of a pack's file, found again by its name and content."""
        digest = hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest()
        kept = model.objects.filter(collection=self.collection, file_hash=digest).first()
        if kept is None:
            with path.open("rb") as stream:
                kept = model(title=title[:255], collection=self.collection)
                kept.file = File(stream, name=path.name)
                kept._set_file_hash()
                kept.save()
        return int(kept.pk)

    def _page(
        self,
        model: type[_P],
        parent: Page,
        key: uuid.UUID,
        values: dict[str, Any],
        sources: list[Source] | None = None,
    ) -> _P:
        """The live page with this identity, created below `parent` or brought up to date."""
        page = model._default_manager.filter(translation_key=key).first()
        label = f"{model.__name__} {values['slug']}"
        told = values | {"sources": [source.key for source in sources or ()]}
        if page is None:
            page = model(translation_key=key, locale=Locale.get_default(), **values)
            parent.add_child(instance=page)
            self._note(key, label, told, created=True)
        elif self._note(key, label, told):
            for name, value in values.items():
                setattr(page, name, value)
        else:
            return page
        if sources is not None:
            page.sources = sources
        page.full_clean()
        page.save_revision().publish()
        page.refresh_from_db()
        return page

    def _note(
        self, key: uuid.UUID, label: str, values: dict[str, Any], *, created: bool = False
    ) -> bool:
        """Remember what the pack says of this thing; True if that is news."""
        first, news = self._remember(key, values)
        if first or created:
            self.done.created.append(label)
        elif news:
            self.done.updated.append(label)
        else:
            self.done.unchanged.append(label)
        return first or created or news

    @staticmethod
    def _remember(key: uuid.UUID, told: Any) -> tuple[bool, bool]:
        """Keep a digest of what was told: is it the first time, is it other than the last time?"""
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)
        digest = hashlib.sha256(text.encode()).hexdigest()
        item, first = LoadedItem.objects.get_or_create(key=key, defaults={"digest": digest})
        news = item.digest != digest
        if news:
            item.digest = digest
            item.save()
        return first, news

    def _arrange(self, parent: Page, pages: Sequence[Page]) -> None:
        """Hang the pages below `parent` in the pack's order, where that order is news.

        Otherwise the order is left as it is: an editor may have changed it.
        """
        order = identity(self.pack.key, "order", str(parent.translation_key))
        if not any(self._remember(order, [page.translation_key for page in pages])):
            return
        keys = [page.pk for page in pages]
        strangers = Page.objects.filter(pk__in=keys).not_child_of(parent)
        for page in strangers:
            page.move(Page.objects.get(pk=parent.pk), pos="last-child")
        present = Page.objects.filter(pk__in=keys).order_by("path").values_list("pk", flat=True)
        if list(present) != keys:
            for before, after in pairwise(keys):
                Page.objects.get(pk=after).move(Page.objects.get(pk=before), pos="right")

    def _withdraw(self, course: CoursePage) -> None:
        """Unpublish lessons and modules that came from this pack and are no longer in it."""
        named = {
            identity(self.pack.key, "lesson", lesson.key)
            for module in self.pack.modules
            for lesson in module.lessons
        } | {identity(self.pack.key, "module", module.key) for module in self.pack.modules}
        loaded = LoadedItem.objects.values("key")
        below = course.get_descendants().live().filter(translation_key__in=loaded)
        for page in list(below.exclude(translation_key__in=named)):
            page.unpublish()
            # Forgotten, so that it is news, and published again, when the pack takes it back.
            LoadedItem.objects.filter(key=page.translation_key).delete()
            self.done.withdrawn.append(page.slug)


def _campaign_body(pack: Pack) -> str:
    text = to_html(pack.campaign["body"])
    if not text:
        return "[]"
    block = {"type": "text", "value": text, "id": str(identity(pack.key, "campaign", "text"))}
    return json.dumps([block], ensure_ascii=False)


def _collection() -> Collection:
    kept = Collection.objects.filter(name=_COLLECTION).first()
    return kept or Collection.get_first_root_node().add_child(name=_COLLECTION)
