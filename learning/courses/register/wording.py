"""News and states of sources in words, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from learning.courses.register.freshness import Event, SourceFacts, State, Why, day_of

STATES: dict[str, Any] = {
    State.CURRENT: pgettext_lazy("source", "current"),
    State.AMENDED: pgettext_lazy("source", "amended"),
    State.REPLACED: pgettext_lazy("source", "replaced"),
    State.LAPSED: pgettext_lazy("source", "lapsed"),
    State.UPCOMING: pgettext_lazy("source", "not yet in force"),
    State.LOOK_AGAIN: pgettext_lazy("source", "to be looked at again"),
}
WHYS: dict[str, Any] = {
    Why.REPLACED: pgettext_lazy("source", "replaced"),
    Why.AMENDED: pgettext_lazy("source", "amended"),
    Why.LAPSED: pgettext_lazy("source", "lapsed"),
    Why.CHANGED: pgettext_lazy("source", "entry changed"),
    Why.LOOK_AGAIN: pgettext_lazy("source", "to be looked at again"),
}


def in_figures(day: date | None) -> str:
    """The day as dd/mm/yyyy, in either language; empty for none."""
    return f"{day:%d/%m/%Y}" if day else ""


def standing_in_words(state: str, source: SourceFacts, *, by: Sequence[str]) -> str:
    """What a reader should know of how a source stands: empty where nothing is unusual.

    `by` names what amends or replaces it.
    """
    values = {"by": ", ".join(by)}
    if state == State.REPLACED:
        return _("replaced by %(by)s") % values
    if state == State.AMENDED:
        return _("amended by %(by)s") % values
    if state == State.LAPSED:
        return _("in force until %(day)s") % {"day": in_figures(source.in_force_until)}
    return _("not yet in force") if state == State.UPCOMING else ""


def event_in_words(event: Event, source: SourceFacts, *, titles: Mapping[int, str]) -> str:
    """What happened to the source, by what and since when, as a sentence without a full stop."""
    values = {
        "by": ", ".join(titles[pk] for pk in event.by if pk in titles),
        "day": in_figures(day_of(event.at)),
        "until": in_figures(source.in_force_until),
    }
    return _sentence(event) % values


def _sentence(event: Event) -> str:
    if event.why == Why.REPLACED:
        if event.entered:
            return _("Replaced by %(by)s, entered on %(day)s")
        return _("Replaced by %(by)s since %(day)s")
    if event.why == Why.AMENDED:
        if event.entered:
            return _("Amended by %(by)s, entered on %(day)s")
        return _("Amended by %(by)s since %(day)s")
    if event.why == Why.LAPSED:
        if event.entered:
            return _("In force until %(until)s, entered on %(day)s")
        return _("Lapsed since %(day)s")
    if event.why == Why.CHANGED:
        return _("Amendments, successors or end changed on %(day)s")
    return _("To be looked at again since %(day)s")
