"""The register in the admin, to be read: certificates are issued by completing a course only."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from learning.certificates.models import Certificate, PaperTemplate
from learning.certificates.paper.admin.viewset import NeverDeleted, TemplateViewSet
from learning.certificates.signing.admin.views import (
    BATCH_URL,
    PERMISSION,
    SIGNING_URL,
    SigningView,
    batch_zip,
)


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Looking is all that anyone may do, administrators included."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_permission(user, action)

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        return self.user_has_any_permission(user, actions)


class CertificateViewSet(SnippetViewSet):
    """List, search, look at; no adding, changing or deleting."""

    model = Certificate
    icon = "doc-full"
    menu_order = 260
    add_to_admin_menu = True
    list_display = ["number_text", "full_name", "unit_name", "course_title", "issued_at", "status"]
    list_filter = ["status", "year"]
    search_fields = ["number_text", "full_name", "code"]
    ordering = ["-year", "-number"]
    list_per_page = 50
    inspect_view_enabled = True
    copy_view_enabled = False
    inspect_view_fields_exclude = ["unit_id_then", "enrolment"]
    list_export = [
        "number_text",
        "register_number",
        "full_name",
        "unit_name",
        "course_title",
        "percent",
        "issued_at",
        "status",
        "revoked_at",
        "revoked_reason",
    ]

    def register_chooser_viewset(self) -> None:
        """None: nothing chooses one, and a chooser would list them to whoever edits anything."""


register_permission_policy(Certificate, ReadOnlyPolicy(Certificate))
register_permission_policy(PaperTemplate, NeverDeleted(PaperTemplate))
register_snippet(CertificateViewSet)


@hooks.register("register_admin_viewset")
def register_templates() -> TemplateViewSet:
    """Templates of papers."""
    return TemplateViewSet()


@hooks.register("register_admin_urls")
def register_signing_urls() -> list[URLPattern]:
    """The page of signatures."""
    return [
        path("ky-so/", SigningView.as_view(), name=SIGNING_URL),
        path("ky-so/<uuid:key>.zip", batch_zip, name=BATCH_URL),
    ]


class _SigningItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)


@hooks.register("register_admin_menu_item")
def register_signing() -> MenuItem:
    """Signatures in the menu, for those who may have papers signed."""
    return _SigningItem(
        SigningView.page_title, reverse(SIGNING_URL), name="signing", icon_name="lock", order=263
    )


@hooks.register("register_permissions")
def register_signing_permission() -> QuerySet[Permission]:
    """The right to sign can be given to a group."""
    return Permission.objects.filter(content_type__app_label="certificates", codename="sign_papers")
