"""What belongs to what."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.bank.content import QuestionContent
from quizzes.bank.kinds.base import BadAnswerError
from quizzes.bank.kinds.choices import letter
from quizzes.bank.kinds.parts import PartsKind, by_part
from quizzes.bank.kinds.showing import Asked, AskedOption, AskedPart, Reviewed, ReviewedPart

# Stands in the frozen order before the key of an option whose counterpart is shown.
MATCH = "="


class Matching(PartsKind):
    """Each option is a row with its counterpart in `match`; one without a text is a counterpart
    that belongs to no row, there to mislead. Several rows may have the same counterpart.

    The frozen order holds the rows by their keys, then the counterparts as «=key». Counterparts
    are always mixed, rows where the quiz wishes it. In the form a counterpart is its place among
    those shown, as its key would tell the row it belongs to; kept is «row=key».

    The mark is the share of rows that have their counterpart.
    """

    name = "matching"
    label = gettext_lazy("Matching")
    rank = 50
    template_name = "bank/kinds/matching.html"
    option_fields = ("text", "match", "why")
    may_be_empty = ("text", "why")

    def options_help(self) -> str:
        return _(
            "One entry for each row: its text, and as its counterpart what belongs to it. An entry "
            "without a text is a counterpart that belongs to nothing, there to mislead."
        )

    def help_text(self) -> str:
        return _("Choose for each row what belongs to it. Each right row earns its share.")

    def check_texts(self, content: QuestionContent) -> list[str]:
        faults = []
        texts = [option["text"].casefold() for option in content["options"] if option["text"]]
        if len(set(texts)) < len(texts):
            faults.append(_("Two rows say the same."))
        if not all(option.get("match") for option in content["options"]):
            faults.append(_("Every row needs its counterpart."))
        matches = {
            _same(option.get("match", "")) for option in content["options"] if option["text"]
        }
        loose = [_same(o.get("match", "")) for o in content["options"] if not o["text"]]
        if matches & set(loose) or len(set(loose)) < len(loose):
            faults.append(_("A counterpart that belongs to nothing stands there already."))
        return faults

    def check(self, content: QuestionContent) -> list[str]:
        faults = []
        if len(_rows(content)) < 2:
            faults.append(_("Give at least two rows."))
        if len(_representatives(content)) < 2:
            faults.append(_("Give at least two different counterparts."))
        return faults

    def order(self, content: QuestionContent) -> list[str]:
        return [*_rows(content), *(MATCH + key for key in _representatives(content))]

    def shuffled(self, order: Sequence[str], *, freely: bool, chance: random.Random) -> list[str]:
        rows, matches = _split(order)
        if freely:
            chance.shuffle(rows)
        chance.shuffle(matches)
        return [*rows, *(MATCH + key for key in matches)]

    def keys(self, offered: Sequence[str]) -> dict[str, str]:
        rows, _matches = _split(offered)
        return {key: key for key in rows}

    def keep(self, value: str, offered: Sequence[str]) -> str:
        _rows, matches = _split(offered)
        if not value.isdecimal() or not 1 <= int(value) <= len(matches):
            raise BadAnswerError(_("This option does not belong to the question."))
        return matches[int(value) - 1]

    def show(self, value: str, offered: Sequence[str]) -> str:
        _rows, matches = _split(offered)
        return str(matches.index(value) + 1)

    def asked(self, content: QuestionContent, order: Sequence[str], answer: Sequence[str]) -> Asked:
        rows, matches = _split(order)
        texts = {option["key"]: option["text"] for option in content["options"]}
        counterparts, given = _counterparts(content), by_part(answer)
        options = tuple(
            AskedOption(str(place + 1), letter(place), counterparts[key], checked=False)
            for place, key in enumerate(matches)
        )
        return Asked(
            options=options,
            parts=tuple(
                AskedPart(
                    name=key,
                    label=str(place),
                    text=texts[key],
                    value=self.show(given[key], order) if key in given else "",
                )
                for place, key in enumerate(rows, start=1)
            ),
        )

    def grade(self, content: QuestionContent, answer: Sequence[str]) -> Fraction:
        right, given = by_part(self.right_answer(content)), by_part(answer)
        return Fraction(sum(given.get(key) == value for key, value in right.items()), len(right))

    def right_answer(self, content: QuestionContent) -> list[str]:
        first = _representatives(content)
        by_text = {_same(match): key for key, match in first.items()}
        return [
            f"{option['key']}={by_text[_same(option['match'])]}"
            for option in content["options"]
            if option["text"] and "match" in option
        ]

    def reviewed(
        self, content: QuestionContent, order: Sequence[str], answer: Sequence[str]
    ) -> Reviewed:
        rows, _matches = _split(order)
        options = {option["key"]: option for option in content["options"]}
        right, given = by_part(self.right_answer(content)), by_part(answer)
        counterparts = _counterparts(content)
        return Reviewed(
            parts=tuple(
                ReviewedPart(
                    label=str(place),
                    text=options[key]["text"],
                    given=counterparts[given[key]] if key in given else "",
                    right=given.get(key) == right[key],
                    key=counterparts[right[key]],
                    why=options[key]["why"],
                )
                for place, key in enumerate(rows, start=1)
                if key in right
            )
        )


def _split(order: Sequence[str]) -> tuple[list[str], list[str]]:
    """The keys of the rows, and of the options whose counterparts are shown."""
    return (
        [name for name in order if not name.startswith(MATCH)],
        [name[len(MATCH) :] for name in order if name.startswith(MATCH)],
    )


def _rows(content: QuestionContent) -> list[str]:
    return [option["key"] for option in content["options"] if option["text"]]


def _same(match: str) -> str:
    return " ".join(match.casefold().split())


def _representatives(content: QuestionContent) -> dict[str, str]:
    """Every counterpart once, by the key of the first option that has it."""
    found: dict[str, str] = {}
    for option in content["options"]:
        match = option.get("match", "")
        if match and _same(match) not in map(_same, found.values()):
            found[option["key"]] = match
    return found


def _counterparts(content: QuestionContent) -> dict[str, str]:
    return {option["key"]: option["match"] for option in content["options"] if "match" in option}
