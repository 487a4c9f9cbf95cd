"""Forms of the pages that bring questions in and take them out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from quizzes.bank.kinds import kind_choices
from quizzes.bank.models import Quiz
from quizzes.bank.queries import topics
from quizzes.bank.widgets import TopicInput
from quizzes.exchange.actions import MOST_BYTES
from quizzes.exchange.formats import all_formats
from quizzes.exchange.models import Import

MOST_PASTED = 2_000_000


def _formats() -> list[tuple[str, Any]]:
    return [(one.name, one.label) for one in all_formats().values()]


class ReadingForm(forms.Form):
    """How a file is read."""

    format = forms.ChoiceField(label=_("Format"), choices=_formats)
    topic = forms.CharField(
        label=_("Topic"),
        max_length=120,
        required=False,
        widget=TopicInput(),
        help_text=_("For questions that name none."),
    )
    known = forms.ChoiceField(
        label=_("A question whose key the bank has"),
        choices=Import.Known.choices,
        initial=Import.Known.SKIP,
    )


class UploadForm(ReadingForm):
    """A file or a pasted text."""

    field_order = ("file", "text", "format", "topic", "known")
    file = forms.FileField(label=_("File"), required=False, help_text=_("At most 10 MB."))
    text = forms.CharField(
        label=_("Or paste the text"),
        required=False,
        max_length=MOST_PASTED,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    format = forms.ChoiceField(
        label=_("Format"),
        required=False,
        choices=lambda: [("", _("Recognise it")), *_formats()],
        help_text=_("You see what was recognised and can change it."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, text = cleaned.get("file"), (cleaned.get("text") or "").strip()
        if bool(file) == bool(text) and not self.errors:
            self.add_error(None, _now("Choose a file or paste a text, one of the two."))
        if file and file.size > MOST_BYTES:
            self.add_error("file", _now("The file is larger than 10 MB."))
        return cleaned

    def data_and_name(self) -> tuple[bytes, str]:
        """The bytes to read and the name of the file, empty for a pasted text."""
        file = self.cleaned_data["file"]
        if file:
            return file.read(), file.name
        return self.cleaned_data["text"].encode(), ""


class ExportForm(forms.Form):
    """Which questions, and as what."""

    format = forms.ChoiceField(label=_("Format"), choices=_formats)
    topic = forms.ChoiceField(
        label=_("Topic"),
        required=False,
        choices=lambda: [("", _("All topics")), *((one, one) for one in topics())],
    )
    kind = forms.ChoiceField(
        label=_("Kind of question"),
        required=False,
        choices=lambda: [("", _("All kinds")), *kind_choices()],
    )
    quiz = forms.ModelChoiceField(
        label=_("Quiz"), required=False, queryset=Quiz.objects.all(), empty_label=_("All questions")
    )
