"""Where the register shows itself in the admin. Imported by `wagtail_hooks`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from learning.courses.admin.rows import row_of, stale_rows
from learning.courses.admin.views import ReviewView, StaleContentView
from learning.courses.models import CoursePage, LessonPage
from learning.courses.register.citations import Subject
from learning.courses.register.pools import every_pool, small_pools
from learning.courses.register.queries import Register
from quizzes.bank.models import Question, Quiz

_MAY_SEE = "courses.change_source"
_FIRST = 5


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """The report, and the page of one content's review."""
    return [
        path(
            "reports/noi-dung-can-xem-lai/",
            StaleContentView.as_view(),
            name="courses_stale_content",
        ),
        path(
            "reports/noi-dung-can-xem-lai/<slug:subject>/<slug:key>/",
            ReviewView.as_view(),
            name="courses_review",
        ),
    ]


class _ReportItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(_MAY_SEE)


@hooks.register("register_reports_menu_item")
def register_report() -> MenuItem:
    """The report in the menu of reports, first of them."""
    return _ReportItem(
        StaleContentView.page_title,
        reverse("courses_stale_content"),
        name="stale-content",
        icon_name="rotate",
        order=100,
    )


class StaleContentPanel(Component):
    """How much must be looked at again, and the first of it; nothing where all is well."""

    name = "stale_content"
    template_name = "courses/admin/home_panel.html"
    order = 60

    class Media:
        css = {"all": ["css/admin/register.css"]}

    def render_html(self, parent_context: Mapping[str, Any] | None = None) -> str:
        request = (parent_context or {}).get("request")
        if request is None or not request.user.has_perm(_MAY_SEE):
            return ""
        return str(super().render_html(parent_context))

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        register = Register()
        rows = stale_rows(register)
        return {
            "count": len(rows),
            "rows": rows[:_FIRST],
            "small_pools": small_pools(on=register.today),
        }


@hooks.register("construct_homepage_panels")
def add_panel(_request: HttpRequest, panels: list[Any]) -> None:
    """The panel on the dashboard."""
    panels.append(StaleContentPanel())


# --- flags in the editors ------------------------------------------------------------------------


@hooks.register("before_edit_page")
def flag_page(request: HttpRequest, page: Page) -> None:
    """Say above the form that the sources of a lesson or course have news."""
    subject = {LessonPage: Subject.LESSON, CoursePage: Subject.COURSE}.get(page.specific_class)
    if subject:
        _flag(request, subject, str(page.translation_key))


@hooks.register("before_edit_snippet")
def flag_snippet(request: HttpRequest, instance: Any) -> None:
    """Say above the form what is amiss with a question's sources and days, or a quiz's pools."""
    if isinstance(instance, Question):
        _flag(request, Subject.QUESTION, instance.key)
        _flag_span(request, instance)
    elif isinstance(instance, Quiz):
        _flag_pools(request, instance)
        _flag_practice(request, instance)


def _flag(request: HttpRequest, subject: str, key: str) -> None:
    if not _is_asked_for(request):
        return
    register = Register()
    content = register.find(subject, key)
    row = row_of(register, content) if content else None
    if row is None or not row.reasons:
        return
    text = _("Look at this content again: %(reason)s.") % {"reason": row.reasons[0].line}
    if more := len(row.reasons) - 1:
        told = ngettext("There is %(count)s more reason.", "There are %(count)s more.", more)
        text += " " + told % {"count": more}
    messages.warning(request, text, [messages.button(row.review_url, _("Record a review"))])


def _flag_span(request: HttpRequest, question: Question) -> None:
    left_out = question.live and not question.is_valid_on(timezone.localdate())
    if left_out and _is_asked_for(request):
        messages.warning(request, _("Today is outside the days of this question: it is not drawn."))


def _flag_practice(request: HttpRequest, quiz: Quiz) -> None:
    if not quiz.is_practice or not _is_asked_for(request):
        return
    closes = Page.objects.live().filter(Q(modulepage__quiz=quiz) | Q(coursepage__final_quiz=quiz))
    for page in closes:
        messages.warning(
            request,
            _("“%(title)s” is closed by this quiz. As practice nobody can complete it any more.")
            % {"title": page.title},
        )


def _flag_pools(request: HttpRequest, quiz: Quiz) -> None:
    if not _is_asked_for(request):
        return
    for found in every_pool(on=timezone.localdate()):
        for pool in found.pools if found.pk == quiz.pk else ():
            if pool.is_too_small:
                messages.warning(
                    request,
                    _("“%(name)s” has %(askable)s questions to draw %(wanted)s from today.")
                    % {"name": pool.name, "askable": pool.askable, "wanted": pool.wanted},
                )


def _is_asked_for(request: HttpRequest) -> bool:
    """Whether the form is about to be shown, to someone who may act on it."""
    return request.method == "GET" and request.user.has_perm(_MAY_SEE)
