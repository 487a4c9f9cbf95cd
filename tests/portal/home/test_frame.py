"""The frame around every page is kept for many readers, and still each one's own."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from quizzes.kept import render_fragment
from tests.factories import Learner, make_course

pytestmark = pytest.mark.django_db

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w{64})"')


@pytest.fixture
def course():
    return make_course()


def html_of(browser, address):
    reply = browser.get(address)
    assert reply.status_code == 200
    return reply.content.decode()


def test_each_reader_sees_her_own_name_escaped(course):
    first = Learner(course, full_name="<b>Đỗ</b> & Mộc")
    second = Learner(course, full_name="Vũ Thị Hạnh")
    address = course.all_lessons[0].url
    for _time in range(2):
        html = html_of(first.client, address)
        assert html.count("&lt;b&gt;Đỗ&lt;/b&gt; &amp; Mộc") == 2
        assert "<b>Đỗ" not in html
        assert "Vũ Thị Hạnh" in html_of(second.client, address)


def test_no_placeholder_is_left_on_a_page(course):
    learner = Learner(course)
    for browser in (learner.client, Client()):
        for address in (course.all_lessons[0].url, course.page.url, reverse("certificates:verify")):
            assert "kept-" not in html_of(browser, address)


def test_the_forms_of_kept_fragments_carry_a_token_that_is_taken(course):
    learner = Learner(course)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(learner.user)
    lesson = course.all_lessons[0]
    reply = browser.get(lesson.url)
    tokens = _TOKEN.findall(reply.content.decode())
    assert len(tokens) == 3  # log out in both menus, «Đã học xong»
    address = reverse("study:lesson_read", args=[lesson.translation_key])
    assert browser.post(address).status_code == 403
    for token in tokens:
        assert browser.post(address, {"csrfmiddlewaretoken": token}).status_code == 302


def test_a_page_without_a_form_sets_no_cookie_for_a_passer_by(course):
    Learner(course).client.get(course.all_lessons[0].url)
    reply = Client().get(course.all_lessons[0].url)
    assert reply.cookies == {}
    assert "csrfmiddlewaretoken" not in reply.content.decode()


def test_what_one_has_read_is_not_shown_to_another(course):
    first, second = Learner(course), Learner(course)
    lesson = course.all_lessons[0]
    unread = html_of(second.client, lesson.url)
    first.client.post(reverse("study:lesson_read", args=[lesson.translation_key]))
    assert 'class="finish"' in unread
    assert "state--done" in html_of(first.client, lesson.url)
    for browser in (second.client, Client()):
        html = html_of(browser, lesson.url)
        assert "state--done" not in html
        assert "steps__i--done" not in html


def test_the_current_section_is_marked_there_and_nowhere_else(course):
    learner = Learner(course)
    mine, verify = reverse("study:my"), reverse("certificates:verify")
    for here, other in ((mine, verify), (verify, mine)):
        header = html_of(learner.client, here).split("</header>")[0]
        assert f'href="{here}" aria-current="page"' in header
        assert f'href="{other}" aria-current="page"' not in header


def test_a_name_that_looks_like_markup_of_ours_stays_text():
    html = render_fragment(
        "components/header.html", person_name="{% csrf_token %}<i>", logged_in=True, course_url="/"
    )
    assert "{% csrf_token %}&lt;i&gt;" in html
