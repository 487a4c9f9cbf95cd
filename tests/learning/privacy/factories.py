"""A city with its officers, and requests in it, made through the actions the product uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.test import Client

from learning.organisations.actions import make_responsible
from learning.organisations.models import Responsibility, UnitKind
from learning.privacy.actions import ask
from learning.privacy.models import DataRequest
from tests.learning.organisations.factories import make_member, make_officer, make_unit, make_user

PASSWORD = "mat-khau-thu-2026"


@dataclass
class City:
    """A root with two agencies; one with a learner, each with an officer."""

    root: Any
    one: Any
    two: Any
    learner: Any
    officer: Any
    other: Any
    department: Any


def make_city() -> City:
    root = make_unit("Thành phố Mẫu", kind=UnitKind.CITY)
    one = make_unit("Sở Một", parent=root)
    two = make_unit("Sở Hai", parent=root)
    return City(
        root=root,
        one=one,
        two=two,
        learner=make_member(one, "Nguyễn Thị Mẫu", password=PASSWORD),
        officer=make_officer(one, "Trần Mẫu Lan"),
        other=make_officer(two, "Phạm Thí Dụ Hà"),
        department=make_officer(root, "Vũ Mẫu Minh"),
    )


def make_auditor(unit: Any) -> Any:
    """Somebody who sees all of the unit and changes nothing."""
    user = make_user("Lê Thí Dụ Soát")
    make_responsible(user=user, unit=unit, role=Responsibility.Role.AUDITOR)
    return user


def make_request(person: Any, kind: str = DataRequest.Kind.NAME, **fields: Any) -> DataRequest:
    """A request of hers; to correct a name unless told otherwise."""
    if kind == DataRequest.Kind.NAME:
        fields.setdefault("new_name", "Nguyễn Thị Mẫu Đúng")
    return ask(person=person, kind=kind, **fields)


def browser(user: Any) -> Client:
    """Her browser, logged in."""
    client = Client()
    client.force_login(user)
    return client
