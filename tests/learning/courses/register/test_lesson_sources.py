"""What a lesson tells its readers of its sources, and that this is never out of date."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale

from learning.courses.models import LessonPage
from learning.courses.register.actions import record_review
from learning.courses.register.freshness import day_start
from tests.factories import Learner, add_lesson, make_course, make_editor
from tests.learning.courses.register.factories import (
    citing_lesson,
    day,
    fact_with,
    make_source,
    replaced,
)

pytestmark = pytest.mark.django_db

DUE = "regular review"


@pytest.fixture
def course():
    return make_course(modules=1, lessons=1)


def in_english(lesson):
    """The lesson's translation, published, with the same sources."""
    english, _created = Locale.objects.get_or_create(language_code="en")
    copy = lesson.copy_for_translation(english, copy_parents=True)
    copy.sources = list(lesson.sources.all())
    copy.save_revision().publish()
    return LessonPage.objects.get(pk=copy.pk)


def read(lesson, browser=None):
    reply = (browser or Client()).get(lesson.url)
    assert reply.status_code == 200
    return reply.content.decode()


def listed(html):
    """The titles in the list of sources."""
    return [
        re.sub(r"<[^>]+>", "", title)
        for title in re.findall(r'<li class="basis__item"><span>(.*?)</span>', html)
    ]


def is_stale(lesson, browser=None):
    return 'class="callout callout--warn stale-note"' in read(lesson, browser)


# --- what is listed ------------------------------------------------------------------------------


def test_all_sources_are_listed_with_number_link_and_day(course):
    law = make_source("Luật một", number="131/2025/QH15", in_force_from=date(2026, 4, 1))
    web = make_source("Trang hai", kind="web", url="https://vidu.example/trang")
    lesson = citing_lesson(course.modules[0], web, body=[fact_with(law)])
    html = read(lesson)
    assert listed(html) == ["Luật một", "Trang hai"]
    section = html.split('id="can-cu"')[1].split("</section>")[0]
    assert "131/2025/QH15" in section
    assert "01/04/2026" in section
    assert 'href="https://vidu.example/trang"' in section


def test_a_lesson_without_sources_has_no_such_part(course):
    assert 'id="can-cu"' not in read(course.all_lessons[0])


def test_titles_are_in_the_language_of_the_page(course):
    lesson = citing_lesson(course.modules[0], make_source("Luật một", title_en="Law one"))
    assert listed(read(lesson)) == ["Luật một"]
    assert listed(read(in_english(lesson))) == ["Law one"]


def test_it_is_up_to_date_as_of_the_latest_check_or_review(course):
    sources = [make_source(checked_on=date(2026, 1, 5)), make_source(checked_on=date(2026, 2, 6))]
    lesson = citing_lesson(course.modules[0], *sources)
    assert "06/02/2026" in read(lesson)
    record_review(
        subject="lesson",
        key=str(lesson.translation_key),
        verdict="right",
        by=None,
        at=day_start(date(2026, 3, 7)),
    )
    assert "07/03/2026" in read(lesson)


@pytest.mark.parametrize(("count", "at_once"), [(5, 5), (6, 4)])
def test_the_tail_of_a_long_list_is_folded(course, count, at_once):
    lesson = citing_lesson(course.modules[0], *[make_source() for _n in range(count)])
    html = read(lesson)
    assert len(listed(html)) == count
    assert len(listed(html.split('<details class="basis__more"')[0])) == at_once


def test_how_a_source_stands_is_said(course):
    old = make_source("Nghị định cũ")
    old.replaced_by.set([make_source(number="341/2025/NĐ-CP"), make_source(in_force_from=day(9))])
    html = read(citing_lesson(course.modules[0], old))
    assert "341/2025/NĐ-CP" in html.split("Nghị định cũ")[1].split("</li>")[0]


# --- when it is stale ----------------------------------------------------------------------------


def test_readers_see_a_notice_until_it_has_been_reviewed(course):
    source, other = make_source(), make_source()
    lesson = citing_lesson(course.modules[0], source)
    bystander = citing_lesson(course.modules[0], other)
    learner = Learner(course).client
    assert not is_stale(lesson, learner)
    replaced(source, make_source())
    assert is_stale(lesson)
    assert is_stale(lesson, learner)
    assert not is_stale(bystander)
    record_review(subject="lesson", key=str(lesson.translation_key), verdict="right", by=None)
    assert not is_stale(lesson)
    assert not is_stale(lesson, learner)


def test_relating_sources_shows_at_once(course):
    source, amendment = make_source(), make_source(in_force_from=day(-1))
    lesson = citing_lesson(course.modules[0], source)
    assert not is_stale(lesson)
    source.amended_by.set([amendment])
    assert is_stale(lesson)
    source.amended_by.clear()
    assert not is_stale(lesson)


def test_a_lesson_becomes_stale_by_the_calendar_alone(course, set_clock):
    lesson = citing_lesson(course.modules[0], make_source(in_force_until=day(1)))
    midnight = day_start(day(2))
    for at, expected in (
        (timezone.now(), False),
        (midnight - timedelta(seconds=1), False),
        (midnight, True),
    ):
        set_clock(at)
        assert is_stale(lesson) is expected


def test_a_due_date_is_not_told_as_a_change(course):
    due = citing_lesson(course.modules[0], make_source(look_again_on=day()))
    changed = citing_lesson(course.modules[0], replaced(make_source(), make_source()))
    # In English, whose words stand in the code.
    for lesson, due_alone in ((due, True), (changed, False)):
        english = in_english(lesson)
        assert is_stale(english)
        assert (DUE in read(english)) is due_alone


def test_a_preview_shows_the_sources_of_the_draft(course):
    lesson = citing_lesson(course.modules[0], make_source("Nguồn đã xuất bản"))
    lesson.sources = [make_source("Nguồn của bản nháp")]
    draft = lesson.save_revision()
    editor = make_editor()
    html = editor.get(f"/admin/pages/{lesson.pk}/revisions/{draft.pk}/view/").content.decode()
    assert listed(html) == ["Nguồn của bản nháp"]
    assert listed(read(lesson)) == ["Nguồn đã xuất bản"]


# --- what it costs -------------------------------------------------------------------------------


def test_sources_cost_a_reader_nothing_once_the_page_is_known(course):
    plain = add_lesson(course.modules[0])
    sources = [replaced(make_source(), make_source()) for _n in range(3)]
    lesson = citing_lesson(course.modules[0], *sources)
    counts = []
    for page in (plain, lesson):
        read(page)
        with CaptureQueriesContext(connection) as caught:
            read(page)
        counts.append(len(caught))
    assert counts[0] == counts[1]
