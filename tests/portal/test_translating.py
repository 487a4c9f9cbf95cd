"""An editor brings a Vietnamese lesson into English with wagtail-localize."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import TestCase
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, Translation

from learning.courses.queries import get_outline
from learning.progress.models import LessonRead
from tests.factories import Learner, add_lesson, make_course, make_editor

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def course():
    return make_course(modules=1, lessons=1)


@pytest.fixture
def editor(db):
    return make_editor()


@pytest.fixture
def english():
    return Locale.objects.get_or_create(language_code="en")[0]


def submit(editor, page, locale):
    """Send the page, and what lies above it, to be translated."""
    address = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
    assert editor.get(address).status_code == 200
    return editor.post(address, {"locales": [locale.pk]})


def translate(editor, page, locale, texts):
    """Type the translations of the page's strings, and publish it in that language."""
    translation = Translation.objects.get(
        source__object_id=page.translation_key, target_locale=locale
    )
    for segment in StringSegment.objects.filter(source=translation.source):
        if segment.string.data in texts:
            address = reverse(
                "wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk]
            )
            reply = editor.put(address, urlencode({"value": texts[segment.string.data]}), FORM)
            assert reply.status_code == 201, reply.content
    target = page.get_translation(locale)
    edit = reverse("wagtailadmin_pages:edit", args=[target.pk])
    assert editor.get(edit).status_code == 200
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert editor.post(edit, {"action": "publish"}).status_code == 302
    return type(page).objects.get(pk=target.pk)


def test_a_lesson_is_translated_published_and_read_once_in_both(course, editor, english):
    lesson = add_lesson(course.modules[0], "Bài mới", body=[("text", "<p>Một câu tiếng Việt.</p>")])
    for page, title in (
        (course.campaign, "The campaign"),
        (course.page, "The course"),
        (course.modules[0], "The module"),
    ):
        assert submit(editor, page, english).status_code == 302
        translate(editor, page, english, {page.title: title})
    assert submit(editor, lesson, english).status_code == 302
    translated = translate(
        editor,
        lesson,
        english,
        {"Bài mới": "The new lesson", "Một câu tiếng Việt.": "A sentence in English."},
    )
    assert translated.live
    assert translated.translation_key == lesson.translation_key

    learner = Learner(course)
    html = learner.client.get(translated.get_url()).content.decode()
    assert "The new lesson" in html
    assert "A sentence in English." in html
    assert [x.title for x in get_outline(course.key, language="en").lessons][-1] == "The new lesson"
    learner.client.post(reverse("study:lesson_read", args=[lesson.translation_key]))
    learner.client.post("/en" + reverse("study:lesson_read", args=[lesson.translation_key]))
    assert LessonRead.objects.count() == 1
    assert Page.find_problems() == ([], [], [], [], [])


def test_only_who_may_translate_is_let_in(course):
    address = reverse("wagtail_localize:submit_page_translation", args=[course.page.pk])
    reply = Learner(course).client.get(address)
    assert (reply.status_code, reply.url.split("?")[0]) == (302, "/admin/login/")
