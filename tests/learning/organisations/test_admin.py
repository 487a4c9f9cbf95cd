"""Units in the Wagtail admin: the place in the tree is a field of the form."""

import pytest
from django.urls import reverse

from learning.organisations.models import Unit
from tests.learning.organisations.factories import make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


def fields(unit_name, parent, **more):
    return {
        "name": unit_name,
        "short_name": "",
        "code": "don-vi-moi",
        "kind": "division",
        "parent": parent.pk if parent else "",
        "valid_from": "01/07/2025",
        "valid_to": "",
        **more,
    }


def test_a_unit_is_added_below_another_and_moved(administrator):
    one, two = make_unit("Một"), make_unit("Hai")
    add = reverse("wagtailsnippets_organisations_unit:add")
    assert administrator.get(add).status_code == 200
    response = administrator.post(add, fields("Phòng mới", one))
    assert response.status_code == 302, response.context["form"].errors
    unit = Unit.objects.get(code="don-vi-moi")
    assert unit.get_parent() == one
    edit = reverse("wagtailsnippets_organisations_unit:edit", args=[unit.pk])
    assert administrator.post(edit, fields("Phòng mới", two)).status_code == 302
    assert Unit.objects.get(pk=unit.pk).get_parent() == two
    assert Unit.find_problems() == ([], [], [], [], [])


def test_a_unit_cannot_be_put_below_itself(administrator):
    one = make_unit("Một")
    room = make_unit("Phòng", parent=one)
    edit = reverse("wagtailsnippets_organisations_unit:edit", args=[one.pk])
    response = administrator.post(edit, fields("Một", room))
    assert response.status_code == 200
    assert response.context["form"].errors["parent"]


def test_lists_open(administrator):
    make_unit("Một")
    for model in ("unit", "responsibility"):
        address = reverse(f"wagtailsnippets_organisations_{model}:list")
        assert administrator.get(address).status_code == 200
