"""Units and periods beside each other."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from learning.organisations.actions import place_member
from learning.progress.models import CourseCompletion
from tests.learning.organisations.changes import done, new, plan
from tests.learning.statistics.screens import listed

DAY = datetime.timedelta(days=1)


def compare(client, **asked):
    return client.get(reverse("statistics:compare"), asked)


def lines(response):
    return {
        line.name: [(one.value, one.change) for one in line.values]
        for line in response.context["lines"]
    }


def test_two_units_with_the_change_from_the_first(client, city):
    client.force_login(city.administrator)
    response = compare(client, **{"don-vi": city.one.pk, "voi": city.two.pk})
    found = lines(response)
    assert found["assigned"] == [(5, None), (1, -4)]
    assert found["overdue"] == [(1, None), (0, -1)]
    assert [str(value) for value in found["rate"][1]] == ["100.0", "60.0"]
    html = response.content.decode()
    assert "−4" in html
    assert "+60,0" in html


def test_each_count_opens_its_own_list(client, city):
    client.force_login(city.administrator)
    response = compare(client, **{"don-vi": city.one.pk, "voi": city.two.pk})
    line = next(line for line in response.context["lines"] if line.name == "completed")
    names = [
        listed(client.get(f"{reverse('statistics:people')}?{one.address}")) for one in line.values
    ]
    assert names == [["Đỗ Mẫu Dũng", "Lê Mẫu Đức"], ["Ngô Mẫu Kín"]]


@pytest.mark.parametrize(("who", "status"), [("officer", 404), ("administrator", 200)])
def test_a_unit_of_another_tree_is_not_there(client, city, who, status):
    client.force_login(getattr(city, who))
    assert compare(client, **{"don-vi": city.one.pk, "voi": city.two.pk}).status_code == status


def test_a_learner_compares_nothing(client, city):
    client.force_login(city.people["done"])
    assert compare(client).status_code == 404


def test_two_periods_of_one_unit(client, city, today):
    CourseCompletion.objects.filter(enrolment=city.enrolments["best"]).update(
        completed_at=timezone.now() - 3 * DAY
    )
    client.force_login(city.officer)
    asked = {
        "tu-ngay-2": f"{today - 5 * DAY:%d/%m/%Y}",
        "den-ngay-2": f"{today - 2 * DAY:%d/%m/%Y}",
    }
    found = lines(compare(client, **asked, theo="hien-nay"))
    # Enrolled today: nobody was assigned then, and a completion without assignment is none.
    assert [value for value, _change in found["completed"]] == [2, 0]


def test_a_unit_that_did_not_exist_then_has_no_figures(client, city, today):
    asked = plan("merge", city.one, city.two, day=today, into=new("moi", "Sở Mới", city.root))
    done(asked)
    place_member(user=city.people["new"], unit=city.root, on=today)
    client.force_login(city.administrator)
    unit = next(
        option.value
        for option in compare(client).context["unit_options"]
        if option.label == "Sở Mới"
    )
    response = compare(client, **{"don-vi": unit, "den-ngay-2": f"{today - DAY:%d/%m/%Y}"})
    assert [value for value, _change in lines(response)["staff"]] == [5, None]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"den-ngay-2": "31/02/2026"}, "31/02/2026"),
        ({"tu-ngay-2": "20/11/2025", "den-ngay-2": "19/11/2025"}, "19/11/2025"),
    ],
)
def test_a_period_that_is_none_is_told_and_left_out(client, city, asked, told):
    client.force_login(city.officer)
    response = compare(client, **asked)
    assert len(response.context["sides"]) == 1
    # The sentence, and the field that keeps what was typed.
    assert response.content.decode().count(told) >= 2
