"""Who may see these screens: HR, of her own units and of those alone."""

import pytest

from tests.learning.organisations.factories import make_officer, make_unit
from tests.learning.statistics.analysis.asking import screen

SCREENS = ("trend", "modules", "topics", "positions")


@pytest.mark.parametrize("name", SCREENS)
def test_a_learner_sees_none_and_each_officer_her_own_units(client, city, name):
    client.force_login(city.people["done"])
    assert screen(client, name).status_code == 404
    for officer, unit, other in (
        (city.officer, city.one, city.two),
        (city.other_officer, city.two, city.one),
    ):
        client.force_login(officer)
        assert screen(client, name, **{"don-vi": unit.pk}).status_code == 200
        assert screen(client, name, **{"don-vi": other.pk}).status_code == 404


def test_nobody_of_another_unit_is_counted(client, city):
    for officer, count in (
        (city.officer, 5),
        (city.other_officer, 1),
        (city.administrator, 6),
    ):
        client.force_login(officer)
        assert screen(client, "positions").context["total"].assigned == count
        assert sum(p.assigned for p in screen(client, "trend").context["trend"].points) == count
        assert screen(client, "modules").context["report"].assigned == count


@pytest.mark.parametrize("name", SCREENS)
def test_the_screens_lead_to_each_other_with_the_question(client, city, name):
    client.force_login(city.officer)
    html = screen(client, name, **{"don-vi": city.room.pk}).content.decode()
    for other in ("", "dien-bien/", "bai-hoc/", "chu-de/", "chuc-vu/"):
        assert f'href="/thong-ke/{other}?khoa={city.course}&amp;don-vi={city.room.pk}"' in html
    assert html.count('aria-current="page"') >= 1
    assert " style=" not in html


@pytest.mark.parametrize("name", SCREENS)
def test_without_a_course_they_say_so(client, db, name):
    client.force_login(make_officer(make_unit()))
    assert screen(client, name).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        {"bai": "khong-co"},
        {"bai": "cuoi-khoa", "muc": "la"},
        {"viec": "la", "viec-tu": "2026-01-01", "viec-den": "2026-01-01"},
        {"viec": "bat-dau"},
        {"viec": "bat-dau", "viec-tu": "hôm qua", "viec-den": "2026-01-01"},
    ],
)
def test_a_list_that_is_narrowed_by_nonsense_is_not_there(client, city, asked):
    client.force_login(city.officer)
    assert client.get("/thong-ke/nguoi-hoc/", asked).status_code == 404
