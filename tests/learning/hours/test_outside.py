"""Courses taken elsewhere: entering, judging, who may see what, what the files are."""

from __future__ import annotations

import datetime
import io
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from learning.audit.models import Disclosure, Entry
from learning.hours.models import OutsideCourse
from learning.hours.outside import actions
from learning.hours.outside.evidence import read_evidence
from learning.notices.models import Notice
from learning.organisations.actions import end_membership, make_responsible, place_member
from learning.organisations.models import Responsibility
from tests.learning.hours.factories import PDF, make_approved, make_outside, picture
from tests.learning.organisations.factories import make_user

pytestmark = pytest.mark.django_db
State = OutsideCourse.State
TODAY = timezone.localdate()


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def upload(data=PDF, name="giay.pdf"):
    return SimpleUploadedFile(name, data, content_type="application/octet-stream")


def content(course):
    with course.evidence.open("rb") as file:
        return file.read()


def status(user, door):
    reply = browser(user).get(door)
    b"".join(reply)
    return reply.status_code


def typed(**changes):
    day = f"{TODAY:%d/%m/%Y}"
    fields = {
        "key": str(uuid.uuid4()),
        "title": "Kỹ năng số",
        "provider": "Trường Thí Dụ",
        "from_day": day,
        "to_day": day,
        "hours": "7,5",
        "evidence": upload(),
        "hand_in": "1",
    }
    return {name: value for name, value in {**fields, **changes}.items() if value is not None}


# --- entering -------------------------------------------------------------------------------------


def test_entered_and_handed_in_at_once(city):
    reply = browser(city.learner).post(reverse("hours:new"), typed())
    assert reply.headers["Location"] == f"/gio-boi-duong/?nam={TODAY.year}"
    course = OutsideCourse.objects.get()
    assert (course.state, course.title, course.hours) == (State.WAITING, "Kỹ năng số", 7.5)
    assert (course.from_day, course.to_day, course.user) == (TODAY, TODAY, city.learner)
    assert (content(course), course.evidence_name) == (PDF, "giay.pdf")
    page = browser(city.learner).get(reverse("hours:mine"))
    assert list(page.context["courses"]) == [course]
    assert page.context["balance"].total == 0


def test_two_presses_make_one_course(city):
    form = typed(hand_in=None)
    for _press in range(2):
        form["evidence"] = upload()
        browser(city.learner).post(reverse("hours:new"), form)
    assert OutsideCourse.objects.get().state == State.DRAFT
    form |= {"hand_in": "1", "evidence": upload()}
    for _press in range(2):
        browser(city.learner).post(reverse("hours:new"), form)
    assert OutsideCourse.objects.get().state == State.WAITING


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", " "),
        ("provider", ""),
        ("from_day", "31/02/2024"),
        ("to_day", "01/01/2020"),
        ("to_day", f"{TODAY + datetime.timedelta(days=1):%d/%m/%Y}"),
        ("from_day", "01/01/1999"),
        ("hours", "nhiều"),
        ("hours", "0"),
        ("hours", "NaN"),
        ("hours", "1,25"),
        ("hours", "25"),
        ("hours", "1000"),
        ("evidence", None),
        ("evidence", upload(b"not a pdf", "giay.pdf")),
        ("evidence", upload(b"", "giay.pdf")),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(city, field, text):
    reply = browser(city.learner).post(reverse("hours:new"), typed(**{field: text}))
    assert (reply.status_code, list(reply.context["form"].errors)) == (400, [field])
    shown = reply.content.decode()
    for name in {"title", "provider", "hours"} - {field}:
        assert f'value="{typed()[name]}"' in shown
    if field == "evidence":
        assert OutsideCourse.objects.count() == 0
        return
    # The file could not be sent again by the browser: it is kept in a draft, and named.
    draft = OutsideCourse.objects.get()
    assert (draft.state, content(draft)) == (State.DRAFT, PDF)
    assert f'action="{reverse("hours:course", args=[draft.key])}"' in shown
    again = typed(evidence=None)
    assert browser(city.learner).post(reverse("hours:course", args=[draft.key]), again).status_code
    draft.refresh_from_db()
    assert (draft.state, content(draft)) == (State.WAITING, PDF)


