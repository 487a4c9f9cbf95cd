"""Import and export in the admin: their addresses, menu and bulk action."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from quizzes.exchange.access import may_export, may_import
from quizzes.exchange.admin.exports import EXPORT_URL, ExportQuestions, ExportView
from quizzes.exchange.admin.importing import (
    IMPORT_URL,
    LOOK_URL,
    TEMPLATE_URL,
    LookView,
    TemplateFileView,
    UploadView,
)

hooks.register("register_bulk_action", ExportQuestions)


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """The pages of both ways."""
    return [
        path("nhap-cau-hoi/", UploadView.as_view(), name=IMPORT_URL),
        path("nhap-cau-hoi/mau.xlsx", TemplateFileView.as_view(), name=TEMPLATE_URL),
        path("nhap-cau-hoi/<int:pk>/", LookView.as_view(), name=LOOK_URL),
        path("xuat-cau-hoi/", ExportView.as_view(), name=EXPORT_URL),
    ]


class _ImportItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_import(request.user)


class _ExportItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_export(request.user)


@hooks.register("register_quiz_menu_item")
def register_import() -> MenuItem:
    """Import, below the quizzes."""
    return _ImportItem(
        _("Import questions"), reverse(IMPORT_URL), name="import", icon_name="upload", order=251
    )


@hooks.register("register_quiz_menu_item")
def register_export() -> MenuItem:
    """Export, below it."""
    return _ExportItem(
        _("Export questions"), reverse(EXPORT_URL), name="export", icon_name="download", order=252
    )
