"""Rules of retention: what is too old goes, the rest stays, and the log tells how much it was."""

from __future__ import annotations

import datetime
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from learning.audit.models import Disclosure, Entry
from learning.notices.models import Letter, Notice
from learning.organisations.models import Membership
from learning.privacy import retention
from learning.privacy.erasing import ERASED_NAME
from learning.privacy.kept import kinds
from learning.privacy.models import DataCopy, DataRequest, RetentionRule
from learning.privacy.retention import cut_off, remove_what_is_too_old
from learning.staff.models import StaffImport, StaffImportRow
from quizzes.attempts.models import Attempt, Erasure
from tests.factories import EnrolmentFactory, Learner, make_course
from tests.learning.organisations.factories import make_member
from tests.learning.privacy.factories import make_city, make_request

DAY = datetime.timedelta(days=1)


def at(months, days=0):
    """So many months and days ago."""
    return cut_off(timezone.now(), months) - days * DAY


@pytest.fixture
def city(db):
    return make_city()


def seen(city, when):
    return Disclosure.objects.create(
        how="viewed", what="staff-list", by=city.officer, unit_path=city.one.path, at=when
    )


def a_list(city, when):
    found = StaffImport.objects.create(
        unit=city.one, by=city.officer, name="ds.xlsx", state=StaffImport.State.UNDONE
    )
    found.file.save("ds.xlsx", ContentFile(b"Ho ten"))
    StaffImportRow.objects.create(of=found, number=2, outcome="new", record={"name": "Ngô Mẫu"})
    StaffImport.objects.filter(pk=found.pk).update(created_at=when)
    return found


def test_what_is_older_than_its_rule_goes_to_the_day(city):
    old, kept = seen(city, at(36, 1)), seen(city, at(36, -1))
    assert remove_what_is_too_old() == {"disclosures": 1}
    assert list(Disclosure.objects.all()) == [kept]
    entry = Entry.objects.get(act="retention-applied")
    assert (entry.by, entry.details["kind"], entry.details["removed"]) == (None, "disclosures", 1)
    assert old.pk != kept.pk
    assert remove_what_is_too_old() == {}, "harmless repeated"


def test_a_rule_of_the_administrator_goes_before_the_default(city):
    seen(city, at(13))
    RetentionRule.objects.create(kind="disclosures", months=12, reason="Quyết định 1/QĐ-VD")
    assert remove_what_is_too_old() == {"disclosures": 1}


def test_lists_of_staff_go_with_their_files(city):
    old, new = a_list(city, at(12, 1)), a_list(city, at(11))
    storage, name = old.file.storage, old.file.name
    assert remove_what_is_too_old() == {"staff-lists": 1}
    assert not storage.exists(name)
    assert storage.exists(new.file.name)
    assert list(StaffImportRow.objects.values_list("of", flat=True)) == [new.pk]
    assert StaffImport.objects.get() == new


def test_a_list_that_is_being_read_is_left_alone(city):
    running = a_list(city, at(12, 1))
    StaffImport.objects.filter(pk=running.pk).update(state=StaffImport.State.CHECKING)
    assert remove_what_is_too_old() == {}


def test_notices_go_with_their_letters_and_copies_with_their_files(city):
    letter = Letter.objects.create(person=city.learner, address="a@vidu.example", message_id="<1>")
    notice = Notice.objects.create(
        person=city.learner, kind="assigned", key="1", letter=letter, not_before=timezone.now()
    )
    Notice.objects.filter(pk=notice.pk).update(created_at=at(24, 1))
    copy = DataCopy.objects.create(person=city.learner, ordered_at=timezone.now() - 8 * DAY)
    copy.file.save("1.zip", ContentFile(b"PK"))
    assert remove_what_is_too_old() == {"notices": 1, "copies": 1}
    assert (Notice.objects.count(), Letter.objects.count(), DataCopy.objects.count()) == (0, 0, 0)
    assert not copy.file.storage.exists(copy.file.name)


def test_answered_requests_go_and_waiting_ones_stay(city):
    done, waiting = make_request(city.learner), make_request(city.learner, "erasure")
    DataRequest.objects.filter(pk=done.pk).update(state="done", answered_at=at(60, 1))
    DataRequest.objects.filter(pk=waiting.pk).update(made_at=at(60, 1))
    assert remove_what_is_too_old() == {"requests": 1}
    assert DataRequest.objects.get() == waiting


def test_attempts_go_and_that_she_passed_stays(city):
    course = make_course(modules=1, lessons=1, questions=1)
    learner = Learner(course, enrolled=False)
    enrolment = EnrolmentFactory(user=learner.user, course_key=course.key)
    learner.finish()
    Attempt.objects.update(started_at=at(60, 1))
    assert remove_what_is_too_old() == {"attempts": 1}
    assert Erasure.objects.get().reason == "rule of retention"
    enrolment.refresh_from_db()
    assert enrolment.completion.percent == 100


def test_who_left_long_ago_is_erased(city):
    gone, lately = make_member(city.one, "Lê Mẫu Rời"), make_member(city.one, "Lê Mẫu Mới")
    for person, months in ((gone, 61), (lately, 59)):
        Membership.objects.filter(user=person).update(
            started_on=datetime.date(2015, 1, 1), ended_on=timezone.localdate(at(months))
        )
    assert remove_what_is_too_old()["account"] == 1
    gone.refresh_from_db()
    lately.refresh_from_db()
    city.learner.refresh_from_db()
    assert (gone.full_name, lately.full_name) == (ERASED_NAME, "Lê Mẫu Mới")
    assert city.learner.full_name == "Nguyễn Thị Mẫu"
    assert Entry.objects.get(act="person-erased").by is None


def test_it_goes_on_in_chunks_after_a_death(city, monkeypatch):
    for day in range(5):
        seen(city, at(36, 1 + day))
    monkeypatch.setattr(retention, "CHUNK", 2)
    steps = retention.apply_rules()
    for outcome in steps:
        if outcome.kept.slug == "disclosures":
            break  # killed right after
    assert (outcome.rows, Disclosure.objects.count()) == (5, 0)
    assert Entry.objects.filter(act="retention-applied").count() == 3


def test_the_command_counts_first_and_removes_on_demand(city):
    seen(city, at(36, 1))
    told = StringIO()
    call_command("apply_retention", dry_run=True, stdout=told)
    lines = {line.split()[0]: line.split() for line in told.getvalue().splitlines()}
    assert set(lines) == {kept.slug for kept in kinds() if kept.expiry is not None}
    assert (lines["disclosures"][1:], lines["copies"][1:]) == (
        ["36", "months", "1"],
        ["fixed", "0"],
    )
    assert Disclosure.objects.count() == 1
    call_command("apply_retention", stdout=StringIO())
    assert Disclosure.objects.count() == 0


@given(
    st.datetimes(datetime.datetime(2024, 1, 1), datetime.datetime(2032, 12, 31)),
    st.integers(1, 1200),
)
def test_months_are_counted_by_the_calendar(now, months):
    before = cut_off(now, months)
    assert (now.year - before.year) * 12 + now.month - before.month == months
    assert before.time() == now.time()
    assert before.day == now.day or (before.day < now.day and (before + DAY).day == 1)
