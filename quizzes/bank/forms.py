"""Forms of the bank in the admin."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from quizzes.bank.content import build_content, next_option_key
from quizzes.bank.kinds import get_kind, kind_names


class QuestionForm(WagtailAdminModelForm):
    """A question with its options, checked as a whole unless it is a half-done draft."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        # A draft may be saved half done (Wagtail even does so by itself while one types);
        # what the kind demands counts when the question is published or sent for review.
        if self.is_deferred_validation or cleaned is None or "options" not in self.formsets:
            return cleaned
        if cleaned.get("kind") not in kind_names() or not self.formsets["options"].is_valid():
            return cleaned
        content = build_content(
            kind=cleaned["kind"],
            prompt=cleaned.get("prompt") or "",
            explanation="",
            sources=[],
            options=[
                {
                    "key": str(order),
                    "text": form.cleaned_data.get("text") or "",
                    "right": bool(form.cleaned_data.get("is_right")),
                    "why": "",
                }
                for order, form in enumerate(self._kept_option_forms())
            ],
        )
        try:
            get_kind(cleaned["kind"]).validate(content)
        except ValidationError as error:
            self.add_error(None, error)
        return cleaned

    def save(self, commit: bool = True) -> Any:
        if "options" in self.formsets:
            self._give_option_keys()
        return super().save(commit=commit)

    def _kept_option_forms(self) -> list[Any]:
        formset = self.formsets["options"]
        return [
            form
            for form in formset.forms
            if form not in formset.deleted_forms
            and (form.has_changed() or form.instance.pk is not None or form.instance.text)
        ]

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
