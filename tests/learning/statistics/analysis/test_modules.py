"""Where people stand: each figure beside a plain recount, each number with its list."""

import datetime
import itertools
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone

from learning.courses.origins import origin_of, origin_of_final
from learning.enrolments.models import Enrolment
from learning.progress.models import LessonRead, ModuleCompletion
from learning.statistics.narrowing import Standing
from quizzes.attempts.models import Attempt
from tests.factories import make_course
from tests.learning.organisations.factories import make_member, make_officer, make_unit
from tests.learning.statistics.analysis.asking import behind, queries, screen
from tests.learning.statistics.factories import complete, enrolled
from tests.learning.statistics.factories import make_course as make_other_course
from tests.quizzes.factories import QuizFactory

DAY = datetime.timedelta(days=1)
LONG_AGO, LATELY = 40, 3
_numbers = itertools.count(1)


def ago(days):
    """Noon of a day so long ago."""
    noon = datetime.datetime.combine(timezone.localdate(), datetime.time(12))
    return timezone.make_aware(noon) - days * DAY


def begun(user, course, *, done=0, days=LONG_AGO):
    """An enrolment that was begun, with its first modules completed, on one day."""
    enrolment = enrolled(user, course.key)
    Enrolment.objects.filter(pk=enrolment.pk).update(created_at=ago(60), started_at=ago(days))
    for module in course.modules[:done]:
        ModuleCompletion.objects.create(
            enrolment=enrolment, module_key=module.translation_key, completed_at=ago(days)
        )
    return enrolment


def hand_in(enrolment, origin, quiz, *, percent, days=LONG_AGO, practice=False):
    """A quiz handed in, graded unless it has no score."""
    graded = {
        "state": Attempt.State.GRADED,
        "points": (percent or 0) / 10,
        "max_points": 10,
        "percent": percent,
        "passed": True,
        "gradings": 1,
    }
    Attempt.objects.create(
        taker=enrolment.user,
        quiz=quiz,
        number=next(_numbers),
        origin=origin,
        started_at=ago(days),
        submitted_at=ago(days),
        practice=practice,
        pass_percent=50,
        receipt=f"BL-{next(_numbers)}",
        **(graded if percent is not None else {"state": Attempt.State.SUBMITTED}),
    )


@pytest.fixture
def world(db):
    """Three modules and a final test; people at every place, some of whom have stopped."""
    root = make_unit("Thành phố")
    one, two = make_unit("Sở Một", parent=root), make_unit("Sở Hai", parent=root)
    course = make_course(modules=3, lessons=1, final_quiz=QuizFactory(size=1))
    mine = {
        "new": enrolled(make_member(one, "Lê Mẫu An"), course.key),
        "first, stopped": begun(make_member(one, "Lê Mẫu Bình"), course),
        "first, began lately": begun(make_member(one, "Lê Mẫu Chi"), course, days=LATELY),
        "second, read lately": begun(make_member(one, "Lê Mẫu Dung"), course, done=1),
        "second, handed in": begun(make_member(one, "Lê Mẫu Em"), course, done=1),
        "third, stopped": begun(make_member(one, "Lê Mẫu Giang"), course, done=2),
        "third out of order": begun(make_member(two, "Lê Mẫu Hoa"), course),
        "final, stopped": begun(make_member(one, "Lê Mẫu Kim"), course, done=3),
        "completed": begun(make_member(one, "Lê Mẫu Lan"), course, done=3),
        "exempt": begun(make_member(one, "Lê Mẫu Mai"), course, done=1),
    }
    out_of_order = mine["third out of order"]
    for module in course.modules[1:]:
        ModuleCompletion.objects.create(
            enrolment=out_of_order, module_key=module.translation_key, completed_at=ago(2)
        )
    LessonRead.objects.create(
        enrolment=mine["second, read lately"],
        lesson_key=course.lessons[1][0].translation_key,
        read_at=ago(13),
    )
    LessonRead.objects.create(
        enrolment=mine["first, stopped"],
        lesson_key=course.lessons[0][0].translation_key,
        read_at=ago(14),
    )
    second = origin_of(course.modules[1].translation_key)
    quiz = course.modules[1].quiz
    hand_in(mine["second, handed in"], second, quiz, percent=Decimal(60), days=LATELY)
    hand_in(mine["third, stopped"], second, quiz, percent=Decimal(85))
    hand_in(mine["third, stopped"], second, quiz, percent=None)
    hand_in(mine["third, stopped"], second, quiz, percent=Decimal(10), days=1, practice=True)
    hand_in(
        mine["completed"], origin_of_final(course.key), course.page.final_quiz, percent=Decimal(90)
    )
    complete(mine["completed"], at=ago(LATELY))
    Enrolment.objects.filter(pk=mine["exempt"].pk).update(
        exempt_on=timezone.localdate(), exempt_reason="Nghỉ dài ngày"
    )
    return SimpleNamespace(root=root, one=one, two=two, course=course, enrolments=mine)


