from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.models import Page

from learning.courses.models import CoursePage, LessonPage, ModulePage
from learning.study.queries import study_context


@hooks.register("before_serve_page")
def add_what_is_the_learners_own(
    page: Page, request: HttpRequest, _args: Any, _kwargs: Any
) -> None:
    """Before a course's page is shown: the reader's own progress, for its template."""
    if isinstance(page, CoursePage | ModulePage | LessonPage):
        stamp = getattr(request, "content_stamp", None)
        request.study = study_context(request.user, page, stamp)  # type: ignore[attr-defined]
