"""«Dữ liệu của tôi» through the browser: hers, her officer's, and nobody else's."""

from __future__ import annotations

import datetime
import io
import json
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning.audit.actions import tell_disclosure
from learning.audit.models import Disclosure, Entry
from learning.organisations.actions import place_member
from learning.privacy.actions import record_consent
from learning.privacy.copies import readable
from learning.privacy.kept import kinds
from learning.privacy.models import Consent, DataCopy, DataRequest, Restriction
from learning.privacy.queries import disclosures_about
from learning.privacy.tasks import make_copy
from tests.factories import EnrolmentFactory, make_course
from tests.learning.enrolments.factories import make_assignment
from tests.learning.organisations.changes import DAY, done, plan
from tests.learning.organisations.factories import SINCE, make_member, make_unit
from tests.learning.privacy.factories import (
    PASSWORD,
    browser,
    make_auditor,
    make_city,
    make_request,
)

pytestmark = pytest.mark.django_db

MINE = "/du-lieu-cua-toi/"
QUEUE = "/yeu-cau-du-lieu/"
Kind, State = DataRequest.Kind, DataRequest.State


@pytest.fixture
def city():
    return make_city()


@pytest.fixture
def her(city):
    return browser(city.learner)


def own(url):
    return f"{MINE}{url}"


# --- what is kept ------------------------------------------------------------------------------


def test_everything_that_is_kept_is_named_and_can_be_opened(city, her):
    page = her.get(MINE)
    told = {line.kept.slug for line in [*page.context["kept"], *page.context["empty"]]}
    assert told == {kind.slug for kind in kinds()}
    for slug in told:
        opened = her.get(own(f"loai/{slug}/"))
        assert opened.status_code == 200, slug
        assert len(opened.context["table"]) == opened.context["count"], slug
    assert her.get(own("loai/khong-co/")).status_code == 404


def test_rows_are_hers_alone(city, her):
    make_request(city.learner)
    assert (
        b"Nguy\xe1\xbb\x85n Th\xe1\xbb\x8b M\xe1\xba\xabu" in her.get(own("loai/account/")).content
    )
    theirs = browser(city.other).get(own("loai/requests/"))
    assert theirs.context["table"] == []


@pytest.mark.parametrize(
    "url", [MINE, own("ai-da-xem/"), own("tai-ve/"), own("yeu-cau/sua-ten/"), QUEUE]
)
def test_nothing_without_a_log_in(url):
    assert Client().get(url).status_code == 302


def test_the_notice_is_for_everyone():
    page = Client().get("/thong-bao-xu-ly-du-lieu/")
    assert page.status_code == 200
    assert len(page.context["kept"]) == len(kinds())


def test_the_page_costs_the_same_with_one_and_three_requests(city, her):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            assert her.get(MINE).status_code == 200
        return len(asked)

    make_request(city.learner)
    her.get(MINE)
    one = cost()
    for kind in (Kind.ERASURE, Kind.RESTRICTION):
        make_request(city.learner, kind)
    assert cost() == one


# --- who has seen it ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("/thong-ke/nguoi-hoc/", "learners"),
        ("/can-bo/", "staff-list"),
    ],
)
def test_an_officers_look_is_told_to_her_people_and_no_others(city, her, url, what):
    make_course()
    assert browser(city.officer).get(url).status_code == 200
    if what == "learners":
        assert Disclosure.objects.count() == 0, "nobody was on the list"
        return
    row = Disclosure.objects.get()
    assert (row.what, row.by, row.unit_path, row.count) == (what, city.officer, city.one.path, 1)
    assert [line.by for line in her.get(own("ai-da-xem/")).context["seen"]] == ["Trần Mẫu Lan"]
    assert browser(city.other).get(own("ai-da-xem/")).context["seen"] == []


def test_lists_and_files_of_the_figures_are_told(city, her):
    course = make_course()
    EnrolmentFactory(user=city.learner, course_key=course.key)
    officer = browser(city.officer)
    officer.get("/thong-ke/nguoi-hoc/")
    b"".join(officer.get("/thong-ke/xuat/csv/").streaming_content)
    officer.get(f"/thong-ke/nguoi-hoc/?don-vi={city.one.pk}&tim=mau")
    assert [(row.how, row.what, row.unit_path) for row in Disclosure.objects.order_by("pk")] == [
        ("viewed", "learners", city.one.path),
        ("exported", "learners", city.one.path),
        ("viewed", "learners", city.one.path),
    ]
    assert Disclosure.objects.order_by("-at").first().filters["search"] == "mau"
    assert her.get(MINE).context["seen_count"] == 3


