"""What the figures of a question should make its editor look at, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.conf import settings
from django.utils.translation import gettext as _

from quizzes.analysis.figures import Item


def _setting(name: str, default: int | str) -> Fraction:
    return Fraction(str(getattr(settings, name, default)))


def enough_for_items() -> int:
    """So many attempts make the figures of a question worth reading."""
    return int(_setting("ANALYSIS_ENOUGH_FOR_ITEMS", 10))


def enough_for_guessing() -> int:
    """So many attempts tell whether options are chosen evenly."""
    return int(_setting("ANALYSIS_ENOUGH_FOR_GUESSING", 30))


@dataclass(frozen=True)
class Flag:
    """A remark: its name, the letters of the options it is about, and how grave it is (0 first)."""

    name: str
    rank: int
    letters: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The remark in words."""
        if self.name == "unchosen":
            letters = ", ".join(self.letters)
            if len(self.letters) == 1:
                return _("Nobody chose option %(letters)s.") % {"letters": letters}
            return _("Nobody chose options %(letters)s.") % {"letters": letters}
        return {
            "key": _("Strong people get it wrong more often: check the key."),
            "guessed": _("All options are chosen as if by guessing."),
            "hard": _("Too hard."),
            "easy": _("Too easy."),
            "blank": _("Many left it out."),
        }[self.name]


def flags_of(
    figures: Item, *, blank: int, chosen: list[tuple[str, bool, int]], chooses_one: bool
) -> tuple[Flag, ...]:
    """The remarks, the gravest first; none from too few attempts.

    `chosen` are the options of a question with options: letter, right or not, how often chosen.
    Only where one is to be chosen (`chooses_one`) do even numbers speak of guessing.
    """
    if figures.count < enough_for_items():
        return ()
    found = []
    if figures.covariance is not None and figures.covariance < 0:
        found.append(Flag("key", 0))
    many = chooses_one and figures.count >= enough_for_guessing()
    if many and looks_guessed([n for _letter, _right, n in chosen]):
        found.append(Flag("guessed", 1))
    if figures.facility <= _setting("ANALYSIS_TOO_HARD", "0.2"):
        found.append(Flag("hard", 2))
    if figures.facility >= _setting("ANALYSIS_TOO_EASY", "0.95"):
        found.append(Flag("easy", 3))
    if Fraction(blank, figures.count) >= _setting("ANALYSIS_MANY_BLANK", "0.2"):
        found.append(Flag("blank", 4))
    unchosen = tuple(letter for letter, right, n in chosen if not right and not n)
    if unchosen:
        found.append(Flag("unchosen", 5, unchosen))
    return tuple(found)


# Pearson's chi-squared distribution: the values exceeded by chance one time in twenty, for 1, 2, …
# degrees of freedom.
_CHI_SQUARED = (
    "3.841",
    "5.991",
    "7.815",
    "9.488",
    "11.070",
    "12.592",
    "14.067",
    "15.507",
    "16.919",
)


def looks_guessed(counts: list[int]) -> bool:
    """Whether choices spread over three options or more as evenly as chance would spread them."""
    total, free = sum(counts), len(counts) - 1
    if not total or not 2 <= free <= len(_CHI_SQUARED):
        return False
    even = Fraction(total, len(counts))
    found = sum(((n - even) ** 2 / even for n in counts), Fraction(0))
    return found <= Fraction(_CHI_SQUARED[free - 1])
