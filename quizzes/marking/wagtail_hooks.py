"""Marking in the admin's menu and addresses."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from quizzes.marking.access import PERMISSION
from quizzes.marking.views import AnswerView, MarkedView, QueueView


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """The queue, what was marked, and one answer."""
    return [
        path("marking/", QueueView.as_view(), name="marking_queue"),
        path("marking/marked/", MarkedView.as_view(), name="marking_marked"),
        path("marking/<int:pk>/", AnswerView.as_view(), name="marking_answer"),
    ]


class _MarkingItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)


@hooks.register("register_quiz_menu_item")
def register_menu_item() -> MenuItem:
    """Beside the quizzes."""
    return _MarkingItem(
        QueueView.page_title,
        reverse("marking_queue"),
        name="marking",
        icon_name="edit",
        order=251,
    )
