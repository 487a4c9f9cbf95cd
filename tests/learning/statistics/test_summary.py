"""Kept figures: whatever changes a fact, the screen is right at once, and what is kept soon."""

import datetime
import io
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from learning.certificates.actions import revoke_certificate
from learning.certificates.models import Certificate
from learning.courses.origins import origin_of_final
from learning.enrolments.actions import save_goal
from learning.enrolments.assigning.actions import exempt, extend
from learning.enrolments.models import Enrolment
from learning.organisations.actions import end_membership, place_member
from learning.organisations.models import Membership, Unit
from learning.privacy.erasing import erase_person
from learning.progress.models import CourseCompletion
from learning.statistics.moments import Moment
from learning.statistics.queries import count_unit_figures, unit_figures
from learning.statistics.scope import get_scope
from learning.statistics.summary.keeping import check, rebuild, refresh
from learning.statistics.summary.models import KeptFigures, KeptGoal, KeptStaff, Mark
from learning.statistics.tasks import refresh_figures
from quizzes.attempts.models import Attempt
from tests.learning.organisations.factories import make_member
from tests.learning.statistics.factories import complete, enrolled, make_course
from tests.learning.statistics.screens import figures, overview
from tests.quizzes.factories import QuizFactory

DAY = datetime.timedelta(days=1)


@pytest.fixture
def kept(city):
    """The small city with everything counted and no marks left."""
    city.quiz = QuizFactory()
    save_goal(
        name="Chỉ tiêu",
        decision="",
        target_percent=80,
        due_on=timezone.localdate() + 9 * DAY,
        course_keys=[city.course],
    )
    refresh()
    assert not Mark.objects.exists()
    return city


def both(city):
    """Every unit's figures by what is kept, and from the facts."""
    today = timezone.localdate()
    scope = get_scope(city.administrator, today=today)
    keys = (city.course,)
    told = []
    for start in (None, today - 3 * DAY):
        moment = Moment(today=today, day=today, start=start)
        by_kept = unit_figures(scope=scope, course_keys=keys, unit=None, moment=moment)
        plain = count_unit_figures(units=scope.query(None), course_keys=keys, moment=moment)
        told.append((dict(sorted(by_kept.items())), dict(sorted(plain.items()))))
    return told


def hand_in(city, **changes):
    now = timezone.now()
    fields = {
        "taker": city.people["busy"],
        "quiz": city.quiz,
        "number": 1,
        "origin": origin_of_final(city.course),
        "state": Attempt.State.GRADED,
        "started_at": now,
        "submitted_at": now,
        "pass_percent": 50,
        "points": 8,
        "max_points": 10,
        "percent": 80,
        "passed": True,
        "receipt": "BL-1",
        "gradings": 1,
    }
    return Attempt.objects.create(**{**fields, **changes})


def one(city, who):
    return Enrolment.objects.filter(pk=city.enrolments[who].pk)


