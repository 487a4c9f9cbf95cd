"""A small city with one course, as most tests here need it."""

import datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

from tests.learning.organisations.factories import make_member, make_officer, make_unit
from tests.learning.statistics.factories import enrolled, make_course


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def city(db, today):
    """Sở Một has five people in three states, two of them in its room; Sở Hai has one."""
    root = make_unit("Thành phố")
    one, two = make_unit("Sở Một", parent=root), make_unit("Sở Hai", parent=root)
    room = make_unit("Phòng Sáng chế", parent=one)
    course = make_course()
    now = timezone.now()
    yesterday = today - datetime.timedelta(days=1)
    people = {
        "done": make_member(one, "Lê Mẫu Đức", staff_code="CB-01"),
        "late": make_member(one, "Trần Thí Dụ Ánh"),
        "busy": make_member(room, "Phạm Mẫu Hòa"),
        "new": make_member(room, "Vũ Mẫu An"),
        "best": make_member(room, "Đỗ Mẫu Dũng"),
        "other": make_member(two, "Ngô Mẫu Kín"),
    }
    enrolments = {
        "done": enrolled(
            people["done"],
            course,
            completed_at=now,
            percent="80",
            certificate=True,
            due_on=yesterday,
        ),
        "late": enrolled(people["late"], course, due_on=yesterday),
        "busy": enrolled(people["busy"], course, started=True, due_on=today),
        "new": enrolled(people["new"], course),
        "best": enrolled(people["best"], course, completed_at=now, percent="91.5"),
        "other": enrolled(
            people["other"], course, completed_at=now, percent="100", certificate=True
        ),
    }
    return SimpleNamespace(
        root=root,
        one=one,
        two=two,
        room=room,
        course=course,
        people=people,
        enrolments=enrolments,
        officer=make_officer(one),
        other_officer=make_officer(two, "Phạm Thí Dụ Hà"),
        administrator=make_officer(root, "Vũ Mẫu Minh"),
    )
