"""The form in which a regrade is planned."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.widgets import AdminAutoHeightTextInput

from quizzes.attempts.grading import KEY
from quizzes.attempts.models import Ruling
from quizzes.bank.kinds import get_kind
from quizzes.bank.kinds.choices import letter
from quizzes.bank.models import Question
from quizzes.regrading.plans import Plan, corrected_content, takes_a_key
from quizzes.regrading.queries import Version, versions_of


class PlanForm(forms.Form):
    """Which versions, which ruling, and why. `plan()` is what a valid form says."""

    versions = forms.MultipleChoiceField(
        label=gettext_lazy("Versions of the question"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one version of the question.")},
    )
    effect = forms.ChoiceField(
        label=gettext_lazy("Ruling"), widget=forms.RadioSelect, choices=Ruling.Effect.choices
    )
    by_version = forms.ChoiceField(
        label=gettext_lazy("The right key is that of"),
        required=False,
        help_text=gettext_lazy("Only for a corrected key."),
    )
    right = forms.MultipleChoiceField(
        label=gettext_lazy("Right options"), required=False, widget=forms.CheckboxSelectMultiple
    )
    favour = forms.BooleanField(
        label=gettext_lazy("Only in favour of the person"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "No score falls, nobody loses a pass. Without it scores may fall; completions and "
            "certificates stay all the same."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=AdminAutoHeightTextInput,
        help_text=gettext_lazy("Learners read it beside their result."),
    )

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question = question
        self.versions_by_pk = {str(found.version.pk): found for found in versions_of(question)}
        found = list(self.versions_by_pk.values())
        self._choices("versions", [(str(one.version.pk), _describe(one)) for one in found])
        if len(found) == 1:
            self.initial["versions"] = [str(found[0].version.pk)]
        content = found[0].version.content if found else None
        entered = [("", _("the options ticked below"))] if content and takes_a_key(content) else []
        self._choices(
            "by_version",
            [*entered, *((str(one.version.pk), _name(one)) for one in found)],
        )
        if content and takes_a_key(content):
            options = content["options"]
            self._choices(
                "right",
                [(o["key"], f"{letter(n)}. {o['text']}") for n, o in enumerate(options)],
            )
            self.initial["right"] = [o["key"] for o in options if o["right"]]
            self.fields["right"].help_text = _("As they stand in version %(number)s.") % {
                "number": found[0].version.number
            }
        else:
            del self.fields["right"]
        if content and get_kind(content["kind"]).needs_person:
            del self.fields["by_version"]
            self._choices("effect", [c for c in Ruling.Effect.choices if c[0] != KEY])

    def _choices(self, name: str, choices: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned is None or self.errors:
            return cleaned
        chosen = [self.versions_by_pk[pk].version for pk in cleaned["versions"]]
        try:
            if cleaned["effect"] == KEY:
                other = self.versions_by_pk.get(cleaned.get("by_version") or "")
                cleaned["content"] = corrected_content(
                    chosen,
                    by_version=other.version if other else None,
                    right=cleaned.get("right", ()),
                )
            self.plan().check()
        except ValidationError as error:
            self.add_error(None, error)
        return cleaned

    def plan(self) -> Plan:
        """The plan that the cleaned form says."""
        cleaned = self.cleaned_data
        return Plan(
            question=self.question,
            version_ids=tuple(sorted(int(pk) for pk in cleaned["versions"])),
            effect=cleaned["effect"],
            favour=cleaned["favour"],
            reason=cleaned["reason"].strip(),
            content=cleaned.get("content"),
        )

    def as_fields(self) -> list[tuple[str, str]]:
        """What was sent, name by value, for the hidden fields and addresses of the preview."""
        return [
            (name, value)
            for name in self.fields
            for value in (self.data.getlist(name) if hasattr(self.data, "getlist") else ())
        ]


def _name(found: Version) -> str:
    day = date_format(localtime(found.version.created_at), "d/m/Y")
    return _("version %(number)s of %(day)s") % {"number": found.version.number, "day": day}


def _describe(found: Version) -> str:
    """A version in a line: number, day, how many were graded by it, the ruling that holds."""
    count = ngettext(
        "%(count)s attempt handed in", "%(count)s attempts handed in", found.attempts
    ) % {"count": found.attempts}
    line = f"{_name(found)}: {count}".capitalize()
    if found.ruling is not None:
        line += ". " + _("Ruling so far: %(ruling)s") % {
            "ruling": found.ruling.get_effect_display()
        }
    return line
