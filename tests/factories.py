"""People, units and whole courses for every test, made through the doors the product uses."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import factory
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from learning.courses.models import CampaignPage, CoursePage, LessonPage, ModulePage
from learning.courses.outline import CourseOutline
from learning.courses.queries import get_outline
from learning.enrolments.actions import enrol
from learning.enrolments.models import Enrolment
from learning.organisations.actions import place_member, save_unit
from learning.organisations.models import Membership, Unit, UnitKind
from portal.accounts.roles import EDITORS
from portal.home.models import HomePage
from portal.home.setup import ensure_home
from quizzes.attempts.models import Attempt
from tests.plugins.worlds import kept_world
from tests.quizzes.factories import QuizFactory

PASSWORD = "mat-khau-thu-2026"
_numbers = itertools.count(1)


class UserFactory(factory.Factory):
    """A person who can log in with `PASSWORD`."""

    class Meta:
        model = get_user_model()

    full_name = factory.Sequence(lambda n: f"Nguyễn Văn Mẫu {n}")
    email = factory.Sequence(lambda n: f"mau{n}@vidu.example")
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        return model_class.objects.create_user(**kwargs)


class UnitFactory(factory.Factory):
    """A unit; `parent` hangs it below another."""

    class Meta:
        model = Unit

    code = factory.Sequence(lambda n: f"don-vi-{n}")
    name = factory.Sequence(lambda n: f"Phòng thử {n}")
    kind = UnitKind.DIVISION
    parent = None

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Unit:
        return save_unit(**kwargs)


class MembershipFactory(factory.Factory):
    """A person working in a unit now."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    unit = factory.SubFactory(UnitFactory)
    position = "Chuyên viên"
    on = date(2026, 1, 5)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Membership:
        return place_member(**kwargs)


class EnrolmentFactory(factory.Factory):
    """A person's enrolment in the course with `course_key`; other fields are set afterwards."""

    class Meta:
        model = Enrolment

    user = factory.SubFactory(UserFactory)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Enrolment:
        enrolment = enrol(user=kwargs.pop("user"), course_key=kwargs.pop("course_key"))
        for name, value in kwargs.items():
            setattr(enrolment, name, value)
        enrolment.save()
        return enrolment


@dataclass
class MadeCourse:
    """A published course with its pages in order: `lessons[1][0]` is module 2's first lesson."""

    home: HomePage
    campaign: CampaignPage
    page: CoursePage
    modules: list[ModulePage]
    lessons: list[list[LessonPage]]

    @property
    def key(self) -> UUID:
        return self.page.translation_key

    @property
    def outline(self) -> CourseOutline:
        """The course as it is published now."""
        outline = get_outline(self.key)
        assert outline is not None
        return outline

    @property
    def all_lessons(self) -> list[LessonPage]:
        return [lesson for lessons in self.lessons for lesson in lessons]


def add_page(parent: Page, page: Any) -> Any:
    """`page`, published below `parent` as an editor would."""
    Page.objects.get(pk=parent.pk).specific.add_child(instance=page)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def add_lesson(module: ModulePage, title: str = "Bài thử", **fields: Any) -> LessonPage:
    """A published lesson at the end of `module`."""
    fields.setdefault("body", [("text", "<p>Nội dung của bài thử.</p>")])
    fields.setdefault("slug", f"bai-{next(_numbers)}")
    return add_page(module, LessonPage(title=title, summary="Tóm tắt của bài.", **fields))


@kept_world
def make_course(
    *,
    modules: int = 2,
    lessons: int = 2,
    questions: int = 2,
    quiz: bool = True,
    title: str = "Khóa học thử",
    **fields: Any,
) -> MadeCourse:
    """Home, campaign and a live course of `modules` modules; each has `lessons` lessons and, with
    `quiz`, a quiz of `questions` questions whose right answer is «a»."""
    home = ensure_home(hostname="testserver")
    number = next(_numbers)
    campaign = add_page(
        home, CampaignPage(title="Ngày thử", slug=f"ngay-thu-{number}", lead="Chủ đề thử.")
    )
    fields.setdefault("hours", "1.5")
    page = add_page(
        campaign, CoursePage(title=title, slug=f"khoa-{number}", summary="Tóm tắt.", **fields)
    )
    made = MadeCourse(home, campaign, page, [], [])
    for place in range(1, modules + 1):
        module = add_page(
            page,
            ModulePage(
                title=f"Chuyên đề {place}",
                slug=f"chuyen-de-{place}",
                summary="Tóm tắt.",
                quiz=QuizFactory(size=questions) if quiz else None,
            ),
        )
        made.modules.append(module)
        made.lessons.append([add_lesson(module, f"Bài {place}.{n}") for n in range(1, lessons + 1)])
    return made


class Learner:
    """A logged-in person at her browser, enrolled in `course` unless told otherwise."""

    def __init__(self, course: MadeCourse, *, enrolled: bool = True, **fields: Any) -> None:
        self.course = course
        self.user = UserFactory(**fields)
        self.client = Client()
        self.client.force_login(self.user)
        self.enrolment = (
            EnrolmentFactory(user=self.user, course_key=course.key) if enrolled else None
        )

    def read(self, *lessons: LessonPage) -> HttpResponse | None:
        """Press «Đã học xong» on each lesson; the last reply."""
        reply = None
        for lesson in lessons:
            reply = self.client.post(reverse("study:lesson_read", args=[lesson.translation_key]))
        return reply

    def start(self, module: ModulePage) -> Attempt:
        """Start the module's quiz, or go on with it."""
        reply = self.client.post(reverse("study:quiz_start", args=[module.translation_key]))
        assert reply.status_code == 302, reply.status_code
        return Attempt.objects.filter(taker=self.user, quiz_id=module.quiz_id).latest("number")

    def answer(self, attempt: Attempt, keys: Sequence[str] = ("a",)) -> None:
        """Answer every question of `attempt` with the option `keys`, each saved singly."""
        for position in attempt.items.values_list("position", flat=True):
            reply = self.client.post(
                reverse("attempts:save", args=[attempt.pk, position]),
                {"answer": keys},
                HTTP_ACCEPT="application/json",
            )
            assert reply.status_code == 200, reply.content

    def hand_in(self, attempt: Attempt) -> Attempt:
        """Press «Nộp bài»; the attempt as it stands afterwards."""
        self.client.post(reverse("attempts:submit", args=[attempt.pk]))
        attempt.refresh_from_db()
        return attempt

    def sit(self, module: ModulePage, *, right: bool = True) -> Attempt:
        """Sit the module's quiz from start to end, everything right or everything wrong."""
        attempt = self.start(module)
        self.answer(attempt, ["a" if right else "b"])
        return self.hand_in(attempt)

    def finish(self) -> None:
        """Read every lesson and pass every quiz."""
        self.read(*self.course.all_lessons)
        for module in self.course.modules:
            if module.quiz_id:
                self.sit(module)


def make_editor() -> Client:
    """The browser of an editor, logged in."""
    editor = UserFactory(full_name="Phạm Thị Biên Tập", is_staff=True)
    editor.groups.add(Group.objects.get(name=EDITORS))
    browser = Client()
    browser.force_login(editor)
    return browser
