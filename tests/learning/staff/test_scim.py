"""SCIM 2.0: what the standard's own tester says, and what becomes of our people."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

from learning.api.actions import make_token
from learning.audit.models import Disclosure
from learning.organisations.actions import place_member
from learning.organisations.models import Membership
from learning.privacy.queries import disclosures_about, seen_lines
from tests.learning.organisations.factories import make_member, make_officer, make_unit
from tests.learning.staff.factories import Agency, make_agency

pytestmark = pytest.mark.django_db

CORE = "urn:ietf:params:scim:schemas:core:2.0"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@pytest.fixture
def agency(django_capture_on_commit_callbacks: Any) -> Agency:
    return make_agency(django_capture_on_commit_callbacks)


def secret_of(agency: Agency, **more: Any) -> str:
    told = {"name": "IdP", "unit": agency.unit, "scopes": ["scim"], "by": agency.officer}
    until = timezone.now() + datetime.timedelta(days=30)
    return make_token(**{**told, "expires_at": until, **more})[1]


class Scim:
    """A system that speaks SCIM."""

    def __init__(self, secret: str) -> None:
        self.headers = {"Authorization": f"Bearer {secret}"}

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        return getattr(Client(), method)(
            f"/scim/v2/{path}",
            body,
            headers=self.headers,
            **({"content_type": "application/scim+json"} if method != "get" else {}),
        )

    def user(self, name: str, **more: Any) -> Any:
        return self("post", "Users", {"schemas": [f"{CORE}:User"], "userName": name, **more})

    def patch(self, path: str, *operations: dict[str, Any]) -> Any:
        return self("patch", path, {"schemas": [PATCH], "Operations": list(operations)})


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """The application is called without a test client: the test's transaction must stay open."""
    told = (signals.request_started, signals.request_finished)
    for signal in told:
        signal.disconnect(close_old_connections)
    yield
    for signal in told:
        signal.connect(close_old_connections)


def test_the_standards_tester_finds_no_fault(agency: Agency, kept_connection: None) -> None:
    client = WSGISCIMClient(
        WSGIHandler(),
        base_url="http://testserver/scim/v2",
        headers={"Authorization": f"Bearer {secret_of(agency)}"},
    )

    results = check_server(client)

    bad = (Status.ERROR, Status.CRITICAL)
    faults = [(one.resource_type, one.title, one.reason) for one in results if one.status in bad]
    # Somebody is active or she is not: without the word she stays what she was.
    assert [fault for fault in faults if "attribute 'active'" not in fault[2]] == []
    assert sum(one.status == Status.SUCCESS for one in results) > 30


def test_a_user_comes_changes_goes_and_comes_back(agency: Agency) -> None:
    scim = Scim(secret_of(agency))

    made = scim.user(
        "An@vidu.example", displayName="Nguyễn Văn Mẫu An", title="Chuyên viên", externalId="x-1"
    )
    told = made.json()
    assert (made.status_code, made["Content-Type"]) == (201, "application/scim+json")
    assert (told["userName"], told["active"]) == ("An@vidu.example", True)
    assert agency.staff() == {"Nguyễn Văn Mẫu An": "Sở Thí Dụ"}
    path = f"Users/{told['id']}"

    scim.patch(path, {"op": "replace", "path": "displayName", "value": "Nguyễn Thị Mẫu An"})
    assert agency.staff() == {"Nguyễn Thị Mẫu An": "Sở Thí Dụ"}

    answer = scim.patch(path, {"op": "replace", "value": {"active": False}})
    assert (answer.status_code, answer.json()["active"], agency.staff()) == (200, False, {})
    scim.patch(path, {"op": "replace", "path": "active", "value": True})
    assert agency.staff() == {"Nguyễn Thị Mẫu An": "Sở Thí Dụ"}

    assert scim("delete", path).status_code == 204
    assert (scim("get", path).status_code, agency.staff()) == (404, {})
    again = scim.user("an@vidu.example", displayName="Nguyễn Thị Mẫu An").json()
    assert (again["id"], len(agency.staff())) == (told["id"], 1)


def test_people_of_lists_are_found_by_what_they_log_in_with(agency: Agency) -> None:
    user = make_member(agency.office, "Lê Mẫu Bình", staff_code="B01", email="binh@vidu.example")
    make_member(make_unit("Phường Khác"), "Lê Mẫu Ngoài", email="ngoai@vidu.example")
    scim = Scim(secret_of(agency))

    def found(asked: str) -> list[str]:
        answer = scim("get", "Users", {"filter": asked}).json()
        return [one["id"] for one in answer.get("Resources", [])]

    assert found('userName eq "BINH@vidu.example"') == [str(user.pk)]
    assert found('displayName co "mẫu" and active eq true') == [str(user.pk)]
    assert found('userName eq "ngoai@vidu.example"') == []
    assert scim("get", "Users", {"filter": "nonsense ("}).status_code == 400
    assert scim("get", "Users", {"startIndex": "2"}).json()["totalResults"] == 1


