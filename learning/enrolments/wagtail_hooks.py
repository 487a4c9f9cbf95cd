"""Training goals in the admin."""

from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from learning.enrolments.models import TrainingGoal


class TrainingGoalViewSet(SnippetViewSet):
    """The goals the city's department sets."""

    model = TrainingGoal
    icon = "list-ul"
    list_display = ["name", "target_percent", "due_on"]
    search_fields = ["name", "decision"]
    add_to_admin_menu = True
    menu_order = 260

    def register_chooser_viewset(self) -> None:
        """None: nothing chooses one, and a chooser would list them to whoever edits anything."""


register_snippet(TrainingGoalViewSet)
