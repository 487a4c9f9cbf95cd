"""The busiest page: a lesson, whole from the cache but for what is its reader's own."""

from types import SimpleNamespace
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone

from learning.courses.models import LessonPage
from portal.home.context import site
from quizzes.kept import NAME, TOKEN, render_page


def lesson_response(request: HttpRequest, page: LessonPage, stamp: str) -> HttpResponse | None:
    """The lesson as `LessonPage.serve` gives it, rendered once for all who see the same of it.

    Its words follow from the stamp and the day, on which a source may lapse; of the reader it shows
    whether she is logged in, her ways in the header and which lessons of the module she has read:
    these are the key. None where there is more to show: a message that waits for her.
    """
    if len(get_messages(request)):
        return None
    around = site(request)
    person = around["person"]
    study: dict[str, Any] = request.study  # type: ignore[attr-defined]
    own = {name: bool(around[name]) for name in ("is_hr", "can_edit")} | {
        "nav_course_url": str(around["nav_course_url"]),
        "unread_notices": str(around["unread_notices"]),
    }
    shown = {
        # Templates ask a person for no more than this.
        "person": SimpleNamespace(full_name=NAME, is_staff=False) if person else None,
        "request": SimpleNamespace(path=request.path),
        "csrf_token": TOKEN,
    }
    html = render_page(
        "courses/lesson_page.html",
        key=(
            page.pk,
            stamp,
            timezone.localdate(),
            request.get_host(),
            request.path,
            person is not None,
            *own.values(),
            study["enrolled"],
            study["read"],
        ),
        context=lambda: page.get_context(request) | around | own | shown,
        person_name=person.full_name if person else "",
        csrf_token=lambda: get_token(request),
    )
    return HttpResponse(html)
