"""Changing many questions of the list at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from quizzes.bank.editing import Changes, Edited, edit_many, tag_names
from quizzes.bank.models import Question
from quizzes.bank.widgets import TopicInput

_THEN = (
    ("", _("Nothing more")),
    ("publish", _("Publish")),
    ("unpublish", _("Unpublish")),
    ("retire", _("Retire")),
    ("reuse", _("Use again")),
)
_REFUSALS_SHOWN = 10


class BulkEditForm(forms.Form):
    """What is to be the same in all questions chosen; a field left empty changes nothing."""

    topic = forms.CharField(label=_("Topic"), max_length=120, required=False, widget=TopicInput())
    difficulty = forms.TypedChoiceField(
        label=_("Difficulty"),
        choices=[("", "—"), *Question.Difficulty.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    objective = forms.CharField(label=_("Objective"), max_length=80, required=False)
    add_tags = forms.CharField(
        label=_("Add tags"), required=False, help_text=_("With commas between them.")
    )
    remove_tags = forms.CharField(label=_("Remove tags"), required=False)
    valid_from = forms.DateField(label=_("Valid from"), required=False, widget=AdminDateInput())
    valid_until = forms.DateField(label=_("Valid until"), required=False, widget=AdminDateInput())
    clear_days = forms.BooleanField(label=_("Take away the days set so far"), required=False)
    then = forms.ChoiceField(label=_("And then"), choices=_THEN, required=False)
    why = forms.CharField(label=_("Why they are retired"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("valid_from"), cleaned.get("valid_until")
        if begins and ends and begins > ends:
            self.add_error("valid_until", _now("The days end before they begin."))
        if cleaned.get("then") == "retire" and not cleaned.get("why"):
            self.add_error("why", _now("Say why; it stands in the history."))
        if not self.errors and not any(cleaned.values()):
            self.add_error(None, _now("Fill in what is to be changed."))
        return cleaned

    def changes(self) -> Changes:
        """What was filled in."""
        given = self.cleaned_data
        return Changes(
            topic=given["topic"] or None,
            difficulty=given["difficulty"],
            objective=given["objective"] or None,
            valid_from=given["valid_from"],
            valid_until=given["valid_until"],
            clear_days=given["clear_days"],
            add_tags=tag_names(given["add_tags"]),
            remove_tags=tag_names(given["remove_tags"]),
            then=given["then"],
            why=given["why"],
        )


class EditQuestions(SnippetBulkAction):
    """The form, with what the questions chosen have now; then each is changed by itself."""

    models = [Question]
    display_name = _("Change")
    action_type = "change_questions"
    aria_label = _("Change the questions chosen")
    template_name = "bank/admin/bulk_edit.html"
    action_priority = 10
    form_class = BulkEditForm

    def __init__(self, request: HttpRequest, model: Any) -> None:
        super().__init__(request, model)
        self.done = Edited()

    def check_perm(self, question: Question) -> bool:
        """Whoever may change and publish questions may change many of them."""
        return all(
            self.permission_policy.user_has_permission_for_instance(
                self.request.user, action, question
            )
            for action in ("change", "publish")
        )

    @classmethod
    def execute_action(cls, objects: Sequence[Question], **kwargs: Any) -> tuple[int, int]:
        """Change them; what was refused is said afterwards."""
        action: EditQuestions = kwargs["self"]
        assert isinstance(action.cleaned_form, BulkEditForm)
        action.done = edit_many(
            questions=objects, changes=action.cleaned_form.changes(), user=action.request.user
        )
        return action.done.changed, 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        """How many were changed; beside it, as warnings, which were not and why."""
        for question, reason in self.done.refused[:_REFUSALS_SHOWN]:
            messages.warning(
                self.request,
                _now("Not changed: “%(question)s”. %(reason)s")
                % {"question": question, "reason": reason},
            )
        more = len(self.done.refused) - _REFUSALS_SHOWN
        if more > 0:
            messages.warning(
                self.request, _now("%(count)s more were not changed.") % {"count": more}
            )
        return ngettext(
            "%(count)s question changed.", "%(count)s questions changed.", num_parent_objects
        ) % {"count": num_parent_objects}
