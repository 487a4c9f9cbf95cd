"""Everything a trial needs, prepared in steps that do nothing when they were done before."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from unittest import mock
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.courses.models import CoursePage
from learning.courses.origins import origin_of, origin_of_final
from learning.courses.outline import CourseOutline
from learning.courses.queries import get_outline
from learning.enrolments.models import Enrolment
from learning.enrolments.reminding.planning import remind_today
from learning.organisations.packs import load_units, read_units
from learning.statistics.digest import tell_weekly
from learning.study import journey
from portal.accounts.models import User
from portal.accounts.roles import EDITORS
from portal.home.setup import ensure_home
from portal.operations.demo_hours import make_hours
from portal.operations.demo_people import (
    DemoLogins,
    PlannedProgress,
    create_demo_people,
    demo_progress_plan,
)
from portal.operations.steps import collect_static, load_course, migrate
from quizzes.attempts.actions import save_answer, start_attempt, submit_attempt
from quizzes.attempts.queries import read_items
from quizzes.bank.content import QuestionContent
from quizzes.bank.kinds import Kind, get_kind
from quizzes.bank.kinds.choices import ChoiceKind
from quizzes.bank.models import Quiz
from quizzes.bank.versions import read_contents

PACK = settings.ROOT / "learning" / "courses" / "packs" / "world-ip-day-2024"
CITY = settings.ROOT / "site" / "portal" / "operations" / "city.yaml"
PASSWORD = "hai-phong-2024"  # noqa: S105 — invented people of a trial on this machine only


@dataclass(frozen=True)
class DemoLogin:
    """One way into the trial, and what to try there."""

    role: str
    login: str
    password: str
    try_this: str
    path: str


def prepare(say: Callable[[str], None]) -> list[DemoLogin]:
    """Migrate, load the course, invent people, collect static files; `say` is told each step.

    Keeps whatever is there and does nothing twice. Refuses to run where DEMO is not set: it makes
    known passwords.
    """
    if not settings.DEMO:
        raise RuntimeError("the demo needs DEMO=true: it makes accounts with known passwords")
    say(_("Preparing the database …"))
    migrate()
    address = urlsplit(settings.SITE_URL)
    home = ensure_home(hostname=address.hostname or "127.0.0.1", port=address.port or 80)
    say(_("Loading the course …"))
    is_first = not CoursePage.objects.exists()
    key = load_course(PACK, parent=home)
    if is_first:
        _open_to_citizens(key)
    say(_("Inventing units and people …"))
    load_units(read_units(CITY))
    logins = create_demo_people(course_key=key, today=timezone.localdate(), password=PASSWORD)
    _make_editors(logins)
    course = get_outline(key)
    if course is not None:
        _make_progress(course, say)
    make_hours(learner=logins.learner, officer=logins.hr_officer, today=timezone.localdate())
    _tell_people()
    say(_("Collecting static files …"))
    collect_static()
    return _describe(logins, course)


def _open_to_citizens(key: UUID) -> None:
    """As an editor would; once, so that a switch turned off in the trial stays off."""
    for page in CoursePage.objects.filter(translation_key=key, locale__language_code="vi"):
        page.public_sign_up = True
        page.save_revision().publish()


def _make_editors(logins: DemoLogins) -> None:
    """The two people of the trial who work in the admin."""
    editor, _created = User.objects.get_or_create(
        email="bientap@vidu.example",
        defaults={"full_name": "Phạm Mẫu Biên", "is_staff": True},
    )
    if not editor.has_usable_password() or not editor.password:
        editor.set_password(PASSWORD)
        editor.save()
    editor.groups.add(Group.objects.get(name=EDITORS))
    User.objects.filter(pk=logins.administrator.pk).update(is_staff=True, is_superuser=True)


def _tell_people() -> None:
    """What this morning and this Monday would have told them; nothing twice."""
    today = timezone.localdate()
    remind_today(today=today)
    tell_weekly(today=today - timedelta(days=today.weekday()))


@transaction.atomic
def _make_progress(course: CourseOutline, say: Callable[[str], None]) -> None:
    """Let part of the invented people study through the real path, once, on days gone by."""
    if Enrolment.objects.filter(course_key=course.key, started_at__isnull=False).exists():
        return
    say(_("Letting invented people study (a minute at most) …"))
    quizzes = {quiz.pk: quiz for quiz in Quiz.objects.all()}
    plan = demo_progress_plan(course_key=course.key)
    # They were assigned it together, on the day before the first of them began.
    first = timezone.now() - timedelta(days=1 + max(person.days_ago for person in plan))
    Enrolment.objects.filter(course_key=course.key).update(created_at=first)
    # In the order of their last day, so that certificate numbers follow their dates.
    for person in sorted(plan, key=lambda p: (p.days_needed - p.days_ago, p.enrolment.pk)):
        _study(person, course, quizzes)


def _study(person: PlannedProgress, course: CourseOutline, quizzes: dict[int, Quiz]) -> None:
    """One person's lessons and quizzes, spread over the days she needs."""
    steps = max(1, round(person.share * len(course.lessons)))
    begun = timezone.now() - timedelta(days=person.days_ago)
    chance = random.Random(person.enrolment.pk)  # noqa: S311 — invented data
    read = 0
    for module in course.modules:
        for lesson in module.lessons[: steps - read]:
            with _clock(begun + timedelta(days=person.days_needed) * read / steps):
                journey.lesson_read(enrolment=person.enrolment, course=course, lesson=lesson)
            read += 1
        if module.quiz_id and read and lesson is module.lessons[-1]:
            with _clock(begun + timedelta(days=person.days_needed) * read / steps):
                _sit(person, quizzes[module.quiz_id], origin_of(module.key), module.url, chance)
        if read >= steps:
            break
    if course.final_quiz_id and read >= len(course.lessons):
        with _clock(begun + timedelta(days=person.days_needed)):
            final = quizzes[course.final_quiz_id]
            _sit(person, final, origin_of_final(course.key), course.url, chance)


