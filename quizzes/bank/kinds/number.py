"""A number, with a tolerance and a unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from quizzes.bank.content import QuestionContent
from quizzes.bank.kinds.base import FIELD, BadAnswerError, Kind, Sent, sent_fields
from quizzes.bank.kinds.parts import one_value
from quizzes.bank.kinds.settings import Setting
from quizzes.bank.kinds.showing import Asked, AskedPart, Reviewed, ReviewedPart

MOST_TEXT = 60
_SPLIT = re.compile(r"([+\-−–]?)\s?(\d+(?:[., '’]\d+)*|[.,]\d+)\s*(.*)", re.DOTALL)
_PERCENT = "percent"


class Number(Kind):
    """The one option is the right number as the editor writes it.

    A decimal comma and a decimal point are read, and thousands parted by a point, a comma, a space
    or an apostrophe. «1.234» is both 1234 and 1,234: it is right if either is. The unit may be
    left out unless it is asked for; a wrong one is wrong. A question without a unit ignores what
    follows the number. Everything is exact: no floats.
    """

    name = "number"
    label = gettext_lazy("A number")
    rank = 80
    template_name = "bank/kinds/number.html"
    review_template_name = "bank/kinds/reviewed_parts.html"
    option_fields = ("text", "why")
    may_be_empty = ("why",)
    may_be_untranslated = ("text", "why")
    settings = (
        Setting(
            name="tolerance",
            label=gettext_lazy("Tolerance"),
            default="0",
            help_text=gettext_lazy("How far the answer may be off, as 0,5. 0 for not at all."),
        ),
        Setting(
            name="tolerance_as",
            label=gettext_lazy("The tolerance is"),
            default="absolute",
            choices=(
                ("absolute", gettext_lazy("in the unit of the answer")),
                (_PERCENT, gettext_lazy("in percent of the right number")),
            ),
        ),
        Setting(
            name="unit",
            label=gettext_lazy("Unit"),
            default="",
            help_text=gettext_lazy(
                "Other accepted spellings after semicolons, as: %; phần trăm. Leave empty for none."
            ),
        ),
        Setting(name="unit_en", label=gettext_lazy("Unit in English"), default=""),
        Setting(
            name="ask_unit",
            label=gettext_lazy("The unit has to be written too"),
            default=False,
            help_text=gettext_lazy("Else it stands behind the field."),
        ),
    )

    # --- for the editor ---------------------------------------------------------------------------

    def options_help(self) -> str:
        return _(
            "One entry alone: the right number, without its unit. The unit and the tolerance are "
            "set here."
        )

    def check_texts(self, content: QuestionContent) -> list[str]:
        return []

    def check(self, content: QuestionContent) -> list[str]:
        faults = []
        if len(content["options"]) != 1:
            faults.append(_("Give exactly one entry: the right number."))
        texts = [option["text"] for option in content["options"]]
        english = content["en"]["options"].values() if "en" in content else ()
        texts += [one["text"] for one in english if one["text"]]
        values = [_fault_of(text) for text in texts]
        faults.extend(fault for fault in values if fault)
        tolerance = self.setting(content, "tolerance")
        fault = _fault_of(tolerance)
        if fault:
            faults.append(fault)
        elif _only(tolerance) < 0:
            faults.append(_("A tolerance is not below zero."))
        if self.setting(content, "ask_unit") and not self._spellings(content):
            faults.append(_("Name the unit that has to be written."))
        return faults

    # --- for the learner --------------------------------------------------------------------------

    def help_text(self) -> str:
        return _("Write a number, as 31,4 or 1.500.")

    def order(self, content: QuestionContent) -> list[str]:
        return []

    def read(self, sent: Sent, offered: Sequence[str]) -> list[str]:
        sent_fields(sent, [FIELD])
        text = one_value(sent, FIELD, MOST_TEXT)
        if text and not readings(text)[0]:
            raise BadAnswerError(_("Write a number, as 31,4 or 1.500."))
        return [text] if text else []

    def fields(self, answer: Sequence[str], offered: Sequence[str]) -> dict[str, list[str]]:
        return {FIELD: list(answer)}

    def asked(self, content: QuestionContent, order: Sequence[str], answer: Sequence[str]) -> Asked:
        unit = "" if self.setting(content, "ask_unit") else self._unit(content)
        return Asked(parts=(AskedPart("", "", "", value="".join(answer), unit=unit),))

    # --- judging ----------------------------------------------------------------------------------

    def grade(self, content: QuestionContent, answer: Sequence[str]) -> Fraction:
        if len(answer) != 1:
            return Fraction(0)
        values, unit = readings(answer[0])
        spellings = self._spellings(content)
        if unit:
            unit_fits = not spellings or _same_unit(unit) in spellings
        else:
            unit_fits = not self.setting(content, "ask_unit")
        right = _only(_key(content))
        allowed = self._allowed(content, right)
        near = any(abs(Fraction(value) - right) <= allowed for value in values)
        return Fraction(int(unit_fits and near))

    def right_answer(self, content: QuestionContent) -> list[str]:
        if not content["options"]:
            return []
        unit = self._unit(content) if self.setting(content, "ask_unit") else ""
        return [f"{content['options'][0]['text']} {unit}".strip()]

    def reviewed(
        self, content: QuestionContent, order: Sequence[str], answer: Sequence[str]
    ) -> Reviewed:
        if not content["options"]:
            return Reviewed()
        option = content["options"][0]
        key = f"{option['text']} {self._unit(content)}".strip()
        tolerance = self.setting(content, "tolerance")
        if tolerance != "0":
            sign = "%" if self.setting(content, "tolerance_as") == _PERCENT else ""
            key += " (" + _("tolerance ± %(tolerance)s") % {"tolerance": tolerance + sign} + ")"
        part = ReviewedPart(
            text="",
            given="".join(answer),
            right=self.grade(content, answer) == 1,
            key=key,
            why=option["why"],
        )
        return Reviewed(parts=(part,))

    def _allowed(self, content: QuestionContent, right: Fraction) -> Fraction:
        tolerance = _only(self.setting(content, "tolerance"))
        if self.setting(content, "tolerance_as") == _PERCENT:
            return abs(right) * tolerance / 100
        return tolerance

    def _unit(self, content: QuestionContent) -> str:
        """The unit as it is shown, in the language of the page."""
        names = ["unit_en", "unit"] if get_language() == "en" else ["unit"]
        found = [one for name in names for one in _listed(self.setting(content, name))]
        return found[0] if found else ""

    def _spellings(self, content: QuestionContent) -> set[str]:
        return {
            _same_unit(one)
            for name in ("unit", "unit_en")
            for one in _listed(self.setting(content, name))
        }


def readings(text: str) -> tuple[set[Decimal], str]:
    """The numbers that `text` may begin with, none for nonsense, and what follows: the unit."""
    found = _SPLIT.fullmatch(text.strip())
    if found is None:
        return set(), ""
    sign, digits, rest = found.groups()
    digits = digits.replace("’", "'")
    values: set[Decimal] = set()
    for point in ".,":
        for comma in (",", ".", " ", "'"):
            if comma == point:
                continue
            whole = rf"\d+|[1-9]\d{{0,2}}(?:{re.escape(comma)}\d{{3}})+|"
            match = re.fullmatch(rf"({whole})(?:{re.escape(point)}(\d+))?", digits)
            if match is not None:
                whole_digits = re.sub(r"\D", "", match[1]) or "0"
                values.add(Decimal(f"{whole_digits}.{match[2] or 0}"))
    return {-value if sign in ("-", "−", "–") else value for value in values}, rest.strip()


def _only(text: str) -> Fraction:
    """The number an editor wrote: it has been checked to have one reading, but for a preview."""
    return Fraction(next(iter(readings(text)[0]), Decimal(0)))


def _key(content: QuestionContent) -> str:
    """The right number as written in Vietnamese, whatever language the content is shown in."""
    option = content["options"][0]
    return option.get("original") or option["text"]


def _fault_of(text: str) -> str:
    """Why this cannot be the right number or a tolerance; empty if it can."""
    values, rest = readings(text)
    if not values or rest:
        return _("«%(text)s» is no number.") % {"text": text}
    if len(values) > 1:
        return _(
            "«%(text)s» may be read in two ways. Write thousands without a separator, and a "
            "decimal fraction of three digits with a zero behind it."
        ) % {"text": text}
    return ""


def _listed(units: str) -> list[str]:
    return [unit.strip() for unit in units.split(";") if unit.strip()]


def _same_unit(unit: str) -> str:
    """A key that is equal for spellings of a unit that differ in capitals, spaces or ² for 2."""
    return "".join(unicodedata.normalize("NFKC", unit).casefold().split()).rstrip(".")
