"""The list of templates, and what leads to their pages."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from learning.certificates.paper.admin.forms import TemplateForm
from learning.certificates.paper.admin.views import TemplateCreateView, TemplateEditView
from learning.certificates.paper.models import PaperTemplate
from learning.courses.queries import course_choices

# Where everything of certificates hangs in the menu.
MENU_HOOK = "register_certificates_menu_item"


class _CourseColumn(Column):
    """The course by its title, the titles being read once a page."""

    def get_value(self, instance: Any) -> Any:
        if instance.is_default:
            return _("All other courses")
        if not hasattr(self, "_titles"):
            self._titles = {str(key): title for key, title in course_choices()}
        return self._titles.get(str(instance.course_key), instance.course_key)


class TemplateIndexView(generic.IndexView):
    """All templates with the number of their newest version."""

    def get_base_queryset(self) -> QuerySet[PaperTemplate]:
        return PaperTemplate.objects.annotate(newest=Max("versions__number"))

    @property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("name", label=capfirst(_("name")), get_url=self.get_edit_url),
            _CourseColumn("course", label=capfirst(_("course"))),
            Column("newest", label=capfirst(_("version"))),
        ]

    @columns.setter
    def columns(self, value: Any) -> None:
        """Wagtail sets its own."""


class NeverDeleted(ModelPermissionPolicy):
    """Everything as Django's rights have it, but nobody deletes, administrators included."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_permission(user, action)

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        return self.user_has_any_permission(user, actions)


class TemplateViewSet(ModelViewSet):
    """Nothing is deleted: papers were issued by it."""

    model = PaperTemplate
    name = "certificate_templates"
    icon = "image"
    menu_label = _("Certificate templates")
    menu_order = 40
    menu_hook = MENU_HOOK
    index_view_class = TemplateIndexView
    add_view_class = TemplateCreateView
    edit_view_class = TemplateEditView
    create_template_name = edit_template_name = "certificates/admin/template_form.html"
    copy_view_enabled = False
    list_per_page = 50
    ordering = ["-is_default", "name"]

    def get_form_class(self, for_update: bool = False) -> type[TemplateForm]:
        return TemplateForm