@pytest.fixture
def officer(client, world):
    client.force_login(make_officer(world.root))
    return client


def lines(client, **asked):
    return screen(client, "modules", **asked).context["report"].lines


def test_each_place_has_those_who_came_through_who_are_there_and_who_stopped(officer):
    found = [(one.number, one.completed, one.now, one.stopped) for one in lines(officer)]
    assert found == [(1, 6, 3, 2), (2, 4, 2, 0), (3, 3, 1, 1), (0, 1, 1, 1)]


def test_a_plain_recount_person_by_person(officer, world):
    keys = [module.translation_key for module in world.course.modules]
    at = [0, 0, 0, 0]
    for enrolment in world.enrolments.values():
        enrolment = Enrolment.objects.get(pk=enrolment.pk)
        if enrolment.started_at is None or enrolment.exempt_on or hasattr(enrolment, "completion"):
            continue
        done = set(enrolment.modules_completed.values_list("module_key", flat=True))
        at[next((place for place, key in enumerate(keys) if key not in done), 3)] += 1
    report = screen(officer, "modules").context["report"]
    assert [line.now for line in report.lines] == at
    assert sum(at) == report.in_progress == 7
    assert (report.assigned, report.not_started, report.stopped) == (10, 1, 4)


def test_scores_and_quizzes_are_those_handed_in_without_practice(officer):
    found = {one.number: (one.attempts, one.scores.mean) for one in lines(officer)}
    assert found[2] == (3, Decimal("72.5"))
    assert found[0] == (1, Decimal("90.0"))
    assert found[1] == (0, None)


def test_every_number_opens_a_list_of_as_many_people(officer, today):
    for asked in ({}, {"den-ngay": (today - 5 * DAY).isoformat(), "theo": "hien-nay"}):
        opened = 0
        for line, links in screen(officer, "modules", **asked).context["lines"]:
            counts = {"COMPLETED": line.completed, "NOW": line.now, "STOPPED": line.stopped}
            for name, count in counts.items():
                assert len(behind(officer, links[name])) == count, (line.number, name)
                opened += bool(count)
        assert opened >= 9


def test_those_who_stopped_are_named(officer, world):
    step = world.course.modules[2].translation_key
    assert behind(officer, f"bai={step}&muc={Standing.STOPPED}") == ["Lê Mẫu Giang"]
    assert behind(officer, f"bai=cuoi-khoa&muc={Standing.NOW}") == ["Lê Mẫu Kim"]


def test_a_past_day_knows_nothing_of_what_came_later(officer, today):
    found = lines(officer, **{"den-ngay": (today - 5 * DAY).isoformat(), "theo": "hien-nay"})
    # The one out of order had completed nothing, the exempt one was in progress, who began lately
    # had not begun, and the completed one stood before the final test.
    assert [(one.completed, one.now) for one in found] == [(6, 2), (3, 3), (2, 1), (0, 2)]


def test_a_unit_has_its_own(client, world):
    client.force_login(make_officer(world.two))
    assert [(one.completed, one.now) for one in lines(client)] == [(0, 1), (1, 0), (1, 0), (0, 0)]
    step = world.course.modules[2].translation_key
    assert behind(client, f"bai={step}&muc={Standing.STOPPED}") == []


def test_without_a_final_test_its_line_is_there_only_for_who_stands_after_all(client, db):
    unit = make_unit()
    course = make_course(modules=2, lessons=1, quiz=False)
    client.force_login(make_officer(unit))
    begun(make_member(unit), course, done=1)
    assert [one.number for one in lines(client)] == [1, 2]
    begun(make_member(unit), course, done=2)
    assert [(one.number, one.now, one.has_quiz) for one in lines(client)][2:] == [(0, 1, False)]


def test_of_several_courses_it_leads_to_each(officer, world):
    other = make_other_course("Bản quyền")
    response = screen(officer, "modules", khoa="tat-ca")
    assert response.context["report"] is None
    html = response.content.decode()
    for key in (world.course.key, other):
        assert f"khoa={key}" in html


def test_a_course_without_modules_is_no_error(client, city):
    client.force_login(city.officer)
    assert lines(client) == ()


def test_the_bars_are_shares_of_the_assigned(officer):
    first = lines(officer)[0]
    assert [(kind, x) for kind, x, _width in first.parts] == [
        (1, "0.00"),
        (2, "60.00"),
        (4, "70.00"),
    ]


def test_the_number_of_queries_does_not_grow(officer, world):
    few = queries(officer, "modules", **{"don-vi": world.two.pk})
    assert queries(officer, "modules", **{"don-vi": world.one.pk}) == few
    for done in range(4):
        begun(make_member(world.two), world.course, done=done)
    assert queries(officer, "modules", **{"don-vi": world.two.pk}) == few
