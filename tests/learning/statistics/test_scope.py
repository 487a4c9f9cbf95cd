"""Three people at every door: the learner, the officer of the unit, the officer of another."""

import io
import re

import openpyxl
import pytest
from django.urls import reverse

from tests.learning.organisations.factories import make_member, make_unit
from tests.learning.statistics.factories import enrolled
from tests.learning.statistics.screens import export, figures, listed, overview, people

SECRET = "Ngô Mẫu Kín"


def doors(**asked):
    return [
        (reverse("statistics:overview"), asked),
        (reverse("statistics:people"), asked),
        (reverse("statistics:export", kwargs={"form": "csv"}), asked),
        (reverse("statistics:export", kwargs={"form": "xlsx"}), asked),
    ]


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_visitor_is_asked_to_log_in(client, city):
    for address, asked in doors():
        response = client.get(address, asked)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("accounts:login"))


def test_a_learner_finds_nothing_here(client, city):
    client.force_login(city.people["done"])
    for address, asked in doors():
        assert client.get(address, asked).status_code == 404


@pytest.mark.parametrize("hidden", ["two", "root"])
def test_another_unit_is_not_there(client, city, hidden):
    client.force_login(city.officer)
    for address, asked in doors(**{"don-vi": getattr(city, hidden).pk}):
        assert client.get(address, asked).status_code == 404
        assert client.get(address, asked | {"truc-tiep": "1"}).status_code == 404


def test_nothing_of_another_unit_is_on_any_page_or_in_any_file(client, city):
    client.force_login(city.officer)
    for address, asked in doors():
        response = client.get(address, asked)
        assert response.status_code == 200
        text = body(response)
        for word in (SECRET, "Sở Hai", "Thành phố"):
            assert word.encode() not in text
    book = openpyxl.load_workbook(io.BytesIO(body(export(client, "xlsx"))))
    cells = [str(cell.value) for sheet in book for line in sheet for cell in line]
    assert not any(SECRET in cell or "Sở Hai" in cell for cell in cells)
    assert any("Lê Mẫu Đức" in cell for cell in cells)


def test_searching_finds_nobody_outside(client, city):
    client.force_login(city.officer)
    assert listed(people(client, tim="Ngo Mau Kin")) == []
    client.force_login(city.other_officer)
    assert listed(people(client, tim="ngo mau kin")) == [SECRET]


def test_totals_are_blind_to_what_happens_elsewhere(client, city):
    client.force_login(city.officer)
    before = overview(client).content.decode()
    enrolled(make_member(city.two, "Mai Mẫu Xa"), city.course)
    enrolled(make_member(city.root, "Mai Mẫu Cao"), city.course)
    after = overview(client)
    assert figures(after)["assigned"] == "5"
    cut = 'class="figures"'
    assert after.content.decode().split(cut)[1] == before.split(cut)[1]


def test_each_officer_sees_her_own(client, city):
    client.force_login(city.other_officer)
    assert figures(overview(client))["assigned"] == "1"
    client.force_login(city.administrator)
    assert figures(overview(client))["assigned"] == "6"


@pytest.mark.parametrize(
    "asked",
    [
        {"don-vi": "abc"},
        {"don-vi": "99999999999999999999"},
        {"don-vi": "-1"},
        {"khoa": "x"},
        {"khoa": "00000000-0000-0000-0000-000000000000"},
        {"trang-thai": "tat-ca-moi-nguoi"},
    ],
)
def test_nonsense_in_the_address_is_not_found(client, city, asked):
    client.force_login(city.officer)
    for address, given in doors(**asked):
        assert client.get(address, given).status_code == 404


def test_a_unit_that_is_not_there_looks_like_one_that_is_hidden(client, city):
    client.force_login(city.officer)
    nowhere = overview(client, **{"don-vi": 10**9})
    hidden = overview(client, **{"don-vi": city.two.pk})
    assert nowhere.status_code == hidden.status_code == 404
    # The log-out form's token is masked anew in every answer.
    first, second = (
        re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", reply.content)
        for reply in (nowhere, hidden)
    )
    assert first == second


def test_pages_about_people_are_not_kept_by_anyone(client, city):
    client.force_login(city.officer)
    for address, asked in doors():
        response = client.get(address, asked)
        assert "no-store" in response["Cache-Control"]
        assert "private" in response["Cache-Control"]
        body(response)


def test_looking_only(client, city):
    client.force_login(city.officer)
    for address, asked in doors():
        assert client.post(address, asked).status_code == 405


def test_a_new_unit_below_is_seen_at_once(client, city):
    client.force_login(city.officer)
    unit = make_unit("Tổ mới", parent=city.room)
    assert overview(client, **{"don-vi": unit.pk}).status_code == 200
