"""Course pages from the cache: quick, and never stale."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction

from learning.courses.models import CoursePage, Source
from portal.home.models import HomePage
from tests.factories import Learner, MembershipFactory, UnitFactory, add_lesson, make_course

pytestmark = pytest.mark.django_db

LESSON_QUERIES = 8


@pytest.fixture
def course():
    return make_course()


def pages(course):
    return [course.home, course.campaign, course.page, course.modules[0], course.lessons[0][0]]


def queries(browser, address):
    """How many queries the page costs, its caches being warm."""
    assert browser.get(address).status_code == 200
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(address).status_code == 200
    return len(caught)


# --- for everyone --------------------------------------------------------------------------------


def test_everything_is_readable_without_logging_in(course):
    for page in pages(course):
        for _time in ("from the tree", "from the cache"):
            reply = Client().get(page.url)
            assert reply.status_code == 200, page
            # The home page is headed by the campaign it shows.
            heading = "Ngày Sở hữu trí tuệ thế giới" if isinstance(page, HomePage) else page.title
            assert heading in reply.content.decode()


def test_everything_is_readable_logged_in_and_by_someone_not_enrolled(course):
    for browser in (Learner(course).client, Learner(course, enrolled=False).client):
        for page in pages(course):
            assert browser.get(page.url).status_code == 200, page


def test_one_readers_name_never_reaches_another(course):
    lesson = course.all_lessons[0]
    first, second = Learner(course, full_name="Đỗ Mộc Lan"), Learner(course)
    assert "Đỗ Mộc Lan" in first.client.get(lesson.url).content.decode()
    for other in (second.client, Client()):
        assert "Đỗ Mộc Lan" not in other.get(lesson.url).content.decode()


def test_a_page_that_is_not_there_is_not_found(course):
    assert Client().get("/khong-co/").status_code == 404
    assert Client().get(f"{course.page.url}khong-co/").status_code == 404


# --- never stale ---------------------------------------------------------------------------------


def test_publishing_shows_at_once(course):
    lesson, browser = course.all_lessons[0], Client()
    browser.get(lesson.url)
    lesson.title, lesson.body = "Tên mới của bài", [("text", "<p>Nội dung mới.</p>")]
    draft = lesson.save_revision()
    assert "Nội dung mới." not in browser.get(lesson.url).content.decode()
    draft.publish()
    html = browser.get(lesson.url).content.decode()
    assert "Nội dung mới." in html
    assert "Tên mới của bài" in html
    assert "Tên mới của bài" in browser.get(course.modules[0].url).content.decode()


def test_unpublishing_hides_at_once_and_publishing_brings_back(course):
    lesson, browser = course.all_lessons[0], Client()
    assert browser.get(lesson.url).status_code == 200
    lesson.unpublish()
    assert browser.get(lesson.url).status_code == 404
    assert lesson.title not in browser.get(course.modules[0].url).content.decode()
    lesson.save_revision().publish()
    assert browser.get(lesson.url).status_code == 200


def test_a_new_lesson_is_in_the_outline_at_once(course):
    browser = Client()
    browser.get(course.modules[0].url)
    lesson = add_lesson(course.modules[0], "Bài vừa thêm")
    assert "Bài vừa thêm" in browser.get(course.modules[0].url).content.decode()
    assert browser.get(lesson.url).status_code == 200


def test_a_moved_or_deleted_page_is_gone_from_its_old_address(course):
    moved, deleted, browser = course.lessons[0][0], course.lessons[0][1], Client()
    for page in (moved, deleted):
        assert browser.get(page.url).status_code == 200
    old, gone = moved.url, deleted.url
    deleted.delete()
    Page.objects.get(pk=moved.pk).move(Page.objects.get(pk=course.modules[1].pk), "last-child")
    new = Page.objects.get(pk=moved.pk).url
    assert new != old
    assert browser.get(new).status_code == 200
    reply = browser.get(old)
    assert (reply.status_code, reply.url) == (301, new)
    assert browser.get(gone).status_code == 404


def test_a_changed_slug_changes_the_address_of_all_below(course):
    browser, lesson = Client(), course.all_lessons[0]
    assert browser.get(lesson.url).status_code == 200
    old = lesson.url
    new = old.replace(f"/{course.page.slug}/", "/khoa-ten-khac/")
    page = CoursePage.objects.get(pk=course.page.pk)
    page.slug = "khoa-ten-khac"
    page.save_revision().publish()
    assert browser.get(new).status_code == 200
    assert browser.get(old).status_code in (301, 404)


def test_a_corrected_source_shows_at_once(course):
    source = Source.objects.create(key="nguon", title="Nguồn tên cũ", kind="web")
    fact = {"number": "24", "text": "<p>Lần thứ.</p>", "source": source}
    lesson, browser = add_lesson(course.modules[0], body=[("fact", fact)]), Client()
    assert "Nguồn tên cũ" in browser.get(lesson.url).content.decode()
    source.title = "Nguồn tên mới"
    source.save()
    assert "Nguồn tên mới" in browser.get(lesson.url).content.decode()


# --- restrictions --------------------------------------------------------------------------------


@pytest.mark.parametrize("warm", [True, False])
@pytest.mark.parametrize("kind", ["login", "password"])
def test_a_restriction_of_the_course_holds_for_all_below(course, kind, warm):
    below = [course.page, course.modules[0], course.all_lessons[0]]
    learner = Learner(course)
    if warm:
        for page in below:
            Client().get(page.url)
            learner.client.get(page.url)
    restriction = PageViewRestriction.objects.create(
        page=course.page, restriction_type=kind, password="bi-mat" if kind == "password" else ""
    )
    for page in below:
        for _time in range(2):
            assert Client().get(page.url).status_code == (302 if kind == "login" else 200)
            secret = page.summary
            assert secret not in Client().get(page.url).content.decode()
        shown = learner.client.get(page.url).content.decode()
        assert (page.title in shown) == (kind == "login")
    restriction.delete()
    assert Client().get(course.all_lessons[0].url).status_code == 200


# --- what it costs -------------------------------------------------------------------------------


def test_a_lesson_costs_the_same_few_queries_however_much_there_is():
    counts = []
    for size in (1, 3):
        course = make_course(modules=size, lessons=size, questions=size)
        units = UnitFactory.create_batch(size)
        learners = [Learner(course) for _n in range(size)]
        for learner, unit in zip(learners, units, strict=True):
            MembershipFactory(user=learner.user, unit=unit)
            learner.finish()
        counts.append(queries(learners[0].client, course.all_lessons[0].url))
    assert counts[0] == counts[1] <= LESSON_QUERIES


def test_a_passer_by_costs_next_to_nothing(course):
    assert queries(Client(), course.all_lessons[0].url) == 1


def test_reading_pages_writes_nothing(course):
    learner = Learner(course)
    addresses = [page.url for page in pages(course)] + [reverse("study:my")]
    for address in addresses:
        learner.client.get(address)
    with CaptureQueriesContext(connection) as caught:
        for address in addresses:
            assert learner.client.get(address).status_code == 200
    writes = [q["sql"] for q in caught if not q["sql"].lstrip("( ").upper().startswith("SELECT")]
    assert writes == []
