"""The register in the admin, to be read: certificates are issued by completing a course only."""

from typing import Any

from wagtail import hooks
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from learning.certificates.models import Certificate
from learning.certificates.paper.admin.viewset import TemplateViewSet


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


register_permission_policy(Certificate, ReadOnlyPolicy(Certificate))
register_snippet(CertificateViewSet)


@hooks.register("register_admin_viewset")
def register_templates() -> TemplateViewSet:
    """Templates of papers."""
    return TemplateViewSet()
