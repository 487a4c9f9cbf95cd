"""Aiken: a question, its options behind letters, «ANSWER: B»."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.bank.content import OptionSpec, clean_text
from quizzes.bank.kinds import kind_names
from quizzes.exchange.base import Draft, Entry, FileError, Format, Loss, Written
from quizzes.exchange.table import letter_of
from quizzes.exchange.texts import decode, printable

_OPTION = re.compile(r"\s*([A-Z])[.)]\s+(.*)")
_ANSWER = re.compile(r"\s*(?:ANSWER|ĐÁP ÁN)\s*:\s*(.*?)\s*", re.IGNORECASE)


class AikenFormat(Format):
    """Single choice alone, and nothing but its texts."""

    name = "aiken"
    label = gettext_lazy("Aiken text")
    rank = 20
    extensions = (".txt",)
    media_type = "text/plain"
    kinds = frozenset({"single", "true_false"})

    def read(self, data: bytes) -> list[Entry]:
        text, note = decode(data)
        lines = text.removeprefix("\ufeff").split("\n")
        if not any(_ANSWER.fullmatch(line) for line in lines):
            raise FileError(_("This is no Aiken file: no line says «ANSWER: …»."))
        entries: list[Entry] = []
        begin = 0
        for place, line in enumerate(lines):
            if _ANSWER.fullmatch(line):
                entries.append(_entry(lines, begin, place + 1, note))
                begin = place + 1
        if any(line.strip() for line in lines[begin:]):
            entries.append(_entry(lines, begin, len(lines), note))
        return entries

    def write(self, drafts: Sequence[Draft]) -> Written:
        parts: list[str] = []
        losses: list[Loss] = []
        for index, draft in enumerate(drafts):
            if reason := _unsayable(draft):
                losses.append(Loss(index, reason, whole=True))
                continue
            losses.extend(Loss(index, sentence) for sentence in _left_out(draft))
            parts.append(_written(draft))
        return Written("\n".join(parts).encode(), tuple(losses))


def _entry(lines: Sequence[str], begin: int, end: int, note: str) -> Entry:
    while begin < end - 1 and not lines[begin].strip():
        begin += 1
    source = "\n".join(lines[begin:end]).strip()
    prompt: list[str] = []
    options: list[OptionSpec] = []
    errors: list[str] = []
    answer = ""
    for number, line in enumerate(lines[begin:end], start=begin + 1):
        if found := _ANSWER.fullmatch(line):
            answer = found[1].rstrip(".)").upper()
        elif (found := _OPTION.fullmatch(line)) and prompt:
            if found[1] != letter_of(len(options)):
                errors.append(
                    _("Line %(line)s: the options must follow one another as A, B, C.")
                    % {"line": number}
                )
            options.append({"text": found[2].strip(), "right": False})
        elif options and line.strip():
            errors.append(_("Line %(line)s: an option stands on one line.") % {"line": number})
        elif line.strip() or prompt:
            prompt.append(line.rstrip())
    letters = [letter_of(place) for place in range(len(options))]
    if answer in letters:
        options[letters.index(answer)]["right"] = True
    else:
        errors.append(_("«%(letter)s» is the letter of no option.") % {"letter": answer[:40]})
    draft = Draft(kind="single", prompt=clean_text("\n".join(prompt)), options=options)
    return Entry(
        line=begin + 1,
        source=source,
        draft=None if errors else draft,
        errors=tuple(errors),
        notes=(note,) if note else (),
    )


def _unsayable(draft: Draft) -> str:
    """Why the question cannot stand in such a file at all; empty if it can."""
    right = [option for option in draft.options if option.get("right")]
    if draft.kind not in AikenFormat.kinds or draft.kind not in kind_names():
        return _("Aiken holds questions with one right answer only.")
    if len(right) != 1 or len(draft.options) > 26:
        return _("Aiken holds questions with one right answer only.")
    lines = draft.prompt.split("\n")
    if any(_ANSWER.fullmatch(one) for one in lines) or any(_OPTION.fullmatch(x) for x in lines[1:]):
        return _("A line of the question looks like an option or an answer.")
    return ""


def _left_out(draft: Draft) -> list[str]:
    """What of the question is not in the file."""
    lost = []
    if draft.kind != "single":
        lost.append(_("It comes back as a question with one right answer."))
    if draft.explanation or any(option.get("why") for option in draft.options):
        lost.append(_("Explanations are left out."))
    if draft.picture or any(option.get("picture") for option in draft.options):
        lost.append(_("Pictures are left out."))
    if draft.prompt_en:
        lost.append(_("The English texts are left out."))
    if any("\n" in option.get("text", "") for option in draft.options):
        lost.append(_("Line breaks in options become spaces."))
    if any(option.get("pinned") for option in draft.options):
        lost.append(_("Which options are pinned is left out."))
    filed = (draft.key, draft.topic, draft.tags, draft.objective, draft.reference, draft.sources)
    if any(filed) or draft.difficulty != 2 or draft.settings:
        lost.append(_("Key, topic, tags, difficulty and sources are left out."))
    return lost


def _written(draft: Draft) -> str:
    lines = [printable(draft.prompt)]
    answer = ""
    for place, option in enumerate(draft.options):
        lines.append(f"{letter_of(place)}. {' '.join(printable(option.get('text', '')).split())}")
        answer = letter_of(place) if option.get("right") else answer
    return "\n".join([*lines, f"ANSWER: {answer}", ""])
