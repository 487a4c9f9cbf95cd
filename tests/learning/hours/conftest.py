"""Two agencies with an officer each; the files lie in a folder of the test."""

import datetime
from types import SimpleNamespace

import pytest
from django.core.files.storage import storages

from learning.organisations.models import Unit, UnitKind
from tests.learning.organisations.factories import make_member, make_officer, make_unit


@pytest.fixture
def city(db, tmp_path, monkeypatch):
    storage = storages["private"]
    monkeypatch.setattr(storage, "_location", str(tmp_path))
    for name in ("base_location", "location"):
        storage.__dict__.pop(name, None)
    root = make_unit("Thành phố", kind=UnitKind.CITY)
    one = make_unit("Sở Một", parent=root, kind=UnitKind.DEPARTMENT)
    two = make_unit("Phường Hai", parent=root, kind=UnitKind.WARD)
    room = make_unit("Phòng Sáng chế", parent=one)
    Unit.objects.update(valid_from=datetime.date(2020, 1, 1))
    yield SimpleNamespace(
        root=root,
        one=one,
        two=two,
        room=room,
        learner=make_member(room, "Lê Mẫu Đức"),
        colleague=make_member(one, "Trần Thí Dụ Ánh"),
        other=make_member(two, "Ngô Mẫu Kín"),
        officer=make_officer(one),
        other_officer=make_officer(two, "Phạm Thí Dụ Hà"),
        department=make_officer(root, "Vũ Mẫu Minh"),
    )
    for name in ("base_location", "location"):
        storage.__dict__.pop(name, None)
