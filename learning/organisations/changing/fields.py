"""Form fields that name units and people as they stand in papers: by code, by name, by e-mail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.widgets import AdminAutoHeightTextInput

from learning.organisations.models import Unit
from learning.vietnamese import nfc, search_key

SHOWN = 5


def find_one(text: str) -> Unit:
    """The one unit meant by a code or a name, marks aside. Raises `ValidationError`."""
    words = nfc(text)
    unit = Unit.objects.filter(code=words).first()
    if unit is not None:
        return unit
    today = timezone.localdate()
    key = search_key(words)
    named = Unit.objects.all().current(on=today).filter(name_search__contains=key)[:200]
    found = list(named) if key else []
    exact = [one for one in found if key in (search_key(one.name), search_key(one.short_name))]
    found = exact or found
    if not found:
        raise ValidationError(_("There is no unit «%(text)s» today.") % {"text": words})
    if len(found) > 1:
        shown = "; ".join(f"{one.name} ({one.code})" for one in found[:SHOWN])
        raise ValidationError(
            _("Several units are called «%(text)s»: %(units)s. Give the code.")
            % {"text": words, "units": shown + (" …" if len(found) > SHOWN else "")}
        )
    return found[0]


class UnitTextField(forms.CharField):
    """A unit by its code or name. The list of all units would be thousands of options long."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 250)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return find_one(text) if text else None


class UnitLinesField(forms.CharField):
    """Several units, one a line."""

    widget = AdminAutoHeightTextInput

    def clean(self, value: Any) -> Any:
        found, errors = [], []
        for line in super().clean(value).splitlines():
            if not line.strip():
                continue
            try:
                found.append(find_one(line))
            except ValidationError as error:
                errors += error.messages
        if errors:
            raise ValidationError(errors)
        return found


class PeopleLinesField(forms.CharField):
    """People by staff code or e-mail, one a line; their users' keys."""

    widget = AdminAutoHeightTextInput

    def clean(self, value: Any) -> Any:
        lines = [nfc(line) for line in super().clean(value).splitlines() if line.strip()]
        if not lines:
            return ()
        users = get_user_model()._default_manager
        codes, emails = [line.upper() for line in lines], [line.lower() for line in lines]
        rows = users.filter(Q(staff_code__in=codes) | Q(email__in=emails)).values_list(
            "pk", "staff_code", "email"
        )
        known = {key: pk for pk, code, email in rows for key in (code, email) if key}
        missing = [
            line for line in lines if line.upper() not in known and line.lower() not in known
        ]
        if missing:
            shown = ", ".join(missing[:SHOWN]) + (" …" if len(missing) > SHOWN else "")
            raise ValidationError(
                _("Nobody has this staff code or e-mail: %(lines)s.") % {"lines": shown}
            )
        return tuple(
            dict.fromkeys(known.get(line.upper()) or known[line.lower()] for line in lines)
        )
