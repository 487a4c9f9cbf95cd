"""Two agencies below one city, a person for each role, and one of everything an address can name.

All of it belongs to the learner of agency One, or to One itself: who may see it is what the matrix
says.
"""

from __future__ import annotations

import datetime
import io
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group
from django.core import signing
from django.test import Client
from django.utils import timezone

from learning.api.actions import make_token
from learning.certificates.life.bundling import ask_for_bundle
from learning.certificates.life.sharing import switch_sharing
from learning.certificates.models import Certificate, CourseRule, StandingRequest
from learning.certificates.paper.models import PaperTemplate
from learning.courses.models import CoursePage, Source, Term
from learning.enrolments.models import TrainingGoal
from learning.enrolments.reminding.kinds import SOON
from learning.hours.models import CountingRule, Obligation
from learning.notices.models import Letter
from learning.notices.writing import SALT
from learning.organisations.actions import make_responsible
from learning.organisations.models import Responsibility, UnitKind
from learning.privacy.actions import ask
from learning.privacy.models import (
    CalendarDay,
    ConsentText,
    DataCopy,
    DataRequest,
    RetentionRule,
)
from learning.privacy.tasks import make_copy
from learning.staff.actions import upload_list
from learning.statistics.exporting.models import Export
from portal.accounts.roles import APPROVERS, EDITORS, REGISTRARS
from quizzes.attempts.models import Allowance
from quizzes.attempts.times import allow
from tests.factories import EnrolmentFactory, Learner, make_course
from tests.learning.enrolments.factories import make_assignment
from tests.learning.hours.factories import make_outside
from tests.learning.organisations.changes import done, plan
from tests.learning.organisations.factories import make_member, make_officer, make_unit, make_user
from tests.learning.staff.files import workbook

DAY_TO_COME = datetime.date(2099, 1, 1)
ROLES = (
    "anonymous",
    "learner",
    "officer",
    "other officer",
    "deputy",
    "past deputy",
    "auditor",
    "department",
    "editor",
    "approver",
    "registrar",
    "administrator",
)


@dataclass
class World:
    """The browsers by role, and the objects by the name under which addresses know them."""

    browsers: dict[str, Client] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)


def make_world() -> World:
    """Everything, through the actions of the product."""
    world = World()
    root = make_unit("Thành phố Mẫu", kind=UnitKind.CITY)
    one = make_unit("Sở Một", parent=root, kind=UnitKind.DEPARTMENT)
    two = make_unit("Sở Hai", parent=root, kind=UnitKind.DEPARTMENT)
    people = _people(root, one, two)
    for role, person in people.items():
        world.browsers[role] = Client()
        if person is not None:
            world.browsers[role].force_login(person)
    world.things = _learning(people["learner"]) | _papers(people, one)
    return world


def _people(root: Any, one: Any, two: Any) -> dict[str, Any]:
    today = timezone.localdate()
    day = datetime.timedelta(days=1)
    officer = make_officer(one, "Trần Mẫu Lan")
    people = dict.fromkeys(ROLES) | {
        "learner": make_member(one, "Nguyễn Thị Mẫu"),
        "officer": officer,
        "other officer": make_officer(two, "Phạm Thí Dụ Hà"),
        "department": make_officer(root, "Vũ Mẫu Minh"),
        "auditor": make_user("Lê Thí Dụ Soát"),
        "deputy": make_user("Hoàng Mẫu Thay"),
        "past deputy": make_user("Bùi Mẫu Cũ"),
        "editor": make_user("Phạm Mẫu Biên Tập", is_staff=True),
        "approver": make_user("Đặng Mẫu Duyệt", is_staff=True),
        "registrar": make_user("Ngô Mẫu Giữ Sổ", is_staff=True),
        "administrator": make_user("Đỗ Mẫu Quản Trị", is_staff=True, is_superuser=True),
    }
    make_responsible(user=people["auditor"], unit=one, role=Responsibility.Role.AUDITOR)
    for role, starts, ends in (
        ("deputy", today - day, today + day),
        ("past deputy", today - 2 * day, today - day),
    ):
        make_responsible(
            user=people[role], unit=one, starts_on=starts, ends_on=ends, deputy_for=officer
        )
    people["editor"].groups.add(Group.objects.get(name=EDITORS))
    people["approver"].groups.add(Group.objects.get(name=APPROVERS))
    people["registrar"].groups.add(Group.objects.get(name=REGISTRARS))
    return people


