"""A small invented city to try the house on: units, people, an assignment and a goal.

Nobody here exists: middle names are «Mẫu» and «Thí Dụ» ("sample", "example"), addresses end in
`.example`, the decision says of itself that it is a sample. The units bear real names so that
the screens look as they will.
"""

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from learning.enrolments.actions import assign_course, save_goal
from learning.enrolments.models import Assignment, Enrolment, TrainingGoal
from learning.organisations.actions import make_responsible, save_unit
from learning.organisations.models import Membership, Unit, UnitKind
from portal.accounts.models import User
from portal.operations.demo_city import AGENCIES, FAMILY, GIVEN, MIDDLE, POSITIONS

DOMAIN = "vidu.example"
ROOT_CODE = "haiphong"
GOAL_NAME = "Xây dựng văn hóa sở hữu trí tuệ"
GOAL_DECISION = "Quyết định số 00/QĐ-VIDU (văn bản mẫu để dùng thử, không có thật)"
_SEED = 2604


@dataclass(frozen=True)
class DemoLogins:
    """The people one can log in as; all share the password that was given."""

    learner: User
    hr_officer: User
    other_hr_officer: User
    administrator: User


# Field of DemoLogins → e-mail's local part, full name, position, code of the division.
_LOGINS = {
    "learner": ("hoc-vien", "Nguyễn Thị Mẫu", "Chuyên viên", "so-khcn-2"),
    "hr_officer": ("nhan-su.skhcn", "Trần Mẫu Lan", "Chuyên viên tổ chức - nhân sự", "so-khcn-1"),
    "other_hr_officer": (
        "nhan-su.lechan",
        "Phạm Thí Dụ Hà",
        "Chuyên viên tổ chức - nhân sự",
        "p-le-chan-1",
    ),
    "administrator": ("quan-tri", "Vũ Mẫu Minh", "Chánh Văn phòng", "so-khcn-1"),
}
_RESPONSIBLE = {
    "hr_officer": "so-khcn",
    "other_hr_officer": "p-le-chan",
    "administrator": ROOT_CODE,
}


@transaction.atomic
def create_demo_people(*, course_key: UUID, today: datetime.date, password: str) -> DemoLogins:
    """The invented city, with the course assigned to its agencies. All or nothing.

    Repeating it changes nothing that is there: neither a password that was changed, nor a unit
    that was renamed, nor a due date. A course not yet assigned is assigned.
    """
    logins = _find_logins()
    if logins is None:
        _make_units()
        _make_people(password=password, today=today)
        logins = _find_logins()
        assert logins is not None
    _assign(course_key=course_key, today=today, by=logins.administrator)
    return logins


@dataclass(frozen=True)
class PlannedProgress:
    """What a demo person shall have done; `completes`, or a `share` (0–1) of the lessons read.

    `days_ago` is when she started; she completes `days_needed` days after that.
    """

    enrolment: Enrolment
    completes: bool
    share: float
    days_ago: int
    days_needed: int


def demo_progress_plan(*, course_key: UUID) -> list[PlannedProgress]:
    """Who of the demo people shall complete the course or be on the way; the rest do nothing.

    The same on every call. People who can log in are left as they are, for the visitor to play.
    """
    logins = [f"{local}@{DOMAIN}" for local, *_rest in _LOGINS.values()]
    enrolments = (
        Enrolment.objects.filter(course_key=course_key, user__email__endswith=f"@{DOMAIN}")
        .exclude(user__email__in=logins)
        .select_related("user", "unit")
        .order_by("user__email")
    )
    agencies = {agency.code: agency for agency in AGENCIES}
    by_agency: dict[str, list[Enrolment]] = {}
    for enrolment in enrolments:
        if enrolment.unit is not None:
            by_agency.setdefault(enrolment.unit.code.rpartition("-")[0], []).append(enrolment)
    plan: list[PlannedProgress] = []
    for code, members in by_agency.items():
        if code not in agencies:
            continue
        agency = agencies[code]
        dice = random.Random(f"{_SEED}-{code}")  # noqa: S311  repeatable, not secret
        dice.shuffle(members)
        finish = round(len(members) * agency.completed / 100)
        begin = finish + round(len(members) * agency.in_progress / 100)
        plan += [
            PlannedProgress(
                enrolment=member,
                completes=place < finish,
                share=1.0 if place < finish else dice.choice([0.2, 0.3, 0.4, 0.6, 0.8]),
                days_ago=dice.randint(8, 50),
                days_needed=dice.randint(1, 7),
            )
            for place, member in enumerate(members[:begin])
        ]
    return plan


