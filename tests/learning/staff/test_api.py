"""PUT /api/v1/staff, and the tokens that open it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning.api.actions import make_token, revoke_token
from learning.api.models import ApiToken
from learning.organisations.actions import end_responsibility
from learning.organisations.models import Membership
from learning.staff.models import StaffImport
from tests.learning.organisations.factories import make_member, make_officer, make_unit, make_user
from tests.learning.staff.factories import Agency, make_agency

pytestmark = pytest.mark.django_db

URL = "/api/v1/staff"
AN = {"staff_code": "A01", "full_name": "Nguyễn Văn Mẫu An", "birth": "1985-03-05"}
BINH = {"staff_code": "A02", "full_name": "Trần Thị Mẫu Bình", "unit": "Phòng Tài chính"}


@pytest.fixture
def agency(django_capture_on_commit_callbacks: Any) -> Agency:
    return make_agency(django_capture_on_commit_callbacks)


def token_for(agency: Agency, **more: Any) -> tuple[ApiToken, str]:
    told = {"name": "Phần mềm nhân sự", "unit": agency.unit, "scopes": ["staff"]}
    until = timezone.now() + datetime.timedelta(days=30)
    return make_token(**{**told, "by": agency.officer, "expires_at": until, **more})


def put(secret: str, *people: dict[str, str], query: str = "") -> Any:
    return Client().put(
        f"{URL}{query}",
        {"people": list(people)},
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )


def test_a_list_is_written_once_and_then_changes_nothing(agency: Agency) -> None:
    token, secret = token_for(agency)

    first = put(secret, AN, BINH).json()
    again = put(secret, AN, BINH).json()

    assert (first["written"], first["counts"]) == (True, {"new": 2})
    assert (again["written"], again["counts"]) == (False, {"unchanged": 2})
    assert agency.staff() == {AN["full_name"]: "Sở Thí Dụ", BINH["full_name"]: "Phòng Tài chính"}
    token.refresh_from_db()
    assert token.last_used_at is not None
    assert StaffImport.objects.get().by == agency.officer


def test_a_dry_run_only_tells(agency: Agency) -> None:
    _token, secret = token_for(agency)

    told = put(secret, AN, query="?dry_run=true").json()

    assert (told["written"], told["rows"][0]["outcome"]) == (False, "new")
    assert agency.staff() == {}
    assert not StaffImport.objects.exists()


def test_moved_and_left(agency: Agency) -> None:
    _token, secret = token_for(agency)
    put(secret, AN, BINH)

    told = put(secret, {**BINH, "unit": "Văn phòng"}, query="?complete=true").json()

    assert told["counts"] == {"moved": 1, "left": 1}
    assert agency.staff() == {BINH["full_name"]: "Văn phòng"}


def test_with_one_error_nothing_is_written(agency: Agency) -> None:
    _token, secret = token_for(agency)

    answer = put(secret, AN, {**BINH, "birth": "31/02/1985", "unit": "Phòng Không Có"})

    told = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert [row["outcome"] for row in told["rows"]] == ["new", "error"]
    assert [one["field"] for one in told["rows"][1]["errors"]] == ["birth", ""]
    assert (agency.staff(), StaffImport.objects.count()) == ({}, 0)


def test_probable_duplicates_are_left_to_people(agency: Agency) -> None:
    make_member(agency.office, AN["full_name"], staff_code="A09")
    _token, secret = token_for(agency)

    answer = put(secret, {"full_name": AN["full_name"]})

    assert answer.status_code == 422
    assert answer.json()["rows"][0]["candidates"] == ["A09"]


def test_a_token_reaches_its_unit_alone(agency: Agency) -> None:
    """Even where its maker manages more."""
    _token, secret = token_for(agency, unit=agency.office)
    make_member(agency.finance, AN["full_name"], staff_code="A01")

    answer = put(secret, AN, BINH)

    assert [row["outcome"] for row in answer.json()["rows"]] == ["error", "error"]


@pytest.mark.parametrize("spoil", ["wrong", "revoked", "expired", "scope", "no officer", "none"])
def test_a_token_that_opens_nothing(agency: Agency, spoil: str) -> None:
    token, secret = token_for(agency, scopes=["scim" if spoil == "scope" else "staff"])
    if spoil == "revoked":
        revoke_token(token=token, by=agency.officer)
    elif spoil == "expired":
        past = timezone.now() - datetime.timedelta(days=1)
        ApiToken.objects.update(made_at=past - datetime.timedelta(days=1), expires_at=past)
    elif spoil == "no officer":
        end_responsibility(user=agency.officer, unit=agency.unit)

    answer = put({"wrong": "hp_x", "none": ""}.get(spoil, secret), AN)

    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"] == "Bearer"
    assert agency.staff() == {}


@pytest.mark.parametrize(
    "body", ["", "[", '{"people": []}', '{"people": [{}]}', '{"people": "x"}', '{"persons": []}']
)
def test_a_body_that_is_no_list(agency: Agency, body: str) -> None:
    _token, secret = token_for(agency)

    answer = Client().put(
        URL, body, content_type="application/json", headers={"Authorization": f"Bearer {secret}"}
    )

    assert (answer.status_code in (400, 422), answer["Content-Type"]) == (
        True,
        "application/problem+json",
    )


def test_the_api_describes_itself() -> None:
    told = Client().get("/api/v1/openapi.json").json()

    assert "put" in told["paths"][URL]


def test_an_officer_makes_and_revokes_tokens(agency: Agency) -> None:
    browser = Client()
    browser.force_login(agency.officer)
    told = {"name": "HRM", "unit": agency.office.pk, "scopes": ["staff"], "days": "90"}

    html = browser.post(reverse("tokens:list"), told)
    token = ApiToken.objects.get()
    secret = html.context["secret"]
    assert secret not in browser.get(reverse("tokens:list")).content.decode()
    assert (put(secret, AN).status_code, token.digest == secret) == (200, False)
    assert Membership.objects.open().get(unit=agency.office).user.full_name == AN["full_name"]

    browser.post(reverse("tokens:revoke", args=[token.pk]))
    assert put(secret, AN).status_code == 401


def test_tokens_are_the_units_officers_alone(agency: Agency) -> None:
    token, _secret = token_for(agency)
    other = make_officer(make_unit("Phường Khác"), "Phạm Mẫu Ngoài")
    for person, sees in ((make_user("Học Mẫu"), 404), (other, 200), (agency.officer, 200)):
        browser = Client()
        browser.force_login(person)
        page = browser.get(reverse("tokens:list"))
        assert page.status_code == sees
        assert (token.hint in page.content.decode()) == (person == agency.officer)
        if person != agency.officer:
            assert browser.post(reverse("tokens:revoke", args=[token.pk])).status_code == 404
    token.refresh_from_db()
    assert token.is_valid


@pytest.mark.parametrize(
    "told", [{"scopes": []}, {"scopes": ["all"]}, {"days": "9999"}, {"name": ""}]
)
def test_a_token_needs_name_scope_and_end(agency: Agency, told: dict[str, Any]) -> None:
    browser = Client()
    browser.force_login(agency.officer)
    good = {"name": "HRM", "unit": agency.unit.pk, "scopes": ["staff"], "days": "90"}

    reply = browser.post(reverse("tokens:list"), {**good, **told})

    assert (reply.status_code, bool(reply.context["form"].errors)) == (200, True)
    assert not ApiToken.objects.exists()
