"""Forms of the bank in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from quizzes.bank.content import (
    OptionContent,
    PictureContent,
    build_content,
    next_option_key,
)
from quizzes.bank.kinds import get_kind, kind_names
from quizzes.bank.telling import TOLD
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
                "options": {
                    str(order): {
                        "text": "",
                        "why": "",
                        "alt": form.cleaned_data.get("alt_en") or "",
                    }
                    for order, form in enumerate(self._kept_option_forms())
                },
                "alt": cleaned.get("alt_en") or "",
            },
            settings=cleaned["settings"],
            picture=_chosen_picture(cleaned),
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
            if "points" not in known:
                form.instance.points = None
            if "area" not in known:
                form.instance.area = ""
            if "pinned" not in known:
                form.instance.pinned = False
            if "picture" not in known:
                form.instance.picture = None

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
    typed: OptionContent = {
        "key": str(order),
        "text": given.get("text") or "",
        "right": bool(given.get("is_right")),
        "why": "",
        "match": given.get("match") or "",
        "gap": given.get("gap") or 0,
        "points": given.get("points") or 0,
        "area": given.get("area") or "",
    }
    if picture := _chosen_picture(given):
        typed["picture"] = picture
    return typed


def _chosen_picture(given: dict[str, Any]) -> PictureContent | None:
    """The picture chosen in a form with what it shows."""
    chosen = given.get("picture")
    content: PictureContent | None = chosen.content(given.get("alt") or "") if chosen else None
    return content


class ToldField(forms.MultipleChoiceField):
    """What a phase of the review tells: ticks, kept as a list."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=TOLD, required=False, **kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return set(initial or ()) != set(data or ())


class QuizForm(WagtailAdminModelForm):
    """A quiz with its questions."""

    review_right_after = ToldField(
        label=gettext_lazy("Right after handing in"),
        help_text=gettext_lazy("In the first half hour."),
    )
    review_while_open = ToldField(label=gettext_lazy("Later, while the quiz is open"))
    review_after_closing = ToldField(label=gettext_lazy("After the quiz has closed"))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.is_deferred_validation or not all(
            formset.is_valid() for formset in self.formsets.values()
        ):
            return cleaned
        questions = [row["question"].pk for row in self._rows("places") if row.get("question")]
        draws = [_draw(row) for row in self._rows("draws") if row]
        if len(set(questions)) < len(questions):
            self.add_error(None, _("The quiz names a question twice."))
        if len(set(draws)) < len(draws):
            self.add_error(None, _("Two draws are from the same: make them one."))
        if self.instance.pk and any(pool == self.instance.pk for pool, *_rest in draws):
            self.add_error(None, _("A quiz cannot draw from itself."))
        if not questions and not draws:
            self.add_error(
                None, _("The quiz asks nothing: name questions, or what to draw them from.")
            )
        return cleaned

    def _rows(self, relation: str) -> list[dict[str, Any]]:
        formset = self.formsets.get(relation)
        return [
            form.cleaned_data
            for form in (formset.forms if formset is not None else ())
            if form not in formset.deleted_forms
        ]


def _draw(row: dict[str, Any]) -> tuple[Any, ...]:
    """What tells the lines of a blueprint apart."""
    pool = row.get("pool")
    return (
        pool.pk if pool else None,
        row.get("topic") or "",
        row.get("difficulty"),
        row.get("objective") or "",
    )