def _learning(person: Any) -> dict[str, Any]:
    """A course completed, and another with an attempt that is open."""
    done = make_course(modules=1, lessons=1, questions=1)
    learner = Learner(done, enrolled=False)
    learner.user = person
    learner.client.force_login(person)
    EnrolmentFactory(user=person, course_key=done.key)
    learner.finish()
    course = make_course(modules=1, lessons=1, questions=1, title="Khóa khác")
    EnrolmentFactory(user=person, course_key=course.key)
    learner.course = course
    attempt = learner.start(course.modules[0])
    quiz = course.modules[0].quiz
    return {
        "course": course,
        "attempt": attempt,
        "allowance": allow(
            allowance=Allowance(taker=person, quiz=quiz, extra_minutes=5, reason="Mắt kém")
        ),
        "template": PaperTemplate.objects.get(is_default=True),
        "quiz": quiz,
        "question": attempt.items.get().version.question,
        "certificate": Certificate.objects.get(),
    }


def _papers(people: dict[str, Any], one: Any) -> dict[str, Any]:
    officer, learner = people["officer"], people["learner"]
    certificate = Certificate.objects.get()
    data = workbook([("Mã cán bộ", "Họ và tên"), ("VD-1", "Ngô Thí Dụ")])
    token, _secret = make_token(
        name="Phần mềm nhân sự",
        unit=one,
        scopes=["staff"],
        by=officer,
        expires_at=timezone.now() + datetime.timedelta(days=1),
    )
    course = make_course(modules=1, lessons=1, quiz=False, title="Khóa được giao")
    CoursePage.objects.filter(pk=course.page.pk).update(public_sign_up=True)
    return {
        "unit": one,
        "rule": CourseRule.objects.create(course_key=certificate.course_key),
        "share": switch_sharing(certificate=certificate, on=True, by=learner),
        "bundle": ask_for_bundle(unit=one, year=None, by=officer),
        "export": Export.objects.create(by=officer, form="csv", course_title="Khóa", tops=[one.pk]),
        "standing request": StandingRequest.objects.create(
            kind="revoke", certificate=certificate, reason="Cấp nhầm", asked_by=officer
        ),
        "change": done(plan("rename", one, day=DAY_TO_COME, name="Sở Một mới", unit_kind=one.kind)),
        "person": make_member(one, "Ngô Thí Dụ Hai"),
        "assignment": make_assignment(one, course.key, due_on=timezone.localdate()),
        "token": token,
        "list": upload_list(
            unit=one,
            by=officer,
            name="ds.xlsx",
            stream=io.BytesIO(data),
            size=len(data),
            complete=False,
        ),
        "request": ask(person=learner, kind=DataRequest.Kind.RESTRICTION),
        "copy": _made_copy(learner),
        "retention rule": RetentionRule.objects.create(kind="disclosures", months=24),
        "consent text": ConsentText.objects.get(),
        "calendar day": CalendarDay.objects.first(),
        "letter": Letter.objects.create(
            person=learner, address=learner.email, state=Letter.State.FAILED, message_id="<1@vidu>"
        ),
        "unsubscribing": signing.dumps([learner.pk, [SOON]], salt=SALT, compress=True),
        "responsibility": Responsibility.objects.get(user=officer),
        "obligation": Obligation.objects.create(hours=20),
        "counting rule": CountingRule.objects.create(course_key=certificate.course_key),
        "outside course": make_outside(learner),
        "goal": TrainingGoal.objects.create(name="Chỉ tiêu mẫu", due_on="2030-12-31"),
        "term": Term.objects.create(key="mau", term="Nhãn hiệu mẫu", definition="Định nghĩa."),
        "source": Source.objects.create(key="mau", title="Nguồn mẫu", kind=Source.Kind.LAW),
    }


def _made_copy(person: Any) -> DataCopy:
    copy = DataCopy.objects.create(person=person)
    make_copy.call(copy.pk)
    return copy
