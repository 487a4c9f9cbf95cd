"""Things to be put in their order."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.bank.content import QuestionContent
from quizzes.bank.kinds.base import BadAnswerError
from quizzes.bank.kinds.parts import PartsKind, by_part
from quizzes.bank.kinds.showing import Asked, AskedOption, AskedPart, Reviewed, ReviewedPart


class Ordering(PartsKind):
    """The options are written in the right order, and never shown in it.

    In the form an item is named by where it is shown, as keys follow the order written; kept is
    «key=place». The mark is the share of items in their right place: whoever knows the first and
    the last step has learnt something. A place given to two items counts for neither.
    """

    name = "ordering"
    label = gettext_lazy("Putting in order")
    rank = 60
    template_name = "bank/kinds/ordering.html"
    option_fields = ("text", "why")
    may_be_empty = ("why",)

    def options_help(self) -> str:
        return _("One entry for each item, in the right order. They are shown mixed.")

    def help_text(self) -> str:
        return _("Give each item its place. Each item in its right place earns its share.")

    def check(self, content: QuestionContent) -> list[str]:
        return [] if len(content["options"]) >= 3 else [_("Give at least three items.")]

    def shuffled(self, order: Sequence[str], *, freely: bool, chance: random.Random) -> list[str]:
        mixed = list(order)
        while mixed == list(order) and len(order) > 1:
            chance.shuffle(mixed)
        return mixed

    def keys(self, offered: Sequence[str]) -> dict[str, str]:
        return {str(place): key for place, key in enumerate(offered, start=1)}

    def keep(self, value: str, offered: Sequence[str]) -> str:
        if not value.isdecimal() or not 1 <= int(value) <= len(offered):
            raise BadAnswerError(
                _("A place is a number from 1 to %(last)s.") % {"last": len(offered)}
            )
        return str(int(value))

    def asked(self, content: QuestionContent, order: Sequence[str], answer: Sequence[str]) -> Asked:
        texts = {option["key"]: option["text"] for option in content["options"]}
        given = by_part(answer)
        parts = [
            AskedPart(name=name, label="", text=texts[key], value=given.get(key, ""))
            for name, key in self.keys(order).items()
        ]
        if {part.value for part in parts} == set(self.keys(order)):
            parts.sort(key=lambda part: int(part.value))
        places = tuple(AskedOption(name, "", name, checked=False) for name in self.keys(order))
        return Asked(options=places, parts=tuple(parts))

    def grade(self, content: QuestionContent, answer: Sequence[str]) -> Fraction:
        right, given = by_part(self.right_answer(content)), _counting(answer)
        return Fraction(sum(given.get(key) == place for key, place in right.items()), len(right))

    def right_answer(self, content: QuestionContent) -> list[str]:
        return [f"{o['key']}={place}" for place, o in enumerate(content["options"], start=1)]

    def reviewed(
        self, content: QuestionContent, order: Sequence[str], answer: Sequence[str]
    ) -> Reviewed:
        given, counting = by_part(answer), _counting(answer)
        return Reviewed(
            parts=tuple(
                ReviewedPart(
                    label=str(place),
                    text=option["text"],
                    given=_place(given[option["key"]], option["key"] in counting)
                    if option["key"] in given
                    else "",
                    right=counting.get(option["key"]) == str(place),
                    key=_place(str(place)),
                    why=option["why"],
                )
                for place, option in enumerate(content["options"], start=1)
            )
        )


def _counting(answer: Sequence[str]) -> dict[str, str]:
    """What was answered, without places given to several items."""
    given = by_part(answer)
    times = Counter(given.values())
    return {key: place for key, place in given.items() if times[place] == 1}


def _place(place: str, once: bool = True) -> str:
    line = _("place %(place)s") if once else _("place %(place)s, given twice")
    return line % {"place": place}
