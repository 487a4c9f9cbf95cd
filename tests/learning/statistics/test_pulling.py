"""Other programs get the screen's figures and list, inside what their token may see."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning.api.actions import make_token, revoke_token
from learning.api.models import Scope
from learning.audit.models import Disclosure
from learning.courses.stamp import touch_content
from learning.organisations.models import Responsibility
from learning.privacy.models import Restriction
from tests.learning.organisations.factories import make_member
from tests.learning.statistics.factories import enrolled
from tests.learning.statistics.screens import figures, listed, overview, people, table

pytestmark = pytest.mark.django_db

FIGURES, PEOPLE = "/api/v1/statistics", "/api/v1/statistics/people"


def token_of(officer, unit, *scopes):
    token, secret = make_token(
        name="Phần mềm nhân sự",
        unit=unit,
        scopes=scopes or list(Scope.values),
        by=officer,
        expires_at=timezone.now() + datetime.timedelta(days=1),
    )
    return token, {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def key(city):
    return token_of(city.officer, city.one)[1]


def pull(client, key, address=FIGURES, **asked):
    return client.get(address, asked, headers=key)


def test_figures_are_the_screens(client, city, key):
    told = pull(client, key).json()
    client.force_login(city.officer)
    seen = figures(overview(client))
    for name in ("assigned", "completed", "in_progress", "not_started", "overdue", "certificates"):
        assert str(told["total"][name]) == seen[name]
    assert f"{told['total']['mean_score']:.1f}%".replace(".", ",") == seen["mean_score"]
    rows = [[row["unit"]["name"], str(row["assigned"])] for row in told["rows"]]
    shown = [line[:2] for line in table(overview(client))[1:-1]]
    assert [row[1] for row in rows] == [line[1] for line in shown]


def test_the_list_is_the_screens_a_page_at_a_time(client, city, key):
    names, cursor = [], 0
    while cursor is not None:
        page = pull(client, key, PEOPLE, limit=2, cursor=cursor).json()
        names += [person["full_name"] for person in page["people"]]
        cursor = page["next"]
        if cursor:
            # Who is enrolled meanwhile comes at the end and moves nobody.
            enrolled(make_member(city.two), city.course)
    client.force_login(city.officer)
    assert sorted(names) == sorted(listed(people(client)))
    late = pull(client, key, PEOPLE, status="qua-han").json()["people"]
    assert [(one["full_name"], one["overdue"]) for one in late] == [("Trần Thí Dụ Ánh", True)]


def test_as_csv_it_is_the_screens_file(client, city, key):
    file = pull(client, key, PEOPLE, format="csv")
    rows = list(csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"))))
    assert len(rows) == 6
    assert rows[0][0] == "Họ và tên"


def test_nothing_outside_of_the_token(client, city, key):
    assert pull(client, key, unit=city.room.code).json()["total"]["assigned"] == 3
    for unit in (city.two, city.root):
        assert pull(client, key, unit=unit.code).status_code == 404
    # Made by who sees the whole city, a token for one unit still sees that one.
    narrow = token_of(city.administrator, city.one)[1]
    assert pull(client, narrow, unit=city.two.code).status_code == 404
    assert pull(client, narrow).json()["total"]["assigned"] == 5
    assert pull(client, {}).status_code == 401
    figures_only = token_of(city.officer, city.one, Scope.STATISTICS)[1]
    assert pull(client, figures_only, PEOPLE).status_code == 401


def test_revoked_in_the_middle_it_opens_no_further_page(client, city):
    token, key = token_of(city.officer, city.one)
    assert pull(client, key, PEOPLE, limit=2).json()["next"]
    revoke_token(token=token, by=city.officer)
    assert pull(client, key, PEOPLE, limit=2, cursor=1).status_code == 401


def test_who_is_no_longer_officer_has_no_token_that_opens(client, city, key):
    Responsibility.objects.filter(user=city.officer).delete()
    assert pull(client, key).status_code == 401


def test_an_unchanged_answer_is_not_sent_again(client, city, key):
    first = pull(client, key)
    again = client.get(FIGURES, headers={**key, "If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    enrolled(make_member(city.one), city.course)
    changed = client.get(FIGURES, headers={**key, "If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed.json()["total"]["assigned"] == 6


def test_a_period_and_a_past_day(client, city, key, today):
    told = pull(client, key, **{"from": today.isoformat()}).json()
    assert (told["total"]["new_completed"], told["from"]) == (2, today.isoformat())
    before = pull(client, key, to="2026-01-31").json()
    assert before["total"]["assigned"] == 0
    wrong = pull(client, key, **{"from": "2026-02-02", "to": "2026-02-01"})
    assert wrong.status_code == 422
    assert wrong.json()["detail"] == "Kỳ báo cáo kết thúc trước khi bắt đầu."
    assert pull(client, key, to="hôm qua").status_code == 422


def test_whoever_is_on_a_pulled_list_is_told_and_the_restricted_are_not_on_it(client, city, key):
    Restriction.objects.create(person=city.people["done"])
    found = pull(client, key, PEOPLE).json()["people"]
    assert "Lê Mẫu Đức" not in {person["full_name"] for person in found}
    told = Disclosure.objects.get()
    assert (told.how, told.unit_key, told.count, told.by) == ("pulled", city.one.pk, 4, None)


def test_the_number_of_queries_does_not_grow(client, city, key):
    touch_content()
    pull(client, key, PEOPLE)
    with CaptureQueriesContext(connection) as few:
        pull(client, key, PEOPLE, limit=1)
    with CaptureQueriesContext(connection) as many:
        pull(client, key, PEOPLE, limit=3)
    assert len(few) == len(many)


def test_it_is_described(client):
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert {FIGURES, PEOPLE} <= described["paths"].keys()