def test_a_draft_may_lack_everything(city):
    empty = typed(
        title="", provider="", from_day="", to_day="", hours="", evidence=None, hand_in=None
    )
    browser(city.learner).post(reverse("hours:new"), empty)
    course = OutsideCourse.objects.get()
    assert (course.state, course.title, course.hours) == (State.DRAFT, "", None)
    assert browser(city.learner).get(reverse("hours:mine")).status_code == 200
    with pytest.raises(actions.NotOpenError):
        actions.hand_in(course=course)


def test_who_is_in_no_unit_keeps_a_draft_and_is_told_why(city):
    lone = make_user()
    reply = browser(lone).post(reverse("hours:new"), typed(), follow=True)
    assert OutsideCourse.objects.get().state == State.DRAFT
    assert "callout--bad" in reply.content.decode()


def test_taken_back_corrected_and_handed_in_again(city):
    course = make_outside(city.learner)
    client, address = browser(city.learner), reverse("hours:course", args=[course.key])
    client.post(address, typed(title="Tên khác"))
    course.refresh_from_db()
    assert (course.state, course.title) == (State.WAITING, "Khóa ngoài")
    for _press in range(2):
        client.post(reverse("hours:take_back", args=[course.key]))
    client.post(address, typed(title="Tên khác", evidence=upload(picture("PNG"), "anh.png")))
    course.refresh_from_db()
    assert (course.state, course.title, course.evidence_name) == (
        State.WAITING,
        "Tên khác",
        "anh.png",
    )


def test_a_file_that_is_replaced_or_removed_goes(city, django_capture_on_commit_callbacks):
    course = make_outside(city.learner, handed_in=False)
    storage, first = course.evidence.storage, course.evidence.name
    with django_capture_on_commit_callbacks(execute=True):
        browser(city.learner).post(
            reverse("hours:course", args=[course.key]), typed(evidence=upload(), hand_in=None)
        )
    course.refresh_from_db()
    assert (storage.exists(first), storage.exists(course.evidence.name)) == (False, True)
    with django_capture_on_commit_callbacks(execute=True):
        browser(city.learner).post(reverse("hours:remove", args=[course.key]))
    assert (OutsideCourse.objects.count(), storage.exists(course.evidence.name)) == (0, False)


def test_what_waits_or_counts_is_not_removed(city):
    for course in (make_outside(city.learner), make_approved(city.learner, city.officer)):
        browser(city.learner).post(reverse("hours:remove", args=[course.key]))
    assert OutsideCourse.objects.count() == 2


# --- files ----------------------------------------------------------------------------------------


def test_a_picture_is_kept_without_what_the_camera_added():
    exif = Image.Exif()
    exif[0x010F] = "Máy ảnh Mẫu"
    data = picture("JPEG", exif=exif)
    assert b"Exif" in data
    kept = read_evidence(upload(data, "ảnh của tôi.pdf"))
    assert (kept.form, kept.name, b"Exif" in kept.data) == ("jpg", "ảnh của tôi.jpg", False)
    assert Image.open(io.BytesIO(kept.data)).size == (8, 6)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.4 and nothing else",
        b"MZ\x90\x00" + PDF[:20],
        b"\xff\xd8\xff broken",
        b"\x89PNG\r\n\x1a\n broken",
        picture("GIF"),
        b"<html><script>1</script></html>",
    ],
)
def test_a_file_is_judged_by_its_content(data):
    with pytest.raises(ValidationError):
        read_evidence(upload(data, "giay.pdf"))


def test_a_file_that_is_too_large_is_not_even_read():
    with pytest.raises(ValidationError, match="10 MB"):
        read_evidence(upload(PDF + b" " * (10 * 1024 * 1024)))


# --- judging --------------------------------------------------------------------------------------


def decide(user, course, decision="approve", **fields):
    course.refresh_from_db()
    form = {"decision": decision, "version": course.version, "hours": "8", "reason": ""} | fields
    return browser(user).post(reverse("hours:judge", args=[course.key]), form)