def _find_logins() -> DemoLogins | None:
    emails = {name: f"{local}@{DOMAIN}" for name, (local, *_rest) in _LOGINS.items()}
    found = {user.email: user for user in User.objects.filter(email__in=emails.values())}
    if len(found) < len(emails):
        return None
    return DemoLogins(**{name: found[email] for name, email in emails.items()})


def _make_units() -> None:
    root = save_unit(
        code=ROOT_CODE, name="UBND thành phố Hải Phòng", kind=UnitKind.CITY, short_name="Hải Phòng"
    )
    for agency in AGENCIES:
        unit = save_unit(
            code=agency.code,
            name=agency.name,
            kind=agency.kind,
            short_name=agency.short_name,
            parent=root,
        )
        for number, division in enumerate(agency.divisions, start=1):
            save_unit(
                code=f"{agency.code}-{number}",
                name=division,
                kind=UnitKind.DIVISION,
                parent=unit,
            )


def _make_people(*, password: str, today: datetime.date) -> None:
    """Bulk inserts: only the people one can log in as cost the time of a password."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    placed: list[tuple[User, Unit, str]] = []
    for local, full_name, position, code in _LOGINS.values():
        user = User(email=f"{local}@{DOMAIN}", full_name=full_name)
        user.set_password(password)
        placed.append((user, units[code], position))
    for number, (full_name, position, code) in enumerate(_invented(), start=1):
        user = User(
            email=f"nguoi-{number:03d}@{DOMAIN}",
            staff_code=f"VD-{number:04d}",
            full_name=full_name,
        )
        user.set_unusable_password()
        placed.append((user, units[code], position))
    for user, _unit, _position in placed:
        user.derive()
    User.objects.bulk_create([user for user, *_rest in placed], ignore_conflicts=True)
    stored = {
        user.email: user
        for user in User.objects.filter(email__in=[user.email for user, *_rest in placed])
    }
    Membership.objects.bulk_create(
        [
            Membership(
                user=stored[user.email],
                unit=unit,
                position=position,
                started_on=min(today, datetime.date(2025, 7, 1)),
            )
            for user, unit, position in placed
        ],
        ignore_conflicts=True,
    )
    for name, code in _RESPONSIBLE.items():
        make_responsible(user=stored[f"{_LOGINS[name][0]}@{DOMAIN}"], unit=units[code])


def _invented() -> Iterator[tuple[str, str, str]]:
    """Full name, position and division's code of everyone who cannot log in."""
    dice = random.Random(_SEED)  # noqa: S311  repeatable, not secret
    for agency in AGENCIES:
        for place in range(agency.people):
            full_name = f"{dice.choice(FAMILY)} {dice.choice(MIDDLE)} {dice.choice(GIVEN)}"
            division = place % len(agency.divisions) + 1
            head = "Trưởng phòng" if place < len(agency.divisions) else dice.choice(POSITIONS)
            yield full_name, head, f"{agency.code}-{division}"


def _assign(*, course_key: UUID, today: datetime.date, by: Any) -> None:
    if Assignment.objects.filter(course_key=course_key).exists():
        return
    units = {unit.code: unit for unit in Unit.objects.all()}
    for agency in AGENCIES:
        if agency.code in units:
            assign_course(
                course_key=course_key,
                unit=units[agency.code],
                due_on=today + datetime.timedelta(days=agency.due_in_days),
                required=True,
                by=by,
            )
    if not TrainingGoal.objects.filter(name=GOAL_NAME).exists():
        save_goal(
            name=GOAL_NAME,
            decision=GOAL_DECISION,
            target_percent=80,
            due_on=datetime.date(2026, 12, 31),
            course_keys=[course_key],
        )
        TrainingGoal.objects.filter(name=GOAL_NAME).update(on_campaign=True)
