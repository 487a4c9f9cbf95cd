"""The words of a kind: changed by editors, looked at before, given back to the house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminAutoHeightTextInput

from learning.audit.actions import record
from learning.audit.models import Entry
from learning.notices.kinds import Kind, all_kinds
from learning.notices.models import Notice, Text
from learning.notices.writing import Words, bodies, words_of

CHANGED, RESET = "message-text-changed", "message-text-reset"
MOST_CHANGES = 20


def sample_facts(kind: Kind) -> dict[str, str]:
    """Invented facts to fill a preview with; a name nobody gave a sample shows itself."""
    with translation.override("vi"):
        known = {
            "course": _("Intellectual property and the Sustainable Development Goals"),
            "due": "31/12/2026",
            "unit": _("Sample ward"),
            "week": "20/11/2026",
            "figures": _("%(course)s: 120 of 200 completed (60.0 %%); 7 overdue")
            % {"course": _("Intellectual property and the Sustainable Development Goals")},
            "todo": _("15 due within 14 days."),
        }
    return {name: known.get(name, f"[{name}]") for name in kind.fields}


def house_words(kind: Kind) -> tuple[str, str]:
    """Subject and body as the code has them, in Vietnamese."""
    with translation.override("vi"):
        return str(kind.subject), str(kind.body)


@dataclass(frozen=True)
class Line:
    """A kind in the list of texts."""

    kind: Kind
    subject: str
    changed: bool


def lines() -> list[Line]:
    """Every kind with the subject it has now."""
    own = {text.kind: text for text in Text.objects.all()}
    return [
        Line(
            kind,
            own[kind.slug].subject if kind.slug in own else house_words(kind)[0],
            kind.slug in own,
        )
        for kind in all_kinds()
    ]


class TextForm(forms.ModelForm):
    """Subject and body of one kind; what stands in braces is checked by the model."""

    class Meta:
        model = Text
        fields = ["subject", "body"]
        widgets = {"body": AdminAutoHeightTextInput}
        help_texts = {
            "body": gettext_lazy("Paragraphs are separated by an empty line."),
        }

    def preview(self, kind: Kind, *, name: str) -> Words | None:
        """What a person of this name would read; None while something is wrong."""
        if self.errors:
            return None
        sample = Notice(kind=kind.slug, facts=sample_facts(kind), link="/")
        typed = Text(kind=kind.slug, **self.cleaned_data)
        return words_of(sample, texts={kind.slug: typed}, name=name)


@dataclass(frozen=True)
class Preview:
    """A letter with this one notice: its subject, what it says, and both its bodies."""

    words: Words
    plain: str
    html: str


def preview_of(form: TextForm, kind: Kind, *, name: str) -> Preview | None:
    """The letter that a person of this name would get; None while something is wrong."""
    words = form.preview(kind, name=name)
    if words is None:
        return None
    # Nobody's address: what is looked at must not unsubscribe the one who looks.
    leaving = "" if kind.required else settings.SITE_URL + "/…"
    with translation.override("vi"):
        return Preview(words, *bodies([words], name=name, leaving=leaving))


def changes_of(kind: Kind) -> list[Entry]:
    """Who changed the words of this kind, when, and into what; the latest first."""
    found = Entry.objects.filter(
        act__in=[CHANGED, RESET], about_type=Text._meta.label_lower, about_name=kind.slug
    )
    return list(found.select_related("by")[:MOST_CHANGES])


def form_of(kind: Kind, typed: Any = None) -> TextForm:
    """The form with the words as they are: the editor's, or the house's."""
    text = Text.objects.filter(kind=kind.slug).first()
    if text is None:
        subject, body = house_words(kind)
        text = Text(kind=kind.slug, subject=subject, body=body)
    return TextForm(typed, instance=text)


@transaction.atomic
def save_text(form: TextForm, *, by: Any) -> None:
    """Keep what a valid form says; the words before and after stand in the audit log."""
    text = form.instance
    kept = Text.objects.filter(kind=text.kind).values("subject", "body").first()
    before: dict[str, Any] = dict(kept) if kept else {}
    if before == {"subject": text.subject, "body": text.body}:
        return
    form.save()
    record(
        act=CHANGED,
        by=by,
        about=text,
        before=before,
        after={"subject": text.subject, "body": text.body},
    )


@transaction.atomic
def forget_text(kind: Kind, *, by: Any) -> bool:
    """Give the house's words back; whether there were others."""
    text = Text.objects.filter(kind=kind.slug).first()
    if text is None:
        return False
    before = {"subject": text.subject, "body": text.body}
    record(act=RESET, by=by, about=text, before=before)
    text.delete()
    return True