@contextmanager
def _clock(at: datetime) -> Iterator[None]:
    """The server's clock set back, so that invented people studied on different days."""
    with mock.patch("django.utils.timezone.now", return_value=at):
        yield


def _sit(
    person: PlannedProgress, quiz: Quiz, origin: str, return_to: str, chance: random.Random
) -> None:
    """Sit the quiz until it is passed, with a mistake here and there."""
    for mistakes in (chance.choice((0, 1, 1, 2)), 0):
        attempt = start_attempt(
            taker=person.enrolment.user, quiz=quiz, origin=origin, return_to=return_to
        )
        items = read_items(attempt)
        contents = read_contents(item.version_id for item in items)
        for item in items:
            content = contents[item.version_id]
            kind = get_kind(content["kind"])
            right = kind.fields(kind.right_answer(content), item.option_order)
            if item.position <= mistakes:
                right = _slip(kind, content)
            save_answer(attempt=attempt, position=item.position, sent=right)
        if submit_attempt(attempt=attempt).passed:
            return


def _slip(kind: Kind, content: QuestionContent) -> dict[str, list[str]]:
    """A wrong option where one chooses among options, else nothing."""
    wrong = [option["key"] for option in content["options"] if not option["right"]][:1]
    return {"answer": wrong} if isinstance(kind, ChoiceKind) else {}


def _describe(logins: DemoLogins, course: CourseOutline | None) -> list[DemoLogin]:
    course_url = course.url if course else "/"
    return [
        DemoLogin(
            _("Learner"),
            logins.learner.get_username(),
            PASSWORD,
            _("study the lessons, sit the quizzes, take the certificate"),
            "/viec-hoc/",
        ),
        DemoLogin(
            _("Editor"),
            "bientap@vidu.example",
            PASSWORD,
            _("change a lesson or a question, preview it, publish it"),
            "/admin/",
        ),
        DemoLogin(
            _("HR officer"),
            logins.hr_officer.get_username(),
            PASSWORD,
            _("follow her unit's people, export CSV and XLSX"),
            "/thong-ke/",
        ),
        DemoLogin(
            _("Department administrator"),
            logins.administrator.get_username(),
            PASSWORD,
            _("see the whole city's figures, and everything in the admin"),
            course_url,
        ),
    ]
