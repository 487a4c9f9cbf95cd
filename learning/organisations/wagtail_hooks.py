"""Units, memberships and responsibilities in the admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from learning.organisations.forms import UnitForm
from learning.organisations.models import Responsibility, Unit


class UnitViewSet(SnippetViewSet):
    """The tree of units."""

    model = Unit
    icon = "site"
    list_display = ["name", "code", "kind"]
    list_filter = ["kind"]
    search_fields = ["name", "name_search", "code"]
    ordering = ["path"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("short_name"),
            FieldPanel("code"),
            FieldPanel("kind"),
            FieldPanel("parent"),
            FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]),
        ],
        base_form_class=UnitForm,
    )


class ResponsibilityViewSet(SnippetViewSet):
    """Who is HR officer of what."""

    model = Responsibility
    icon = "group"
    list_display = ["user", "unit", "role"]
    list_select_related = ["user", "unit"]
    search_fields = ["user__name_search", "unit__name_search"]
    panels = [
        FieldPanel("user"),
        FieldPanel("unit"),
        FieldPanel("role"),
        FieldPanel("starts_on"),
        FieldPanel("ends_on"),
        FieldPanel("deputy_for"),
    ]


class OrganisationsGroup(SnippetViewSetGroup):
    """One entry in the menu for all of it."""

    items = (UnitViewSet, ResponsibilityViewSet)
    menu_label = _("Organisations")
    menu_icon = "group"
    menu_order = 250


register_snippet(OrganisationsGroup)
