"""A quiz's rules in sentences for whoever is about to sit it, a version's content for editors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quizzes.bank.content import OPTION_LETTERS, PictureContent, QuestionContent
from quizzes.bank.kinds import get_kind
from quizzes.bank.models import Quiz


def rules_in_words(
    quiz: Quiz,
    *,
    questions: int,
    minutes: int | None,
    attempts: int | None,
    closes_at: datetime | None,
) -> list[str]:
    """What to know before starting; a sentence each.

    `minutes`, `attempts` and `closes_at` are those of the person who reads it, None for no limit.
    """
    told = [_size(quiz, questions)]
    if minutes is not None:
        told.append(
            ngettext(
                "You have %(minutes)s minute from the start, by the server's clock.",
                "You have %(minutes)s minutes from the start, by the server's clock.",
                minutes,
            )
            % {"minutes": minutes}
        )
    if quiz.opens_at:
        told.append(_("It opens at %(at)s.") % {"at": moment(quiz.opens_at)})
    if closes_at:
        told.append(
            _("It closes at %(at)s; what is open then is handed in.") % {"at": moment(closes_at)}
        )
    if attempts is not None:
        told.append(
            ngettext("You may sit it once.", "You may sit it %(attempts)s times.", attempts)
            % {"attempts": attempts}
        )
    if quiz.cooldown_minutes:
        told.append(
            _("Between two attempts you wait %(wait)s.") % {"wait": in_words(quiz.cooldown_minutes)}
        )
    if attempts != 1 and not quiz.is_practice:
        told.append(_COUNTING[quiz.counting]())
    if not quiz.may_go_back:
        told.append(_("The questions come one after the other; there is no way back."))
    if quiz.is_practice:
        told.append(_("After each question you see what is right. Nothing of it counts."))
    return told


def _size(quiz: Quiz, questions: int) -> str:
    count = ngettext("%(count)s question.", "%(count)s questions.", questions) % {
        "count": questions
    }
    if quiz.is_practice:
        return count
    return f"{count} " + _("Passed from %(percent)s%%.") % {"percent": quiz.pass_percent}


_COUNTING: dict[str, Callable[[], str]] = {
    Quiz.Counting.BEST: lambda: _("The best attempt counts."),
    Quiz.Counting.LAST: lambda: _("The last attempt counts."),
    Quiz.Counting.FIRST: lambda: _("The first attempt counts; further ones are for practice."),
    Quiz.Counting.MEAN: lambda: _("The mean of all attempts counts."),
}


def moment(at: datetime) -> str:
    """«08:30, 26/04/2024» in the site's time zone."""
    return f"{timezone.localtime(at):%H:%M, %d/%m/%Y}"


def in_words(minutes: int) -> str:
    """A span in days, hours and minutes, leaving out what is zero; at least one minute."""
    hours, rest = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [
        ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else "",
        ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours} if hours else "",
        ngettext("%(n)s minute", "%(n)s minutes", rest) % {"n": rest} if rest else "",
    ]
    return " ".join(part for part in parts if part)


def content_in_lines(content: QuestionContent) -> dict[str, str]:
    """What a version says, each field under the name an editor knows it by."""
    kind = get_kind(content["kind"])
    lines = {
        _("Kind"): str(kind.label),
        _("Question"): content["prompt"],
        _("Explanation"): content["explanation"],
        _("Sources"): "\n".join(source["title"] for source in content["sources"]),
    }
    for place, option in enumerate(content["options"]):
        picture = option.get("picture")
        parts = [
            option["text"],
            option.get("match", ""),
            _picture(picture) if picture else "",
            _("%(points)s points at most") % {"points": option["points"]}
            if "points" in option
            else "",
            option.get("area", ""),
            _("pinned") if option.get("pinned") else "",
            option["why"],
        ]
        told = " · ".join(part for part in parts if part)
        name = _("Option %(letter)s") % {"letter": OPTION_LETTERS[place % len(OPTION_LETTERS)]}
        lines[name] = f"{told} ✓" if option["right"] else told
    for name, value in content.get("settings", {}).items():
        setting = next((one for one in kind.settings if one.name == name), None)
        lines[str(setting.label if setting else name)] = str(value)
    if "picture" in content:
        lines[_("Picture")] = _picture(content["picture"])
    if "en" in content:
        lines[_("In English")] = content["en"]["prompt"]
    return lines


def _picture(picture: PictureContent) -> str:
    """What it shows, and enough of its digest to tell it from another that shows the same."""
    return f"{picture['alt']} ({picture['digest'][:8]})"