def test_assignments_reminders_and_records_are_told_to_her_and_to_nobody_elsewhere(city, her):
    today = timezone.localdate()
    with_staff = make_assignment(city.one, make_course().key, due_on=today)
    officer = browser(city.officer)
    for url in (
        f"/giao-hoc/{with_staff.pk}/",
        "/nhac-nho/",
        f"/can-bo/nguoi/{city.learner.pk}/",
        "/yeu-cau-du-lieu/",
    ):
        assert officer.get(url).status_code == 200
    assert list(Disclosure.objects.order_by("pk").values_list("what", "about", "unit_path")) == [
        ("assigned-people", None, city.one.path),
        ("people-to-remind", None, city.one.path),
        ("staff-record", city.learner.pk, ""),
    ]
    assert her.get(MINE).context["seen_count"] == 3
    assert browser(city.other).get(own("ai-da-xem/")).context["seen"] == []


# --- a copy --------------------------------------------------------------------------------------


def test_a_copy_wants_the_password_and_holds_everything(city, her):
    wrong = her.post(own("tai-ve/"), {"form": "json", "password": "sai"})
    assert "password" in wrong.context["form"].errors
    taken = her.post(own("tai-ve/"), {"form": "json", "password": PASSWORD})
    data = json.loads(b"".join(taken.streaming_content))
    assert {part["kind"] for part in data["kinds"]} == {kind.slug for kind in kinds()}
    assert "Nguyễn Thị Mẫu" in json.dumps(data, ensure_ascii=False)
    assert Entry.objects.filter(act="data-copied").count() == 1


def test_the_zip_opens_and_its_tables_run_nothing(city, her):
    city.learner.full_name = "=HYPERLINK(A1)"
    city.learner.save()
    taken = her.post(own("tai-ve/"), {"form": "zip", "password": PASSWORD})
    archive = zipfile.ZipFile(io.BytesIO(b"".join(taken.streaming_content)))
    assert archive.testzip() is None
    page = archive.read("doc-toi-truoc.html").decode()
    assert "Sở Một" in page, "the page shows what the tables hold"
    tables = [
        archive.read(name).decode("utf-8-sig") for name in archive.namelist() if ".csv" in name
    ]
    assert tables
    assert not any(cell.startswith("=") for table in tables for cell in table.split(","))


def test_the_page_in_the_zip_is_read_by_people(city, her):
    taken = her.post(own("tai-ve/"), {"form": "zip", "password": PASSWORD})
    archive = zipfile.ZipFile(io.BytesIO(b"".join(taken.streaming_content)))
    page = archive.read("doc-toi-truoc.html").decode()
    assert "<td>Nguyễn Thị Mẫu</td>" in page
    assert "<td>Sở Một</td>" in page
    assert "<td>05/01/2026</td>" in page, "days as they are written here"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (None, "–"),
        ("", "–"),
        (0, "0"),
        ([], "–"),
        (datetime.date(2026, 3, 5), "05/03/2026"),
        (datetime.datetime(2026, 3, 5, 18, 30, tzinfo=datetime.UTC), "06/03/2026 01:30"),
        ({"old": "An", "new": ["Ân", "Ấn"]}, "old: An; new: Ân; Ấn"),
    ],
)
def test_values_are_read_as_they_are_written_here(value, read):
    assert readable(value) == read


def test_a_large_copy_is_ordered_once_and_made_by_the_worker(city, her, monkeypatch):
    monkeypatch.setattr("learning.privacy.views.MOST_AT_ONCE", 0)
    for _time in range(2):
        assert her.post(own("tai-ve/"), {"form": "zip", "password": PASSWORD}).status_code == 302
    ordered = DataCopy.objects.get()
    assert (ordered.person, ordered.made_at) == (city.learner, None)
    assert list(her.get(MINE).context["copies"]) == [ordered]
    assert her.get(own(f"tai-ve/{ordered.pk}/")).status_code == 404, "not made yet"
    make_copy.call(ordered.pk)
    assert b"".join(her.get(own(f"tai-ve/{ordered.pk}/")).streaming_content)[:2] == b"PK"


