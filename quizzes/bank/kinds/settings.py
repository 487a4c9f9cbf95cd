"""What an editor may set about a question of a kind: a switch, a choice, or a short text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from quizzes.bank.content import clean_text

MOST_TEXT = 300


@dataclass(frozen=True)
class Setting:
    """One setting: a choice where there are `choices`, a switch where `default` is a bool."""

    name: str
    label: str | Promise
    default: str | bool
    help_text: str | Promise = ""
    choices: tuple[tuple[str, str | Promise], ...] = ()

    def clean(self, value: Any) -> str | bool:
        """The value as it is stored; `ValidationError` for one that is none."""
        if isinstance(self.default, bool):
            if not isinstance(value, bool):
                raise ValidationError(_("«%(name)s» is true or false.") % {"name": self.name})
            return value
        if isinstance(value, bool | list | dict):
            raise ValidationError(_("«%(name)s» must be text.") % {"name": self.name})
        text = clean_text(str(value if value is not None else ""))
        if not text:
            return self.default
        if self.choices and text not in dict(self.choices):
            names = ", ".join(name for name, _label in self.choices)
            raise ValidationError(
                _("«%(name)s» is one of: %(names)s.") % {"name": self.name, "names": names}
            )
        if len(text) > MOST_TEXT:
            raise ValidationError(
                _("«%(name)s» is longer than %(limit)s characters.")
                % {"name": self.name, "limit": MOST_TEXT}
            )
        return text


def clean_settings(settings: tuple[Setting, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that differ from the defaults, as a question keeps them.

    Only these are frozen into a version, so that a setting that is added later leaves the digests
    of older versions alone. Raises `ValidationError` for an unknown name or a wrong value.
    """
    known = {setting.name: setting for setting in settings}
    faults: list[Any] = [
        _("This kind of question has no setting «%(name)s».") % {"name": name}
        for name in sorted(set(values) - set(known))
    ]
    kept: dict[str, Any] = {}
    for name, setting in known.items():
        try:
            value = setting.clean(values[name]) if name in values else setting.default
        except ValidationError as error:
            faults.append(error)
            continue
        if value != setting.default:
            kept[name] = value
    if faults:
        raise ValidationError(faults)
    return kept
