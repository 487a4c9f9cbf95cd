"""«Vai trò của tôi»: what one may do, for which units, until when."""

import datetime

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from learning.organisations.actions import make_responsible
from learning.organisations.models import Responsibility
from portal.accounts.duties import duties_of
from portal.accounts.roles import APPROVERS, EDITORS
from tests.learning.organisations.factories import make_member, make_officer, make_unit, make_user

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def told(user):
    duties = duties_of(user, today=timezone.localdate())
    return [(duty.unit, duty.state) for duty in duties]


def test_everybody_is_told_what_she_may_do(client):
    unit = make_unit("Sở Một")
    client.force_login(make_member(unit))
    page = client.get(reverse("accounts:duties"))
    assert page.status_code == 200
    assert [duty.unit for duty in page.context["duties"]] == [""]
    assert reverse("naming:overview") not in page.content.decode()
    account = client.get(reverse("accounts:account")).content.decode()
    assert reverse("accounts:duties") in account
    client.logout()
    assert client.get(reverse("accounts:duties")).status_code == 302


def test_spans_and_units_are_told(client):
    unit, today = make_unit("Sở Một"), timezone.localdate()
    officer = make_officer(unit, "Trần Mẫu Lan")
    deputy = make_user()
    held = make_responsible(
        user=deputy, unit=unit, starts_on=today - DAY, ends_on=today, deputy_for=officer
    )
    client.force_login(deputy)
    page = client.get(reverse("accounts:duties")).content.decode()
    assert f"{today:%d/%m/%Y}" in page and "Sở Một" in page and "Trần Mẫu Lan" in page
    assert told(deputy) == [("", "now"), ("Sở Một", "now")]
    for starts, ends, state in ((2, 3, "coming"), (-3, -2, "past")):
        Responsibility.objects.filter(pk=held.pk).update(
            starts_on=today + starts * DAY, ends_on=today + ends * DAY
        )
        assert told(deputy) == [("", "now"), ("Sở Một", state)]


def test_only_an_officer_of_her_own_is_told_of_giving_roles(client):
    unit = make_unit("Sở Một")
    officer, auditor = make_officer(unit), make_user()
    make_responsible(user=auditor, unit=unit, role=Responsibility.Role.AUDITOR)
    for user, may in ((officer, True), (auditor, False)):
        client.force_login(user)
        page = client.get(reverse("accounts:duties")).content.decode()
        assert (reverse("naming:overview") in page) is may


def test_editors_approvers_and_administrators_are_told_apart():
    editor, approver = make_user(is_staff=True), make_user(is_staff=True)
    editor.groups.add(Group.objects.get(name=EDITORS))
    approver.groups.add(Group.objects.get(name=APPROVERS))
    administrator = make_user(is_staff=True, is_superuser=True)
    names = [
        duties_of(user, today=timezone.localdate())[-1].name
        for user in (make_user(), editor, approver, administrator)
    ]
    assert len(set(names)) == 4