def test_approved_it_counts_and_freezes_the_unit(city):
    course = make_outside(city.learner)
    assert decide(city.officer, course).headers["Location"] == reverse("hours:queue")
    course.refresh_from_db()
    assert (course.state, course.approved_hours, course.decided_by) == (
        State.APPROVED,
        8,
        city.officer,
    )
    assert (course.unit, course.unit_name) == (city.room, "Phòng Sáng chế")
    place_member(user=city.learner, unit=city.two, position="", on=TODAY)
    city.room.name = "Phòng Mới"
    city.room.save()
    assert decide(city.department, course, hours="6,5", reason="Theo giấy").status_code == 302
    course.refresh_from_db()
    assert (course.approved_hours, course.hours) == (Decimal("6.5"), 8)
    assert (course.unit, course.unit_name) == (city.room, "Phòng Sáng chế")
    told = Notice.objects.filter(person=city.learner).order_by("pk")
    assert [one.facts["hours"] for one in told] == ["8", "6,5"]
    acts = Entry.objects.filter(about_key=str(city.learner.pk)).order_by("pk")
    assert [(one.act, one.by) for one in acts.filter(act__startswith="outside")] == [
        ("outside-course-approved", city.officer),
        ("outside-course-changed", city.department),
    ]
    page = browser(city.learner).get(reverse("hours:mine"))
    assert page.context["balance"].outside == Decimal("6.5")


def test_returned_with_its_reason_corrected_and_approved(city):
    course = make_outside(city.learner)
    assert decide(city.officer, course, "return").status_code == 400
    decide(city.officer, course, "return", reason="Thiếu giấy", hours="")
    course.refresh_from_db()
    assert (course.state, course.reason) == (State.RETURNED, "Thiếu giấy")
    page = browser(city.learner).get(reverse("hours:course", args=[course.key]))
    assert "Thiếu giấy" in page.content.decode()
    assert Notice.objects.get(person=city.learner).facts["reason"] == "Thiếu giấy"
    browser(city.learner).post(reverse("hours:course", args=[course.key]), typed(hours="8"))
    decide(city.officer, course)
    course.refresh_from_db()
    assert course.state == State.APPROVED


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"hours": "7"}, "reason"),
        ({"hours": ""}, "hours"),
        ({"hours": "x", "reason": "Vì"}, "hours"),
        ({"decision": "vậy"}, "decision"),
    ],
)
def test_a_decision_lacks_something(city, fields, wrong):
    course = make_outside(city.learner)
    reply = decide(city.officer, course, **fields)
    assert (reply.status_code, list(reply.context["form"].errors)) == (400, [wrong])
    course.refresh_from_db()
    assert course.state == State.WAITING


def test_nobody_decides_about_what_she_has_not_seen(city):
    course = make_outside(city.learner)
    seen = course.version
    actions.take_back(course=course)
    actions.hand_in(course=course)
    reply = decide(city.officer, course, version=seen, reason="Được", hours="5")
    assert reply.status_code == 409
    assert "Được" in reply.content.decode()
    course.refresh_from_db()
    assert (course.state, Notice.objects.count()) == (State.WAITING, 0)
    decide(city.officer, course)
    assert decide(city.officer, course).status_code == 302
    assert Notice.objects.count() == 1