def test_a_made_copy_is_for_its_person_alone(city, her):
    copy = DataCopy.objects.create(person=city.learner)
    make_copy.call(copy.pk)
    assert browser(city.officer).get(own(f"tai-ve/{copy.pk}/")).status_code == 404
    taken = her.get(own(f"tai-ve/{copy.pk}/"))
    assert b"".join(taken.streaming_content)[:2] == b"PK"


# --- requests and answers ------------------------------------------------------------------------


def test_a_name_is_corrected_with_her_officers_word(city, her):
    page = her.post(own("yeu-cau/sua-ten/"), {"new_name": "Nguyễn Thị Mẫu Đúng", "wish": "CCCD"})
    assert page.status_code == 302
    asked = DataRequest.objects.get()
    assert (asked.person, asked.unit, asked.old_name) == (city.learner, city.one, "Nguyễn Thị Mẫu")
    officer = browser(city.officer)
    assert list(officer.get(QUEUE).context["page_of_requests"]) == [asked]
    officer.post(f"{QUEUE}{asked.pk}/", {"decision": "grant", "answer": ""})
    city.learner.refresh_from_db()
    assert city.learner.full_name == "Nguyễn Thị Mẫu Đúng"
    entry = Entry.objects.get(act="name-corrected")
    assert (entry.by, entry.details) == (
        city.officer,
        {"old": "Nguyễn Thị Mẫu", "new": "Nguyễn Thị Mẫu Đúng"},
    )


@pytest.mark.parametrize("name", ["Nguyễn Thị Mẫu", "Mẫu 2", "", "***"])
def test_a_name_that_is_none_is_refused_at_its_field(her, name):
    page = her.post(own("yeu-cau/sua-ten/"), {"new_name": name, "wish": "Sai dấu"})
    assert list(page.context["form"].errors) == ["new_name"]
    assert page.context["form"]["wish"].value() == "Sai dấu"
    assert not DataRequest.objects.exists()


def test_a_refusal_gives_its_reason(city, her):
    asked = make_request(city.learner)
    officer = browser(city.officer)
    page = officer.post(f"{QUEUE}{asked.pk}/", {"decision": "refuse", "answer": " "})
    assert list(page.context["form"].errors) == ["answer"]
    officer.post(f"{QUEUE}{asked.pk}/", {"decision": "refuse", "answer": "Thiếu giấy tờ"})
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == (State.REFUSED, "Thiếu giấy tờ")
    assert "Thiếu giấy tờ" in her.get(MINE).content.decode()


def test_only_her_officer_and_those_above_answer(city, her):
    asked = make_request(city.learner)
    url = f"{QUEUE}{asked.pk}/"
    told = {"decision": "grant"}
    assert her.get(QUEUE).status_code == 404
    assert her.post(url, told).status_code == 404
    assert browser(city.other).post(url, told).status_code == 404
    auditor = browser(make_auditor(city.one))
    assert auditor.get(url).status_code == 200
    assert auditor.post(url, told).status_code == 404
    asked.refresh_from_db()
    assert asked.state == State.OPEN
    assert browser(city.department).post(url, told).status_code == 302


def test_nobody_answers_her_own_request(city):
    place_member(user=city.officer, unit=city.one, position="Trưởng phòng", on=SINCE)
    asked = make_request(city.officer)
    officer = browser(city.officer)
    assert officer.get(f"{QUEUE}{asked.pk}/").status_code == 404
    assert list(officer.get(QUEUE).context["page_of_requests"]) == []
    assert browser(city.department).get(f"{QUEUE}{asked.pk}/").status_code == 200


def test_a_request_is_cancelled_by_its_person_alone(city, her):
    asked = make_request(city.learner)
    assert browser(city.officer).post(own(f"huy-yeu-cau/{asked.pk}/")).status_code == 404
    her.post(own(f"huy-yeu-cau/{asked.pk}/"))
    asked.refresh_from_db()
    assert asked.state == State.CANCELLED


