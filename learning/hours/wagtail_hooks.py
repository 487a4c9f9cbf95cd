"""What is obliged, and how courses count: set by the department, in the admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from learning.hours.models import CountingRule, Obligation


class ObligationViewSet(SnippetViewSet):
    """Hours a year, by year, kind of unit and position."""

    model = Obligation
    icon = "time"
    list_display = [
        "hours",
        Column("year", label=_("Year"), accessor=lambda one: one.year or _("Every year")),
        Column(
            "kind",
            label=_("Kind of unit"),
            accessor=lambda one: one.get_unit_kind_display() or _("Every unit"),
        ),
        Column("position", label=_("Position"), accessor=lambda one: one.position or _("Everyone")),
        Column("basis", label=_("Basis"), accessor="basis"),
    ]
    copy_view_enabled = False

    def register_chooser_viewset(self) -> None:
        """None: nothing chooses one, and a chooser would list them to whoever edits anything."""


class CountingRuleViewSet(SnippetViewSet):
    """Courses whose every completion counts."""

    model = CountingRule
    icon = "repeat"
    list_display = ["course_title", "every_completion"]
    copy_view_enabled = False

    def register_chooser_viewset(self) -> None:
        """None: nothing chooses one, and a chooser would list them to whoever edits anything."""


class HoursGroup(SnippetViewSetGroup):
    """Both under one word of the menu."""

    items = (ObligationViewSet, CountingRuleViewSet)
    menu_label = _("Training hours")
    menu_icon = "time"
    menu_name = "training-hours"
    menu_order = 264


register_snippet(HoursGroup)