CHANGES = {
    "enrolled": lambda c: enrolled(c.people["best"], make_course()),
    "newly enrolled": lambda c: enrolled(make_member(c.room), c.course),
    "started in bulk": lambda c: Enrolment.objects.update(started_at=timezone.now()),
    "completed": lambda c: complete(c.enrolments["new"], percent="77.5"),
    "exempt": lambda c: exempt(enrolments=one(c, "late"), reason="Ốm", by=None),
    "extended": lambda c: extend(
        enrolments=one(c, "late"), due_on=timezone.localdate() + 30 * DAY, reason="Ốm", by=None
    ),
    "due in bulk": lambda c: Enrolment.objects.update(due_on=timezone.localdate() - 9 * DAY),
    "withdrawn": lambda c: one(c, "new").update(withdrawn_on=timezone.localdate()),
    "moved": lambda c: place_member(user=c.people["done"], unit=c.two, on=timezone.localdate()),
    "left": lambda c: end_membership(user=c.people["busy"], on=timezone.localdate()),
    "revoked": lambda c: revoke_certificate(
        certificate=Certificate.objects.get(enrolment=c.enrolments["done"]), reason="Nhầm", by=None
    ),
    "handed in": hand_in,
    "practised": lambda c: hand_in(c, practice=True),
    "erased": lambda c: erase_person(person=c.people["other"], by=None),
    "completion corrected": lambda c: CourseCompletion.objects.update(
        completed_at=timezone.now() - 5 * DAY, percent=61
    ),
    "membership deleted": lambda c: Membership.objects.filter(user=c.people["new"]).delete(),
    "unit moved": lambda c: Unit.objects.get(pk=c.room.pk).move(
        Unit.objects.get(pk=c.two.pk), pos="last-child"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_fact_is_seen_at_once_and_kept_soon(kept, change):
    before = both(kept)
    CHANGES[change](kept)
    for by_kept, plain in both(kept):
        assert by_kept == plain
    refresh()
    assert not Mark.objects.exists()
    assert list(check()) == []
    for by_kept, plain in both(kept):
        assert by_kept == plain
    assert both(kept) != before or change in ("enrolled", "practised", "unit moved")


def test_what_does_not_count_leaves_no_mark(kept):
    attempt = hand_in(
        kept,
        state="in_progress",
        **dict.fromkeys(("submitted_at", "points", "max_points", "percent", "passed", "receipt")),
        gradings=0,
    )
    attempt.reached = 2
    attempt.save()
    Certificate.objects.update(hours=Certificate.objects.first().hours)
    assert not Mark.objects.exists()


def test_a_mark_goes_with_its_transaction(kept):
    with transaction.atomic():
        Enrolment.objects.update(started_at=timezone.now())
        transaction.set_rollback(True)
    assert not Mark.objects.exists()


def test_what_is_kept_is_what_the_screen_shows(client, kept):
    """A planted error is seen on the screen: else the kept figures would be read by nobody."""
    KeptFigures.objects.filter(unit_id=kept.one.pk).update(completed=41)
    client.force_login(kept.officer)
    assert figures(overview(client))["completed"] == "42"


@pytest.mark.parametrize(
    ("plant", "word"),
    [
        (lambda: KeptFigures.objects.update(exempt=7), "exempt"),
        (lambda: KeptFigures.objects.update(scores={"50.00": 3}), "scores"),
        (lambda: KeptStaff.objects.update(staff=99), "staff"),
        (lambda: KeptGoal.objects.all().delete(), "done"),
        (lambda: KeptFigures.objects.all().delete(), "assigned"),
        (
            lambda: KeptFigures.objects.create(unit_id=1, course_key=UUID(int=1), assigned=2),
            "assigned",
        ),
    ],
)
def test_the_check_finds_a_planted_error_and_rebuilding_mends_it(kept, plant, word):
    plant()
    told = io.StringIO()
    with pytest.raises(CommandError):
        call_command("statistics_summary", check=True, stderr=told)
    assert word in told.getvalue()
    call_command("statistics_summary", rebuild=True, verbosity=0)
    call_command("statistics_summary", check=True)


def test_the_check_does_not_call_marked_units_wrong(kept):
    Enrolment.objects.update(started_at=timezone.now())
    assert list(check()) == []
    Mark.objects.all().delete()
    assert list(check()) != []


def test_rebuilding_is_what_counting_one_by_one_gives(kept):
    rows = list(
        KeptFigures.objects.order_by("unit_id").values_list("unit_id", "assigned", "scores")
    )
    rebuild()
    again = KeptFigures.objects.order_by("unit_id").values_list("unit_id", "assigned", "scores")
    assert list(again) == rows
    assert list(check()) == []


def test_the_worker_counts_again_and_a_new_goal_is_kept_from_then_on(kept):
    second = make_course("Bản quyền")
    enrolled(kept.people["done"], second, completed_at=timezone.now())
    courses = [kept.course, second]
    save_goal(
        name="Hai khóa",
        decision="",
        target_percent=50,
        due_on=timezone.localdate(),
        course_keys=courses,
    )
    refresh_figures.call()
    done = KeptGoal.objects.filter(courses__contains=str(second), day=timezone.localdate())
    assert [(row.unit_id, row.done) for row in done] == [(kept.one.pk, 1)]
    assert list(check()) == []


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="there are no statements to count a row by"
)
def test_a_bulk_write_leaves_a_mark_a_unit_and_not_a_person(kept):
    Enrolment.objects.update(started_at=timezone.now())
    assert Mark.objects.count() == Enrolment.objects.values("unit", "course_key").distinct().count()


def test_quizzes_of_another_course_are_not_counted_with_this_one(kept):
    other = make_course("Bản quyền")
    hand_in(kept)
    hand_in(kept, number=2, receipt="BL-2", origin=origin_of_final(other))
    refresh()
    (by_kept, plain), _period = both(kept)
    assert by_kept == plain
    assert by_kept[kept.room.pk].attempts == 1
