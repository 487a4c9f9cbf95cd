"""Fills the bench's own database: the demo, a quiz of ten questions, learners who are logged in.

    python -m bench.prepare SCENE.json LEARNERS

Run as a process of its own with the environment of the server to come (database, port, VAR_DIR).
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import django
from django.utils import timezone

from bench.scene import Scene

QUESTIONS = 10  # as many as the peer's quiz in the comparison
PASSWORD = "mot-mat-khau-that-2024"


def main(target: Path, learners: int) -> None:
    """Prepare everything and write the scene."""
    django.setup()
    from django.conf import settings

    demo = importlib.import_module("portal.operations.demo")
    packing = importlib.import_module("learning.courses.packing.loading")
    reader = importlib.import_module("learning.courses.packing.reader")
    courses = importlib.import_module("learning.courses.queries")

    logins = demo.prepare(lambda _line: None)
    key = packing.course_key_of(reader.read_pack(demo.PACK).key)
    answers = _make_quiz(courses.get_outline(key).modules[0].page_id)
    course = courses.get_outline(key)
    module = course.modules[0]
    people = _make_learners(learners, course.key)
    scene = Scene(
        base=settings.SITE_URL,
        learners=[(person.get_username(), _session(person)) for person in people],
        password=PASSWORD,
        administrator=_session(_person(logins[-1].login)),
        lessons=[lesson.url for lesson in course.lessons],
        quiz_start=f"/viec-hoc/chuyen-de/{module.key}/bai-kiem-tra/",
        answers=answers,
    )
    scene.write(target)


def _make_quiz(module_page: int) -> list[list[str]]:
    """Give the module a quiz of ten questions in a fixed order; the right option keys of each."""
    from learning.courses.models import ModulePage
    from quizzes.bank.actions import save_quiz
    from quizzes.bank.models import Question

    asked = list(
        Question.objects.filter(live=True, current_version__isnull=False)
        .select_related("current_version")
        .order_by("pk")[:QUESTIONS]
    )
    quiz = save_quiz(key="bench", title="Bench", question_keys=[question.key for question in asked])
    page = ModulePage.objects.get(pk=module_page)
    page.quiz = quiz
    page.save_revision().publish()
    return [
        [option["key"] for option in question.current_version.content["options"] if option["right"]]
        for question in asked
    ]


def _make_learners(count: int, course_key: Any) -> list[Any]:
    """Enrolled people of one division, made at once: hashing one password each would take long."""
    from django.contrib.auth.hashers import make_password

    from learning.enrolments.models import Enrolment
    from learning.organisations.models import Membership, Unit
    from portal.accounts.models import User

    unit = Unit.objects.filter(numchild=0).order_by("path").first()
    hashed = make_password(PASSWORD)
    people = [
        User(
            email=f"bench-{number:05d}@vidu.example",
            full_name=f"Nguyễn Mẫu {number}",
            password=hashed,
        )
        for number in range(count)
    ]
    for person in people:
        person.derive()
    User.objects.bulk_create(people)
    stored = list(User.objects.filter(email__startswith="bench-").order_by("email"))
    today = timezone.localdate()
    Membership.objects.bulk_create(
        [Membership(user=person, unit=unit, started_on=today) for person in stored]
    )
    Enrolment.objects.bulk_create(
        [Enrolment(user=person, course_key=course_key, unit=unit) for person in stored]
    )
    return stored


def _person(login: str) -> Any:
    from portal.accounts.models import User

    return User.objects.get_by_natural_key(login)


def _session(person: Any) -> str:
    """The key of a session as logging in makes it."""
    from django.conf import settings
    from django.contrib import auth

    store = importlib.import_module(settings.SESSION_ENGINE).SessionStore()
    store[auth.SESSION_KEY] = str(person.pk)
    store[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    store[auth.HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return str(store.session_key)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
