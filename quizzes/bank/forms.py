"""Forms of the bank in the admin."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from quizzes.bank.content import OptionContent, build_content, next_option_key
from quizzes.bank.kinds import get_kind, kind_names
from quizzes.bank.widgets import SettingsField


class QuestionForm(WagtailAdminModelForm):
    """A question with its options, checked as a whole unless it is a half-done draft."""

    settings = SettingsField(required=False, label=gettext_lazy("What this kind asks of you"))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned is not None:
            self._keep_settings(cleaned)
        # A draft may be saved half done (Wagtail even does so by itself while one types);
        # what the kind demands counts when the question is published or sent for review.
        if self.is_deferred_validation or cleaned is None or "options" not in self.formsets:
            return cleaned
        if "settings" in self.errors or cleaned.get("kind") not in kind_names():
            return cleaned
        if not self.formsets["options"].is_valid():
            return cleaned
        content = build_content(
            kind=cleaned["kind"],
            prompt=cleaned.get("prompt") or "",
            explanation="",
            sources=[],
            options=[_typed(order, form) for order, form in enumerate(self._kept_option_forms())],
            english={
                "prompt": cleaned.get("prompt_en") or "",
                "explanation": "",
                "options": {},
            },
            settings=cleaned["settings"],
        )
        try:
            get_kind(cleaned["kind"]).validate(content)
        except ValidationError as error:
            self.add_error(None, error)
        return cleaned

    def save(self, commit: bool = True) -> Any:
        if "options" in self.formsets:
            self._give_option_keys()
            self._drop_unused()
        return super().save(commit=commit)

    def _keep_settings(self, cleaned: dict[str, Any]) -> None:
        """Of what was sent for every kind, keep what the kind chosen sets otherwise than usual."""
        sent, kind = cleaned.get("settings") or {}, cleaned.get("kind")
        cleaned["settings"] = {}
        if kind in kind_names():
            try:
                cleaned["settings"] = get_kind(kind).clean_settings(sent.get(kind, {}))
            except ValidationError as error:
                self.add_error("settings", error)

    def _kept_option_forms(self) -> list[Any]:
        formset = self.formsets["options"]
        return [
            form
            for form in formset.forms
            if form not in formset.deleted_forms
            and (form.has_changed() or form.instance.pk is not None or form.instance.text)
        ]

    def _drop_unused(self) -> None:
        """What another kind had filled in goes when the kind no longer knows it."""
        known = get_kind(self.instance.kind).option_fields
        for form in self.formsets["options"].forms:
            if "match" not in known:
                form.instance.match = form.instance.match_en = ""
            if "gap" not in known:
                form.instance.gap = None

    def _give_option_keys(self) -> None:
        # A key is never used for a second option: answers given before must keep their sense.
        taken = {form.instance.key for form in self.formsets["options"].forms}
        if self.instance.pk:
            for content in self.instance.versions.values_list("content", flat=True):
                taken.update(option["key"] for option in content["options"])
        for form in self.formsets["options"].forms:
            if not form.instance.key:
                form.instance.key = next_option_key(taken)
                taken.add(form.instance.key)


def _typed(order: int, form: Any) -> OptionContent:
    """An option as it stands in the form; its key does not matter for checking."""
    given = form.cleaned_data
    return {
        "key": str(order),
        "text": given.get("text") or "",
        "right": bool(given.get("is_right")),
        "why": "",
        "match": given.get("match") or "",
        "gap": given.get("gap") or 0,
    }


class QuizForm(WagtailAdminModelForm):
    """A quiz with its questions."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.is_deferred_validation or not all(
            formset.is_valid() for formset in self.formsets.values()
        ):
            return cleaned
        questions, pools = self._chosen("places", "question"), self._chosen("draws", "pool")
        if len(set(questions)) < len(questions):
            self.add_error(None, _("The quiz names a question twice."))
        if len(set(pools)) < len(pools):
            self.add_error(None, _("The quiz draws from another quiz twice."))
        if self.instance.pk in pools:
            self.add_error(None, _("A quiz cannot draw from itself."))
        if not questions and not pools:
            self.add_error(
                None, _("The quiz asks nothing: name questions, or a quiz to draw from.")
            )
        return cleaned

    def _chosen(self, relation: str, field: str) -> list[int]:
        formset = self.formsets.get(relation)
        return [
            form.cleaned_data[field].pk
            for form in (formset.forms if formset is not None else ())
            if form not in formset.deleted_forms and form.cleaned_data.get(field)
        ]
