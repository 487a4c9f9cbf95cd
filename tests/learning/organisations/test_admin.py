"""The tree in the admin, and changes of units: form, preview, apply, take back."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from learning.audit.models import Entry
from learning.organisations.access import current_unit
from learning.organisations.models import Succession, Unit, UnitChange
from tests.learning.organisations.factories import make_member, make_officer, make_unit, make_user

pytestmark = pytest.mark.django_db
TREE = "/admin/don-vi/"


@pytest.fixture
def root():
    return make_unit("Thành phố Mẫu", kind="city")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def administrator(client):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


def main(reply):
    return " ".join(BeautifulSoup(reply.content, "html.parser").main.get_text(" ").split())


def asked(today, **fields):
    return {
        "day": f"{today:%d/%m/%Y}",
        "decision": "Quyết định mẫu 01/QĐ-VIDU",
        "reason": "",
        "do": "preview",
        **fields,
    }


def go_on(client, address, form):
    """Press the button below the preview of `form`."""
    preview = client.post(address, form)
    assert preview.status_code == 200, preview
    assert "seal" in preview.context, preview.context["form"].errors
    return client.post(address, {**form, "do": "apply", "seen": preview.context["seal"]})


def test_the_tree_opens_branch_by_branch(administrator, root):
    ward = make_unit("Phường Mẫu", parent=root)
    make_unit("Văn phòng Mẫu", parent=ward)
    make_member(ward)
    shut = administrator.get(TREE)
    assert "Thành phố Mẫu" in main(shut)
    assert "Phường Mẫu" not in main(shut)
    opened = administrator.get(TREE, {"open": f"{root.pk},{ward.pk}"})
    assert "Văn phòng Mẫu" in main(opened)
    assert [row.people for row in opened.context["rows"]] == [1, 1, 0]
    assert "Văn phòng Mẫu" in main(administrator.get(TREE, {"q": "van phong mau"}))
    assert "Văn phòng Mẫu" not in main(administrator.get(TREE, {"kind": "ward"}))
    assert (
        administrator.get(TREE, {"open": "x,-1", "day": "hôm qua", "kind": "?"}).status_code == 200
    )


def test_a_larger_tree_costs_no_more_queries(administrator, root):
    ward = make_unit("Phường Mẫu", parent=root)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            administrator.get(TREE, {"open": f"{root.pk},{ward.pk}"})
        return len(queries)

    cost()
    first = cost()
    for number in range(3):
        make_member(make_unit(f"Phòng {number}", parent=ward))
    assert cost() == first


def test_two_wards_are_merged_after_a_look(administrator, root, today):
    one, two = make_unit("Phường Một", parent=root), make_unit("Phường Hai", parent=root)
    people = [make_member(one), make_member(two)]
    make_officer(one)
    address = reverse("units_change", args=["merge"])
    form = asked(
        today,
        units=f"{one.code}\nPhường Hai",
        name="Phường Mới",
        code="phuong-moi",
        unit_kind="ward",
        parent=root.code,
        carry_roles="on",
    )
    preview = administrator.post(address, form)
    assert preview.context["preview"].counts["people"] == 2
    assert Unit.objects.filter(code="phuong-moi").exists() is False
    assert "Phường Mới" in main(preview)
    assert go_on(administrator, address, form).status_code == 302
    new = Unit.objects.get(code="phuong-moi")
    assert [current_unit(user) for user in people] == [new, new]
    assert Succession.objects.filter(successor=new).count() == 2
    assert Entry.objects.filter(act__startswith="unit-").exists()
    page = main(administrator.get(reverse("units_unit", args=[new.pk])))
    assert "Phường Một" in page
    assert "Quyết định mẫu 01/QĐ-VIDU" in page
    assert Unit.find_problems() == ([], [], [], [], [])


def test_what_changed_since_the_preview_is_shown_again(administrator, root, today):
    one = make_unit("Phường Một", parent=root)
    address = reverse("units_change_unit", args=[one.pk, "rename"])
    form = asked(today, name="Phường Khác", short_name="", unit_kind="ward")
    preview = administrator.post(address, form)
    Unit.objects.filter(pk=one.pk).update(name="Phường Đã Đổi")
    again = administrator.post(address, {**form, "do": "apply", "seen": preview.context["seal"]})
    assert again.status_code == 200
    assert UnitChange.objects.count() == 0
    forged = administrator.post(address, {**form, "do": "apply", "seen": "bịa"})
    assert "seal" in forged.context
    assert UnitChange.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        ("rename", {"name": "", "unit_kind": "ward"}, "name"),
        ("rename", {"name": "Tên mới", "unit_kind": "ward", "decision": ""}, "decision"),
        ("rename", {"name": "Tên mới", "unit_kind": "ward", "day": "31/02/2026"}, "day"),
        ("rename", {"name": "Tên mới", "unit_kind": "ward", "day": "01/01/1990"}, "day"),
        ("move", {"parent": "Phòng Trong"}, "parent"),
        ("move", {"parent": "không có đơn vị này"}, "parent"),
        ("close", {"day": "01/01/1990"}, "day"),
        ("merge", {"units": "Phường Một", "name": "Mới", "code": "moi"}, "units"),
    ],
)
def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(
    administrator, root, today, kind, fields, field
):
    """A cycle, a unit closed before it opens, a day that is none, a unit that is not there."""
    ward = make_unit("Phường Một", parent=root)
    make_unit("Phòng Trong", parent=ward)
    address = reverse("units_change_unit", args=[ward.pk, kind])
    reply = administrator.post(address, asked(today, **{"reason": "", **fields}))
    assert reply.status_code == 200
    form = reply.context["form"]
    assert field in form.errors, form.errors
    for name, value in fields.items():
        assert form[name].value() == value
    assert UnitChange.objects.count() == 0


def test_a_change_for_a_day_to_come_waits_and_can_be_taken_back(administrator, root, today):
    ward = make_unit("Phường Một", parent=root)
    later = today + datetime.timedelta(days=30)
    address = reverse("units_change_unit", args=[ward.pk, "rename"])
    go_on(administrator, address, asked(later, name="Phường Sau", unit_kind="ward"))
    change = UnitChange.objects.get()
    assert change.is_waiting
    assert Unit.objects.get(pk=ward.pk).name == "Phường Một"
    assert change.decision in main(administrator.get(TREE))
    back = reverse("units_take_back", args=[change.pk])
    assert administrator.get(back).status_code == 405
    assert administrator.post(back).status_code == 302
    assert UnitChange.objects.get().undone_at is not None


def test_a_split_asks_part_by_part(administrator, root, today):
    ward = make_unit("Phường Một", parent=root)
    room = make_unit("Phòng Một", parent=ward)
    moving, staying = make_member(ward, email="di@vidu.example"), make_member(ward)
    address = reverse("units_change_unit", args=[ward.pk, "split"])
    form = asked(
        today,
        parts="2",
        name_0="Phường Mới",
        code_0="phuong-moi",
        unit_kind_0="ward",
        parent_0=root.code,
        people_0="di@vidu.example",
        remainder="-1",
        **{f"goes_{room.pk}": "0"},
    )
    more = administrator.post(address, {**form, "do": "part"})
    assert len(more.context["form"].numbers) == 3
    assert more.context["form"]["name_0"].value() == "Phường Mới"
    assert go_on(administrator, address, form).status_code == 302
    new = Unit.objects.get(code="phuong-moi")
    assert (current_unit(moving), current_unit(staying)) == (new, ward)
    assert Unit.objects.get(pk=room.pk).get_parent() == new


def test_only_who_may_see_or_change_units_comes_in(root, today):
    officer, editor = make_officer(root), make_user(is_staff=True)
    editor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    reader = make_user(is_staff=True)
    reader.user_permissions.add(
        *Permission.objects.filter(codename__in=["access_admin", "view_unit"])
    )
    change = reverse("units_change", args=["open"])
    for user, statuses in ((officer, (302, 302)), (editor, (302, 302)), (reader, (200, 302))):
        client = Client()
        client.force_login(user)
        assert (client.get(TREE).status_code, client.get(change).status_code) == statuses
        client.post(change, asked(today, name="Lén", code="len", unit_kind="ward"))
    assert Unit.objects.filter(code="len").count() == 0


def test_the_admins_menu_leads_to_the_roles(administrator, root):
    """Given on the site's own screen, where every change is audited."""
    menu = administrator.get("/admin/").content.decode()
    assert reverse("naming:overview") in menu
    assert administrator.get(reverse("naming:overview")).status_code == 200
