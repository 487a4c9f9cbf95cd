"""What is obliged, and how courses count: set by the department, in the admin."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from learning.courses.queries import course_choices
from learning.hours.models import CountingRule, Obligation


class ObligationViewSet(SnippetViewSet):
    """Hours a year, by year, kind of unit and position."""

    model = Obligation
    icon = "time"
    list_display = [
        Column("hours", label=_("Hours a year"), accessor="hours", sort_key="hours"),
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
    list_display = [
        Column("course", label=_("Course"), accessor=lambda rule: _title(rule)),
        "every_completion",
    ]
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


def _title(rule: Any) -> str:
    return dict(course_choices()).get(rule.course_key, str(rule.course_key))


register_snippet(HoursGroup)
