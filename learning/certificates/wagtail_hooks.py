"""The register in the admin, to be read: certificates are issued by completing a course only."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.ui.tables import TitleColumn
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import IndexView, InspectView, SnippetViewSet

from learning.audit.actions import tell_disclosure
from learning.audit.models import Disclosure
from learning.certificates.models import Certificate, CourseRule, PaperTemplate
from learning.certificates.paper.admin.viewset import MENU_HOOK, NeverDeleted, TemplateViewSet
from learning.certificates.register.access import is_department
from learning.certificates.signing.admin.views import (
    BATCH_URL,
    PERMISSION,
    SIGNING_URL,
    SigningView,
    batch_zip,
)
from learning.courses.queries import course_choices


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


class TellingIndex(IndexView):
    """The list, or the file of it; whose papers were seen is noted."""

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        how = Disclosure.How.EXPORTED if self.is_export else Disclosure.How.VIEWED
        listed = context["object_list"]
        tell_disclosure(how=how, what="certificates", by=self.request.user, count=len(listed))
        return context


class TellingInspect(InspectView):
    """One certificate; its holder is told who looked."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        holding = self.object.enrolment
        if holding is not None:
            tell_disclosure(
                how=Disclosure.How.VIEWED,
                what="register-line",
                by=self.request.user,
                about=holding.user,
            )
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context


class CertificateViewSet(SnippetViewSet):
    """List, search, look at; no adding, changing or deleting."""

    model = Certificate
    index_view_class = TellingIndex
    inspect_view_class = TellingInspect
    icon = "doc-full"
    menu_label = _("All certificates")
    menu_order = 20
    menu_hook = MENU_HOOK
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


class RuleViewSet(SnippetViewSet):
    """How long a course's certificates are valid, and whether they keep the birth date."""

    model = CourseRule
    icon = "date"
    menu_order = 50
    menu_hook = MENU_HOOK
    list_display = [
        TitleColumn(
            "course",
            label=_("Course"),
            accessor=lambda rule: _title(rule),
            url_name="wagtailsnippets_certificates_courserule:edit",
        ),
        "valid_months",
        "print_birth_date",
    ]
    copy_view_enabled = False

    def register_chooser_viewset(self) -> None:
        """None: nothing chooses one, and a chooser asks for no right."""


def _title(rule: CourseRule) -> str:
    return dict(course_choices()).get(rule.course_key, str(rule.course_key))


register_permission_policy(Certificate, ReadOnlyPolicy(Certificate))
register_permission_policy(PaperTemplate, NeverDeleted(PaperTemplate))
register_snippet(CertificateViewSet)
register_snippet(RuleViewSet)


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


@hooks.register("register_admin_menu_item")
def register_menu() -> MenuItem:
    """One entry for all of it, for whoever may open any."""
    return SubmenuMenuItem(
        _("Certificates"),
        Menu(register_hook_name=MENU_HOOK),
        name="certificates",
        icon_name="doc-full",
        order=260,
    )


class _SigningItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)


@hooks.register(MENU_HOOK)
def register_signing() -> MenuItem:
    """Signatures in the menu, for those who may have papers signed."""
    return _SigningItem(
        SigningView.page_title, reverse(SIGNING_URL), name="signing", icon_name="lock", order=30
    )


class _RegisterItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return is_department(request.user)


@hooks.register(MENU_HOOK)
def register_book() -> MenuItem:
    """The register's own screens, for the department."""
    return _RegisterItem(
        _("Register of certificates"),
        reverse("certificates:register"),
        name="register-book",
        icon_name="list-ol",
        order=10,
    )


@hooks.register("register_permissions")
def register_signing_permission() -> QuerySet[Permission]:
    """The rights to sign and to keep the register can be given to a group."""
    return Permission.objects.filter(
        content_type__app_label="certificates", codename__in=("sign_papers", "manage_register")
    )
