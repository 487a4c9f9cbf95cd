"""The settings of a question's kind in the admin: one field of the form, a group for each kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from quizzes.bank.kinds import Kind, Setting, all_kinds


class SettingsWidget(forms.Widget):
    """The groups below each other; the script beside shows that of the kind chosen."""

    class Media:
        js = ["js/admin/question.js"]
        css = {"all": ["css/admin/question.css"]}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The settings sent, by kind and name."""
        return {
            kind.name: {
                setting.name: _sent(data, f"{name}_{kind.name}_{setting.name}", setting)
                for setting in kind.settings
            }
            for kind in all_kinds()
        }

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def id_for_label(self, id_: str) -> str:
        return ""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        groups = [
            {
                "kind": kind,
                "help": kind.options_help(),
                "rows": [
                    (setting, _control(name, kind, setting, value)) for setting in kind.settings
                ],
            }
            for kind in all_kinds()
        ]
        return render_to_string("bank/admin/settings.html", {"groups": groups})


class SettingsField(forms.Field):
    """What was sent for every kind; the form keeps that of the kind chosen."""

    widget = SettingsWidget

    def has_changed(self, initial: Any, data: Any) -> bool:
        return True


def _sent(data: Mapping[str, Any], name: str, setting: Setting) -> Any:
    return name in data if isinstance(setting.default, bool) else data.get(name, "")


def _control(name: str, kind: Kind, setting: Setting, value: Any) -> dict[str, str]:
    """The setting's field as HTML, and its id for the label."""
    stored = value if isinstance(value, dict) else {}
    # What was just sent lies under its kind; what a question holds is flat.
    stored = stored[kind.name] if isinstance(stored.get(kind.name), dict) else stored
    present = stored.get(setting.name, setting.default)
    field = f"{name}_{kind.name}_{setting.name}"
    widget: forms.Widget
    if setting.choices:
        widget = forms.Select(choices=setting.choices)
    elif isinstance(setting.default, bool):
        widget = forms.CheckboxInput()
    else:
        widget = forms.TextInput()
    return {"id": f"id_{field}", "html": widget.render(field, present, {"id": f"id_{field}"})}


class TopicInput(forms.TextInput):
    """A line of text that offers the topics there are; one query where it is shown."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"list": "topics", "autocomplete": "off", **(attrs or {})})

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        from quizzes.bank.queries import topics

        line = super().render(name, value, attrs, renderer)
        offered = format_html_join("", '<option value="{}"></option>', ((t,) for t in topics()))
        return format_html('{}<datalist id="topics">{}</datalist>', line, offered)


class AreaInput(forms.TextInput):
    """A region of the question's picture as numbers; area.js draws it over the picture."""

    class Media:
        js = ["js/admin/area.js"]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        texts = {
            "data-area": "",
            "data-help": _(
                "Or draw: press and drag a rectangle over the picture, with Shift a circle."
            ),
            "data-label": _("The question's picture with this region"),
            "autocomplete": "off",
            "spellcheck": "false",
        }
        super().__init__({**texts, **(attrs or {})})
