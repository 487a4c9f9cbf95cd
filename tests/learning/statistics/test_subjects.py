"""Several courses, programmes, and courses that are gone."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from learning.courses.models import CoursePage
from learning.enrolments.models import TrainingGoal, TrainingGoalCourse
from learning.statistics.subjects import subjects
from tests.learning.statistics.factories import enrolled, make_course
from tests.learning.statistics.screens import figures, listed, overview, people


@pytest.fixture
def second(city):
    """A second course: Đức is on the way in it, the other agency's person too."""
    key = make_course("Bản quyền trên mạng")
    enrolled(city.people["done"], key, started=True)
    enrolled(city.people["other"], key)
    return key


@pytest.fixture
def programme(city, second):
    goal = TrainingGoal.objects.create(
        name="Hai khóa trong năm", due_on=datetime.date(2030, 12, 31)
    )
    for key in (city.course, second):
        TrainingGoalCourse.objects.create(goal=goal, course_key=key)
    return goal


def test_all_courses_count_each_course_of_a_person(client, city, second):
    client.force_login(city.officer)
    seen = figures(overview(client, khoa="tat-ca"))
    assert (seen["assigned"], seen["completed"], seen["in_progress"]) == ("6", "2", "2")
    listing = people(client, **{"khoa": "tat-ca", "trang-thai": "dang-hoc"})
    assert listed(listing) == ["Lê Mẫu Đức", "Phạm Mẫu Hòa"]
    assert "Bản quyền trên mạng" in listing.content.decode()


def test_a_programme_is_what_a_goal_asks_for(client, city, programme):
    client.force_login(city.administrator)
    response = overview(client, khoa=f"chi-tieu-{programme.pk}")
    assert figures(response)["assigned"] == "8"
    assert "Hai khóa trong năm" in response.content.decode()


def test_a_single_course_stays_itself(client, city, second):
    client.force_login(city.officer)
    assert figures(overview(client, khoa=str(second)))["assigned"] == "1"
    assert figures(overview(client, khoa=str(city.course)))["assigned"] == "5"


@pytest.mark.parametrize("gone", ["unpublished", "deleted"])
def test_a_course_that_is_gone_still_has_its_figures(client, city, second, gone):
    page = CoursePage.objects.get(translation_key=city.course)
    if gone == "unpublished":
        page.unpublish()
    else:
        page.delete()
    client.force_login(city.administrator)
    response = overview(client, khoa=str(city.course))
    assert figures(response)["completed"] == "3"
    assert "callout" in response.content.decode()
    found = subjects()[str(city.course)]
    assert found.gone
    # A deleted page's title is known by its certificates.
    assert found.title.startswith("Sở hữu trí tuệ")


def test_a_deleted_course_nobody_completed_is_told_by_its_key(city, second):
    CoursePage.objects.get(translation_key=second).delete()
    found = subjects()[str(second)]
    assert str(second)[:8] in found.title


def test_an_unknown_subject_is_not_there(client, city):
    client.force_login(city.officer)
    for asked in ("chi-tieu-9", "x", "tat-ca"):
        assert overview(client, khoa=asked).status_code == 404


def test_every_file_of_a_programme_tells_the_course(client, city, programme):
    client.force_login(city.administrator)
    asked = {"khoa": f"chi-tieu-{programme.pk}"}
    address = reverse("statistics:export", kwargs={"form": "csv"})
    lines = b"".join(client.get(address, asked).streaming_content).decode().splitlines()
    assert len(lines) == 1 + 8
    assert sum("Bản quyền trên mạng" in line for line in lines) == 2


def test_choices_cost_the_same_whatever_there_is(city):
    with CaptureQueriesContext(connection) as few:
        subjects()
    for number in range(3):
        key = make_course(f"Khóa {number}")
        enrolled(city.people["new"], key)
        CoursePage.objects.get(translation_key=key).unpublish()
    make_course("Còn đó")
    with CaptureQueriesContext(connection) as many:
        subjects()
    # One more: what gone courses are called.
    assert len(many) - len(few) <= 2