def test_names_that_are_taken_are_a_conflict(agency: Agency) -> None:
    make_member(make_unit("Phường Khác"), "Lê Mẫu Ngoài", email="ngoai@vidu.example")
    scim = Scim(secret_of(agency))

    answer = scim.user("ngoai@vidu.example", displayName="Lê Mẫu")

    assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")
    assert scim.user("la", displayName="Lê Mẫu", emails=[{"value": "sai"}]).status_code == 400
    assert scim("post", "Users", "[").status_code == 400
    assert agency.staff() == {}


def test_groups_are_units_and_members_move(agency: Agency) -> None:
    user = make_member(agency.office, "Lê Mẫu Bình")
    scim = Scim(secret_of(agency))
    body = {"schemas": [f"{CORE}:Group"], "displayName": "Phòng Mới"}
    made = scim("post", "Groups", body).json()
    path = f"Groups/{made['id']}"

    scim.patch(path, {"op": "add", "path": "members", "value": [{"value": str(user.pk)}]})
    assert agency.staff() == {"Lê Mẫu Bình": "Phòng Mới"}
    assert scim("delete", path).status_code == 409

    scim.patch(path, {"op": "remove", "path": f'members[value eq "{user.pk}"]'})
    assert agency.staff() == {"Lê Mẫu Bình": "Sở Thí Dụ"}
    assert (scim("delete", path).status_code, scim("get", path).status_code) == (204, 404)


def test_a_token_sees_its_unit_alone(agency: Agency) -> None:
    ward = make_unit("Phường Khác")
    other = make_member(ward, "Lê Mẫu Ngoài")
    here = make_member(agency.office, "Lê Mẫu Bình")
    scim = Scim(secret_of(agency, unit=agency.finance))

    for path in (f"Users/{other.pk}", f"Users/{here.pk}", f"Groups/{agency.unit.pk}"):
        assert scim("get", path).status_code == 404
        assert scim("delete", path).status_code == 404
    assert scim("get", "Users").json()["totalResults"] == 0
    assert Membership.objects.open().count() == 2


def test_nobody_with_a_role_is_taken_over(agency: Agency) -> None:
    user = make_member(agency.office, "Quản Mẫu", email="quan@vidu.example", is_superuser=True)
    scim = Scim(secret_of(agency))

    answer = scim.patch(
        f"Users/{user.pk}",
        {"op": "replace", "path": "emails", "value": [{"value": "toi@vidu.example"}]},
    )

    assert answer.status_code == 400
    assert get_user_model()._default_manager.get(pk=user.pk).email == "quan@vidu.example"


@pytest.mark.parametrize("spoil", ["scope", "none", "stranger"])
def test_without_the_scope_nothing_is_told(agency: Agency, spoil: str) -> None:
    secret = secret_of(agency, scopes=["staff"] if spoil == "scope" else ["scim"])
    if spoil == "stranger":
        secret = secret_of(agency, by=make_officer(make_unit("Phường Khác"), "Phạm Mẫu"))

    answer = Scim("" if spoil == "none" else secret)("get", "Users")

    assert (answer.status_code, answer["Content-Type"]) == (401, "application/scim+json")


def test_queries_of_a_list_do_not_grow(agency: Agency, django_assert_max_num_queries: Any) -> None:
    scim = Scim(secret_of(agency))
    scim("get", "Users")
    counted = []
    for number in (1, 3):
        for place in range(number):
            make_member(agency.office, f"Lê Mẫu {number}{place}")
        with django_assert_max_num_queries(20) as users:
            scim("get", "Users")
        with django_assert_max_num_queries(20) as groups:
            scim("get", "Groups")
        counted.append((len(users), len(groups)))
    assert counted[0] == counted[1]


def test_who_went_to_another_agency_is_nobodys_here(agency: Agency) -> None:
    user = make_member(agency.office, "Lê Mẫu Bình")
    place_member(user=user, unit=make_unit("Phường Khác"), on=timezone.localdate())
    scim = Scim(secret_of(agency))

    assert scim("get", f"Users/{user.pk}").status_code == 404
    assert scim("get", "Users").json()["totalResults"] == 0


def test_a_list_that_is_pulled_is_told_to_whom_it_names(agency: Agency) -> None:
    person = make_member(agency.office, "Lê Mẫu Kéo")
    elsewhere = make_member(make_unit("Sở khác"), "Lê Mẫu Khác")
    scim = Scim(secret_of(agency))
    scim("get", "Users")
    scim("get", f'Users?filter=userName eq "{person.email}"')
    scim("get", "Groups")
    row = Disclosure.objects.get()
    assert (row.how, row.by, row.unit_path) == ("pulled", None, agency.unit.path)
    assert [line.by for line in seen_lines(disclosures_about(person))] == ["IdP"]
    assert seen_lines(disclosures_about(elsewhere)) == []