def test_erasing_takes_two_steps_and_the_right_name(city, her):
    her.post(own("yeu-cau/xoa/"), {"wish": ""})
    asked = DataRequest.objects.get()
    officer = browser(city.officer)
    erase = f"{QUEUE}{asked.pk}/xoa/"
    assert officer.get(erase).status_code == 404, "not before it is accepted"
    officer.post(f"{QUEUE}{asked.pk}/", {"decision": "grant"})
    page = officer.post(erase, {"sure": "on", "full_name": "Người Khác"})
    assert list(page.context["form"].errors) == ["full_name"]
    assert officer.get(erase).context["preview"] != []
    officer.post(erase, {"sure": "on", "full_name": "Nguyễn Thị Mẫu"})
    city.learner.refresh_from_db()
    assert (city.learner.is_active, city.learner.email) == (False, None)
    asked.refresh_from_db()
    assert asked.state == State.DONE


def test_a_restriction_is_granted_and_lifted(city, her):
    her.post(own("yeu-cau/han-che/"), {"wish": "Đang khiếu nại"})
    asked = DataRequest.objects.get()
    browser(city.officer).post(f"{QUEUE}{asked.pk}/", {"decision": "grant"})
    assert Restriction.objects.filter(person=city.learner).exists()
    her.post(own("bo-han-che/"))
    assert not Restriction.objects.exists()


def test_a_consent_is_withdrawn_and_her_officer_told(city, her):
    record_consent(user=city.learner, purpose="public-sign-up", version="1", at=timezone.now())
    her.post(own("rut-dong-y/"), {"purpose": "public-sign-up"})
    assert Consent.objects.get().withdrawn_at is not None
    assert DataRequest.objects.get().kind == Kind.WITHDRAWAL


def test_the_queue_costs_the_same_with_one_and_three_people(city, django_assert_max_num_queries):
    officer, costs = browser(city.officer), []
    for person in (city.learner, make_member(city.one, "Ngô Mẫu"), make_member(city.one, "Lý Mẫu")):
        make_request(person)
        officer.get(QUEUE)
        with django_assert_max_num_queries(30) as counted:
            assert officer.get(QUEUE).status_code == 200
        costs.append(len(counted))
    assert costs[0] == costs[2]


def test_who_has_seen_it_costs_the_same_for_one_line_and_three(city, her):
    for times in (1, 2):
        for _time in range(times):
            browser(city.officer).get("/can-bo/")
    with CaptureQueriesContext(connection) as three:
        assert len(her.get(own("ai-da-xem/")).context["seen"]) == 3
    Disclosure.objects.filter(
        pk__in=list(Disclosure.objects.values_list("pk", flat=True)[:2])
    ).delete()
    with CaptureQueriesContext(connection) as one:
        assert len(her.get(own("ai-da-xem/")).context["seen"]) == 1
    assert len(one) == len(three)


def test_late_ones_are_counted_and_stand_first(city):
    late, new = make_request(city.learner), make_request(city.learner, Kind.RESTRICTION)
    DataRequest.objects.filter(pk=late.pk).update(
        due_on=timezone.localdate() - datetime.timedelta(days=1)
    )
    page = browser(city.officer).get(QUEUE)
    assert list(page.context["page_of_requests"]) == [late, new]
    assert (page.context["late_count"], page.context["waiting_count"]) == (1, 2)


def test_a_list_stays_hers_and_nobody_elses_after_its_unit_has_moved(city):
    room = make_unit("Phòng Một", parent=city.one)
    inside = make_member(room, "Lê Thí Dụ Trong")
    stranger = make_member(city.two, "Bùi Thí Dụ Ngoài")
    before, after = (
        datetime.datetime.combine(DAY, datetime.time(12), tzinfo=datetime.UTC) + step
        for step in (-datetime.timedelta(days=2), datetime.timedelta(days=2))
    )
    for at in (before, after):
        for officer, unit in ((city.officer, city.one), (city.other, city.two)):
            told = tell_disclosure(how="viewed", what="learners", by=officer, unit=unit, count=3)
            Disclosure.objects.filter(pk=told.pk).update(at=at)
    done(plan("move", room, parent=city.two.pk))

    def seen_by(person):
        return {(one.by, one.at) for one in disclosures_about(person)}

    assert seen_by(inside) == {(city.officer, before), (city.other, after)}
    assert seen_by(city.learner) == {(city.officer, before), (city.officer, after)}
    assert seen_by(stranger) == {(city.other, before), (city.other, after)}