def test_nobody_judges_her_own(city):
    make_responsible(user=city.learner, unit=city.one)
    course = make_outside(city.learner)
    assert decide(city.learner, course).status_code == 404
    page = browser(city.learner).get(reverse("hours:judge", args=[course.key]))
    assert page.context["form"] is None
    with pytest.raises(actions.OwnCourseError):
        actions.approve(
            course=course, hours=Decimal(8), reason="", by=city.learner, version=course.version
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        OutsideCourse.objects.filter(pk=course.pk).update(decided_by=city.learner)


def test_who_left_is_judged_where_she_worked_last(city):
    course = make_outside(city.learner)
    end_membership(user=city.learner, on=TODAY)
    assert decide(city.officer, course).status_code == 302


# --- who sees what --------------------------------------------------------------------------------


def test_three_people_and_an_auditor(city):
    auditor = make_user()
    make_responsible(user=auditor, unit=city.one, role=Responsibility.Role.AUDITOR)
    course = make_outside(city.learner)
    doors = [
        reverse(f"hours:{name}", args=[course.key]) for name in ("course", "evidence", "judge")
    ]
    people = {
        "herself": city.learner,
        "officer": city.officer,
        "department": city.department,
        "auditor": auditor,
        "other officer": city.other_officer,
        "colleague": city.colleague,
        "administrator": make_user(is_superuser=True, is_staff=True),
    }
    met = {who: [status(user, door) for door in doors] for who, user in people.items()}
    assert met == {
        "herself": [200, 200, 404],
        "officer": [404, 200, 200],
        "department": [404, 200, 200],
        "auditor": [404, 404, 200],
        "other officer": [404, 404, 404],
        "colleague": [404, 404, 404],
        "administrator": [404, 404, 404],
    }
    assert decide(auditor, course).status_code == 404
    assert decide(city.other_officer, course).status_code == 404
    for name in ("take_back", "remove"):
        door = reverse(f"hours:{name}", args=[course.key])
        assert browser(city.officer).post(door).status_code == 404
    stolen = typed(key=str(course.key), title="Của người khác")
    browser(city.colleague).post(reverse("hours:new"), stolen)
    course.refresh_from_db()
    assert (course.title, course.user) == ("Khóa ngoài", city.learner)


def test_a_draft_is_nobodys_business_but_hers(city):
    draft = make_outside(city.learner, handed_in=False)
    for name in ("judge", "evidence"):
        door = reverse(f"hours:{name}", args=[draft.key])
        assert browser(city.officer).get(door).status_code == 404
    assert list(browser(city.officer).get(reverse("hours:queue")).context["page_of"]) == []


def test_the_evidence_is_private_and_who_looked_is_noted(city):
    course = make_outside(city.learner)
    door = reverse("hours:evidence", args=[course.key])
    assert Client().get(door).status_code == 302
    assert Client().get(f"/media/{course.evidence.name}").status_code == 404
    reply = browser(city.officer).get(door)
    assert b"".join(reply) == PDF
    assert reply.headers["Content-Disposition"] == 'attachment; filename="minh-chung.pdf"'
    assert (reply.headers["X-Content-Type-Options"], "private" in reply["Cache-Control"]) == (
        "nosniff",
        True,
    )
    assert [(one.by, one.about, one.what) for one in Disclosure.objects.all()] == [
        (city.officer, city.learner, "outside-evidence")
    ]
    b"".join(browser(city.learner).get(door))
    assert Disclosure.objects.count() == 1
    course.evidence.storage.delete(course.evidence.name)
    assert browser(city.officer).get(door).status_code == 404


def test_the_queue_is_that_of_her_units(city):
    mine, other = make_outside(city.learner), make_outside(city.other)
    approved = make_approved(city.learner, city.officer)

    def listed(user, **asked):
        return list(browser(user).get(reverse("hours:queue"), asked).context["page_of"])

    assert listed(city.officer) == [mine]
    assert listed(city.other_officer) == [other]
    assert listed(city.department) == [mine, other]
    assert listed(city.officer, xem="tat-ca") == [approved, mine]
    assert listed(city.department, tim="NGO mau") == [other]
    assert browser(city.learner).get(reverse("hours:queue")).status_code == 404


@pytest.mark.parametrize("name", ["mine", "queue"])
def test_queries_do_not_grow_with_the_rows(city, name, django_assert_max_num_queries):
    user = city.learner if name == "mine" else city.officer
    client = browser(user)
    counts = []
    for more in (1, 2):
        for _n in range(more):
            make_outside(city.learner)
        client.get(reverse(f"hours:{name}"))
        with django_assert_max_num_queries(60) as found:
            client.get(reverse(f"hours:{name}"))
        counts.append(len(found))
    assert counts[0] == counts[1]
