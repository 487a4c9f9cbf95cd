"""The ring of goals as a way into the lessons that tell of them."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from learning.courses.models import LessonPage
from tests.factories import Learner, add_lesson, make_course

pytestmark = pytest.mark.django_db


def heading(goal):
    return ("heading", {"text": f"Về mục tiêu {goal}", "goal": str(goal)})


@pytest.fixture
def course():
    made = make_course(modules=2, lessons=0)
    add_lesson(made.modules[0], "Bài đầu", goals=[1, 2, 3], body=[heading(n) for n in (3, 1, 2)])
    add_lesson(made.modules[0], "Bài sau", goals=[4, 5, 6], body=[heading(n) for n in (4, 5, 6, 1)])
    return made


def ways(html):
    """The links of the ring itself, in order."""
    return re.findall(r'class="ring-way__seg" href="([^"]+)"', html)


def test_each_goal_leads_to_its_first_place(course):
    first, second = course.outline.modules[0].lessons
    found = ways(Client().get(course.modules[0].url).content.decode())
    assert [address.split("#")[0] for address in found] == [first.url] * 3 + [second.url] * 3
    for address in found:
        page, anchor = address.split("#")
        assert f'id="{anchor}"' in Client().get(page).content.decode()


def test_the_same_stands_in_words(course):
    html = Client().get(course.modules[0].url).content.decode()
    for address in ways(html):
        assert html.count(f'href="{address}"') == 2
    assert "Mục tiêu 4: Giáo dục có chất lượng" in html


def test_what_was_read_is_said(course):
    learner = Learner(course)
    learner.read(LessonPage.objects.get(title="Bài đầu"))
    html = learner.client.get(course.modules[0].url).content.decode()
    assert html.count('<span class="visually-hidden">Đã học</span>') == 3


def test_a_module_of_few_goals_has_no_ring(course):
    assert ways(Client().get(course.modules[1].url).content.decode()) == []


def test_the_home_page_leads_to_each_goal(course):
    html = Client().get("/").content.decode()
    for place in course.outline.modules[0].goal_places:
        assert f'href="{place.url}"' in html
