"""Gaps to fill in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.bank.content import OptionContent, QuestionContent
from quizzes.bank.kinds.comparing import same_words
from quizzes.bank.kinds.parts import PartsKind, by_part
from quizzes.bank.kinds.settings import Setting
from quizzes.bank.kinds.showing import Asked, AskedPart, Reviewed, ReviewedPart

_GAP = re.compile(r"\[\[(\d{1,2})\]\]")


class Blank(PartsKind):
    """The question has gaps [[1]], [[2]]; each option is an answer accepted in its gap.

    What is accepted in one language is accepted in the other too, as an answer does not say in
    which it was written. The mark is the share of gaps filled rightly.
    """

    name = "blank"
    label = gettext_lazy("Filling in gaps")
    rank = 70
    template_name = "bank/kinds/blank.html"
    option_fields = ("text", "gap", "why")
    may_be_empty = ("why",)
    settings = (
        Setting(
            name="ignore_accents",
            label=gettext_lazy("Accents do not matter"),
            default=False,
            help_text=gettext_lazy(
                "Then «sang che» is accepted for «sáng chế». Capitals, spaces and the place of "
                "the tone mark (hoà, hòa) never matter."
            ),
        ),
    )

    def options_help(self) -> str:
        return _(
            "Write [[1]], [[2]] into the question where words are to be filled in. One entry for "
            "each accepted answer, with the number of its gap."
        )

    def help_text(self) -> str:
        return _("Write what belongs into each gap. Each right one earns its share of the mark.")

    def prompt(self, text: str) -> str:
        return _GAP.sub("(\\1)\u00a0_____", text)

    def check_texts(self, content: QuestionContent) -> list[str]:
        faults = []
        accepted = [
            (option.get("gap"), same_words(option["text"], with_accents=True))
            for option in content["options"]
        ]
        if not all(words for _gap, words in accepted):
            faults.append(_("Every accepted answer needs a text."))
        if len(set(accepted)) < len(accepted):
            faults.append(_("Two accepted answers of a gap are the same."))
        return faults

    def check(self, content: QuestionContent) -> list[str]:
        gaps = _GAP.findall(content["prompt"])
        filled = {str(option.get("gap", "")) for option in content["options"]}
        faults = []
        if not gaps:
            faults.append(_("Write at least one gap, as [[1]], into the question."))
        if len(set(gaps)) < len(gaps):
            faults.append(_("A gap stands twice in the question."))
        faults.extend(
            _("Gap %(gap)s has no accepted answer.") % {"gap": gap}
            for gap in sorted(set(gaps) - filled, key=int)
        )
        if filled - set(gaps):
            faults.append(_("An accepted answer names a gap that the question has not."))
        if "en" in content and sorted(_GAP.findall(content["en"]["prompt"])) != sorted(gaps):
            faults.append(_("The question in English has not the same gaps."))
        return faults

    def order(self, content: QuestionContent) -> list[str]:
        return list(dict.fromkeys(_GAP.findall(content["prompt"])))

    def shuffled(self, order: Sequence[str], **_how: object) -> list[str]:
        return list(order)

    def keep(self, value: str, offered: Sequence[str]) -> str:
        return value

    def asked(self, content: QuestionContent, order: Sequence[str], answer: Sequence[str]) -> Asked:
        given = by_part(answer)
        return Asked(
            parts=tuple(
                AskedPart(name=gap, label=gap, text="", value=given.get(gap, "")) for gap in order
            )
        )

    def grade(self, content: QuestionContent, answer: Sequence[str]) -> Fraction:
        gaps, given = self.order(content), by_part(answer)
        return Fraction(
            sum(self._fits(content, gap, given.get(gap, "")) for gap in gaps), len(gaps)
        )

    def right_answer(self, content: QuestionContent) -> list[str]:
        found = {gap: _accepted(content, gap) for gap in self.order(content)}
        return [f"{gap}={options[0]['text']}" for gap, options in found.items() if options]

    def reviewed(
        self, content: QuestionContent, order: Sequence[str], answer: Sequence[str]
    ) -> Reviewed:
        given = by_part(answer)
        return Reviewed(
            parts=tuple(
                ReviewedPart(
                    text=_("Gap (%(gap)s)") % {"gap": gap},
                    given=given.get(gap, ""),
                    right=self._fits(content, gap, given.get(gap, "")),
                    key=" / ".join(option["text"] for option in _accepted(content, gap)),
                    why="\n".join(o["why"] for o in _accepted(content, gap) if o["why"]),
                )
                for gap in order
            )
        )

    def _fits(self, content: QuestionContent, gap: str, text: str) -> bool:
        with_accents = not self.setting(content, "ignore_accents")
        said = same_words(text, with_accents=with_accents)
        english = content["en"]["options"] if "en" in content else {}
        return said != "" and said in {
            same_words(words, with_accents=with_accents)
            for option in _accepted(content, gap)
            for words in (
                option["text"],
                option.get("original", ""),
                english[option["key"]]["text"] if option["key"] in english else "",
            )
        }


def _accepted(content: QuestionContent, gap: str) -> list[OptionContent]:
    return [option for option in content["options"] if str(option.get("gap")) == gap]
