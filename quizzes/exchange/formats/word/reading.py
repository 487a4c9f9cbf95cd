"""A Word paper as entries: answers that stand apart find their questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from quizzes.exchange.base import Entry, FileError
from quizzes.exchange.formats.word.document import Document
from quizzes.exchange.formats.word.judging import judged
from quizzes.exchange.formats.word.keys import Said
from quizzes.exchange.formats.word.papers import take_apart
from quizzes.exchange.formats.word.parts import Asked, Paper
from quizzes.exchange.formats.word.rich import Line

_MOST_NAMED = 12


def read_paper(data: bytes) -> list[Entry]:
    """The entries of a .docx; `FileError` if it is none or has no question."""
    document = Document(data)
    paper = take_apart(document.blocks)
    if not paper.questions:
        raise FileError(_("No question was found: begin each with «Câu 1.», «Câu 2.» and so on."))
    _join(paper)
    _check_numbers(paper.questions)
    entries = [judged(asked) for asked in paper.questions]
    entries = _doubt_looks(paper.questions, entries)
    general = [*document.notes, *_skipped(paper.skipped)]
    entries[0] = replace(entries[0], notes=(*general, *entries[0].notes))
    return entries


def _doubt_looks(questions: Sequence[Asked], entries: Sequence[Entry]) -> list[Entry]:
    """Refuse an answer read from looks where the paper says its answers otherwise.

    In a paper with answers in words, an option in bold is an emphasis; in one that underlines
    them, a single option in red is worth a look.
    """
    told = sum(bool(asked.keys) for asked in questions)
    by_looks = [asked.looks for asked in questions if asked.looks]
    usual = Counter(name for looks in by_looks for name in looks)
    judged_again = []
    for asked, entry in zip(questions, entries, strict=True):
        if asked.looks and told > len(by_looks):
            sentence = _(
                "Paragraph %(line)s: question %(number)s has no answer in words as the others "
                "have, but an option that looks marked."
            ) % {"line": asked.line, "number": asked.number}
            entry = replace(entry, draft=None, errors=(sentence,))
        elif asked.looks and usual.most_common(1)[0][0] not in asked.looks:
            note = _("Its answer is marked otherwise than most in this paper: look at it.")
            entry = replace(entry, notes=(*entry.notes, note))
        judged_again.append(entry)
    return judged_again


def _skipped(lines: Sequence[Line]) -> list[str]:
    if not lines:
        return []
    named = ", ".join(
        f"{line.number} «{line.words()[:40]}»" for line in lines[:_MOST_NAMED] if line.words()
    )
    more = "" if len(lines) <= _MOST_NAMED else " …"
    return [_("Left out, paragraph by paragraph: %(lines)s") % {"lines": named + more}]


def _join(paper: Paper) -> None:
    """Give each question the answers that name it."""
    found = [(said, _found(paper.questions, said)) for said in paper.answers]
    for said, several in found:
        if len(several) == 1:
            several[0].keys.append(said)
        for asked in several if len(several) > 1 else ():
            asked.errors.append(
                _(
                    "Paragraph %(line)s: several questions have number %(number)s, and the answer "
                    "in paragraph %(there)s does not say which it means."
                )
                % {"line": asked.line, "number": said.number, "there": said.line}
            )
    lost = [said for said, several in found if not several]
    if lost:
        paper.questions[0].note(
            _("Answers without a question: %(answers)s")
            % {"answers": ", ".join(f"{one.number} ({one.text[:20]})" for one in lost)}
        )
    for said in paper.explanations:
        for asked in _only(paper.questions, said):
            asked.explanation.append(said.text)
    for said, letter in paper.whys:
        for asked in _only(paper.questions, said):
            before = asked.whys.get(letter.upper())
            asked.whys[letter.upper()] = f"{before}\n{said.text}" if before else said.text
    for said, text, points in paper.criteria:
        for asked in _only(paper.questions, said):
            asked.criteria.append((text, points))


def _found(questions: Sequence[Asked], said: Said) -> list[Asked]:
    """The questions an answer may mean: those of its part, where both name one."""
    same = [asked for asked in questions if asked.number == said.number]
    of_part = [asked for asked in same if said.part and asked.part == said.part]
    return of_part or same


def _only(questions: Sequence[Asked], said: Said) -> list[Asked]:
    found = _found(questions, said)
    return found if len(found) == 1 else []


def _check_numbers(questions: Sequence[Asked]) -> None:
    """Note where numbers are missing or stand twice within a part."""
    counts = Counter((asked.part, asked.topic, asked.number) for asked in questions)
    last: Asked | None = None
    for asked in questions:
        if counts[asked.part, asked.topic, asked.number] > 1:
            asked.note(_("Several questions have number %(number)s.") % {"number": asked.number})
        begins = last is None or (asked.number == 1 and asked.topic != last.topic)
        before = 0 if begins or last is None else last.number
        if asked.number > before + 1:
            asked.note(
                _("Before question %(number)s the numbers from %(first)s are missing.")
                % {"number": asked.number, "first": before + 1}
            )
        elif asked.number < before:
            asked.note(
                _("Question %(number)s stands behind question %(before)s.")
                % {"number": asked.number, "before": before}
            )
        last = asked
