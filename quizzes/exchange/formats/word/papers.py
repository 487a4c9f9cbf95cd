"""A Word paper taken apart: questions, options, answers, headings, and what is none of these."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from quizzes.exchange.formats.word import patterns
from quizzes.exchange.formats.word.keys import Said, is_true, pairs_in, table_answers
from quizzes.exchange.formats.word.options import (
    first_letter,
    next_letter,
    options_of,
    split_prompt,
)
from quizzes.exchange.formats.word.parts import Asked, Option, Paper
from quizzes.exchange.formats.word.rich import Block, Line, Table
from quizzes.exchange.formats.word.tables import is_answer_sheet, is_match_table, take_statements

MOST_TOPIC = 120
_SHORT_HEADING = 100


def take_apart(blocks: Sequence[Block]) -> Paper:
    """The paper that these lines and tables are."""
    return _Reader(blocks).read()


class _Reader:
    """Goes through a paper line by line; knows in what it is."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.paper = Paper()
        self.blocks = _without_empty(blocks)
        # «1.» begins a question only where no question begins with «Câu 1».
        self.named = any(_is_named(line) for line in _before_answers(blocks))
        self.topic = self.part = self.part_title = ""
        # "paper", "keys", or "after" the end.
        self.place = "paper"
        # Within a question: "prompt", "options", "explanation", "rubric".
        self.inside = ""
        self.why_letter = ""
        self.told: Said | None = None
        self.rubric_of: Said | None = None

    @property
    def asked(self) -> Asked | None:
        return self.paper.questions[-1] if self.paper.questions else None

    def read(self) -> Paper:
        for place, block in enumerate(self.blocks):
            if isinstance(block, Table):
                self._table(block)
            else:
                rest = self.blocks[place + 1 :][:1]
                following = rest[0] if rest and isinstance(rest[0], Line) else None
                self._line(block, following)
        return self.paper

    # --- tables -----------------------------------------------------------------------------------

    def _table(self, table: Table) -> None:
        lines = [line for line in table.lines() if not line.is_empty]
        if not lines:
            return
        answers = table_answers(table)
        if is_answer_sheet(table):
            self.paper.skipped += lines[:1]
            return
        if answers and (self.place != "paper" or len(answers) > 1) and self.asked is not None:
            self.paper.answers += [
                Said(text, lines[0].number, number, self._key_part()) for number, text in answers
            ]
            return
        if self.asked is not None and self.place == "paper" and take_statements(self.asked, table):
            self.inside = "options"
            return
        if self.asked is not None and self.place == "paper" and is_match_table(table):
            self.asked.tables.append(table)
            self.asked.source += [" | ".join(row) for row in table.texts()]
            return
        for place, line in enumerate(lines):
            following = lines[place + 1] if place + 1 < len(lines) else None
            self._line(line, following)

    # --- lines ------------------------------------------------------------------------------------

    def _line(self, line: Line, following: Line | None) -> None:
        text = line.words()
        if line.is_empty:
            self._empty_line(line)
            return
        if patterns.END.match(text):
            self.place = "after" if self.place == "paper" else self.place
            return
        if self.place == "keys" and self._key_line(line):
            return
        if patterns.KEY_HEADING.match(text) and self.asked is not None:
            self.place, self.inside, self.told, self.rubric_of = "keys", "", None, None
            self.part, self.part_title = "", ""
            return
        if self._section(line) or self._question(line, following):
            return
        pairs = pairs_in(text)
        if len(pairs) > 1 and self.asked is not None and self.asked.number != 0:
            self._answers(pairs, line)
            return
        if self.place != "paper" or self.asked is None or patterns.SKIPPED.match(text):
            self.paper.skipped.append(line)
            return
        self._within(self.asked, line, following)

    def _empty_line(self, line: Line) -> None:
        """Keep an empty line within a paragraph where its text is kept."""
        asked = self.asked
        if self.place == "keys" and self.told is not None:
            self._more(line)
        elif asked is None or self.place != "paper":
            return
        elif self.inside == "prompt":
            asked.prompt.append(line)
        elif self.inside == "options" and asked.options:
            asked.options[-1].lines.append(line)
        elif self.inside == "explanation":
            asked.explanation.append("")

    def _answers(self, pairs: list[tuple[int, str]], line: Line) -> None:
        self.paper.answers += [
            Said(text, line.number, number, self._key_part()) for number, text in pairs
        ]

    def _key_part(self) -> str:
        return self.part if self.place == "keys" else ""

    def _section(self, line: Line) -> bool:
        text = line.words()
        found = patterns.SECTION.match(text)
        lettered = patterns.LETTERED_SECTION.match(text) if not found else None
        bold = bool(line.looks) and all(
            look.bold for look, char in zip(line.looks, line.text, strict=True) if char.strip()
        )
        short = len(text) < _SHORT_HEADING and text[0].isupper()
        if found and (line.heading or bold or text.isupper() or short):
            self.part, title = found[2].upper(), found[3].strip(" .:-–")
        elif lettered and (bold or line.heading or text.isupper()) and self.place == "paper":
            self.part, title = lettered[1].upper(), lettered[2].strip(" .:-–")
        elif line.heading and not _is_named(line) and self.place == "paper":
            self.part, title = "", text
        else:
            return False
        self.part_title = text
        if self.place != "keys":
            self.place, self.inside = "paper", ""
            whole = text.strip(" .:") if not (line.heading and not found) else text
            self.topic = _topic(whole if len(whole) <= MOST_TOPIC else title)
        return True

    # --- questions --------------------------------------------------------------------------------

    def _question(self, line: Line, following: Line | None) -> bool:
        found = patterns.NAMED.match(line.text)
        if found is None and not self.named and self.place == "paper":
            found = self._numbered(line)
        if found is None:
            return False
        if self.place == "after" and patterns.NUMBERED.match(line.text):
            return False
        self.place = "paper"
        asked = Asked(int(found[1]), line.number, self.topic, self.part, self.part_title)
        self.paper.questions.append(asked)
        self.inside = "prompt"
        rest = line.part(found.end())
        for pattern in (patterns.LEVELS, patterns.POINTS, patterns.LEVELS):
            extra = pattern.match(rest.text)
            if extra is None:
                continue
            if pattern is patterns.POINTS:
                asked.note(_("Its points are not kept: a quiz says them here."))
            else:
                asked.difficulty = patterns.LEVEL_DIFFICULTY[extra[1]]
            rest = rest.part(extra.end())
        rest = rest.part(len(rest.text) - len(rest.text.lstrip(" .:\t")))
        asked.source.append(line.words())
        rest, options = split_prompt(rest, first_letter(following))
        rest = self._trailing_key(asked, rest)
        if not rest.is_empty:
            asked.prompt.append(rest)
        self._take_options(asked, options)
        return True

    def _numbered(self, line: Line) -> re.Match[str] | None:
        found = patterns.NUMBERED.match(line.text)
        if found is None:
            return None
        number, last = int(found[1]), self.asked.number if self.asked else 0
        fresh = self.inside == ""
        return found if last < number <= last + 5 or (fresh and number == 1) else None

    def _within(self, asked: Asked, line: Line, following: Line | None) -> None:
        asked.source.append(line.words())
        line = self._trailing_key(asked, line)
        if line.is_empty or self._key_or_explanation(asked, line):
            return
        if self.inside == "rubric":
            if found := patterns.CRITERION.match(line.words()):
                asked.criteria.append((found[1], int(found[2])))
            else:
                asked.note(
                    _("Paragraph %(line)s is no criterion with its points: it is left out.")
                    % {"line": line.number}
                )
            return
        if self.inside == "explanation":
            asked.explanation.append(line.words())
            return
        if patterns.MULTIPLE.fullmatch(line.words()):
            asked.many = True
            return
        options = options_of(line, asked.options, first_letter(following))
        if options and self._continues(asked, options[0]):
            self._take_options(asked, options)
        elif asked.options:
            last = asked.options[-1]
            if last.lines and last.lines[-1].number != line.number:
                asked.note(
                    _("Paragraph %(line)s was read as a part of option %(letter)s.")
                    % {"line": line.number, "letter": last.letter}
                )
            last.lines.append(line)
        else:
            asked.prompt.append(line)

    def _continues(self, asked: Asked, option: Option) -> bool:
        """Whether an option may stand here: the next one, or a later one after a gap."""
        if not asked.options:
            return option.letter in "AaBb"
        last = asked.options[-1]
        if last.small and not option.small and option.letter == "A":
            # «a) … b) …» belonged to the question: its options are «A. … B. …».
            for one in asked.options:
                lines = [line for line in one.lines if not line.is_empty]
                label = f"{one.letter}) "
                asked.prompt += [_prefixed(label, lines[0]), *lines[1:]] if lines else []
            asked.options.clear()
            return True
        return last.small == option.small and option.letter.upper() >= next_letter(asked.options)

    def _take_options(self, asked: Asked, options: list[Option]) -> None:
        for option in options:
            if option.small and option.lines:
                body = option.lines[-1]
                end = patterns.STATEMENT_END.search(body.text)
                if end is not None:
                    option.judged = is_true(end[1] or end[2])
                    option.lines[-1] = body.part(0, end.start())
            asked.options.append(option)
            self.inside = "options"

    def _trailing_key(self, asked: Asked, line: Line) -> Line:
        """Take «(Đáp án: B)» from the end of a line."""
        found = patterns.TRAILING_KEY.search(line.text)
        if found is None or not line.text[: found.start()].strip():
            return line
        asked.keys.append(Said(found[1], line.number))
        return line.part(0, found.start())

    def _key_or_explanation(self, asked: Asked, line: Line) -> bool:
        text = line.words()
        if found := patterns.KEY_OF_GAP.match(text):
            asked.keys.append(Said(found[2], line.number, gap=int(found[1])))
        elif (
            (found := patterns.KEY.match(text))
            or (found := patterns.BARE_KEY.match(text))
            or (found := patterns.CHOOSE.match(text))
        ):
            if patterns.NOTHING.fullmatch(found[1]):
                # «Đáp án: ……» waits for an answer, it is none.
                return True
            said = found[1] if "(" in found[1] else found[1].rstrip(")")
            asked.keys.append(Said(said, line.number))
            self.inside = "key"
        elif found := patterns.WHY.match(text):
            asked.whys[found[1].upper()] = found[2]
        elif found := patterns.EXPLANATION.match(text):
            self.inside = "explanation"
            asked.explanation += [found[1]] if found[1] else []
        elif patterns.RUBRIC.match(text):
            self.inside = "rubric"
        elif self.inside == "key":
            # Whatever follows the answer explains it.
            self.inside = "explanation"
            asked.note(
                _("Paragraph %(line)s was read as a part of the explanation.")
                % {"line": line.number}
            )
            asked.explanation.append(text)
        else:
            return False
        return True

    # --- the part with all answers ----------------------------------------------------------------

    def _key_line(self, line: Line) -> bool:
        """Read a line of the part with all answers; whether it was one."""
        text, part = line.words(), self.part
        if found := patterns.WHY_OF.match(text):
            said = Said(found[3], line.number, int(found[1]), part)
            self.paper.whys.append((said, found[2]))
            self.told = said
        elif found := patterns.EXPLANATION_OF.match(text):
            self.told = Said(found[2], line.number, int(found[1]), part)
            self.paper.explanations.append(self.told)
        elif found := patterns.RUBRIC_OF.match(text):
            self.rubric_of = Said("", line.number, int(found[1]), part)
        elif found := patterns.GAP_KEY_OF.match(text):
            self.paper.answers.append(
                Said(found[3], line.number, int(found[1]), part, int(found[2]))
            )
        elif pairs := pairs_in(text):
            self._answers(pairs, line)
            self.told = Said("", line.number, pairs[-1][0], part) if len(pairs) == 1 else None
        elif found := patterns.KEY_OF.match(text):
            self._detailed(int(found[1]), found[2], line)
        elif patterns.SECTION.match(text) or line.heading:
            return False
        elif self.rubric_of and (found := patterns.CRITERION.match(text)):
            self.paper.criteria.append((self.rubric_of, found[1], int(found[2])))
        elif self.told is not None and (found := patterns.CHOOSE.match(text)):
            self.paper.answers.append(Said(found[1], line.number, self.told.number, self.told.part))
        elif self.told is not None and not self._repeated(text):
            self._more(line)
        else:
            self.paper.skipped.append(line)
        return True

    def _repeated(self, text: str) -> bool:
        """Whether a line of a solution only repeats the question's options or says «Lời giải»."""
        told = self.told
        heads = patterns.OPTION.match(text) or patterns.EXPLANATION.fullmatch(text)
        return told is not None and not told.text and heads is not None

    def _more(self, line: Line) -> None:
        """A further line of what was told last."""
        told = self.told
        assert told is not None
        extended = Said(line.words(), line.number, told.number, told.part)
        if self.paper.whys and self.paper.whys[-1][0] is told:
            self.paper.whys.append((extended, self.paper.whys[-1][1]))
        else:
            self.paper.explanations.append(extended)
            extended = told
        self.told = extended

    def _detailed(self, number: int, text: str, line: Line) -> None:
        """«Câu 1. Chọn B. Vì …», «Câu 2: văn bằng bảo hộ»."""
        found = patterns.CHOSEN_THEN.match(text)
        if found and (text.casefold().startswith(("chọn", "đáp", "đa")) or not found[2]):
            self.paper.answers.append(Said(found[1], line.number, number, self.part))
            self.told = Said(found[2], line.number, number, self.part)
            if found[2]:
                self.paper.explanations.append(self.told)
            return
        same = [asked for asked in self.paper.questions if asked.number == number]
        if any(_same_text(asked, text) for asked in same):
            # The question is repeated above its solution.
            self.told = Said("", line.number, number, self.part)
            return
        self.paper.answers.append(Said(text, line.number, number, self.part))
        self.told = None


def _without_empty(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without empty paragraphs; an empty line between two of a paragraph stays."""
    kept: list[Block] = []
    for place, block in enumerate(blocks):
        if isinstance(block, Line) and block.is_empty:
            around = [*blocks[max(place - 1, 0) : place], *blocks[place + 1 : place + 2]]
            numbers = {one.number for one in around if isinstance(one, Line)}
            if len(around) < 2 or numbers != {block.number}:
                continue
        kept.append(block)
    return kept


def _before_answers(blocks: Sequence[Block]) -> Iterator[Line]:
    """The lines of a paper before its answers."""
    for block in blocks:
        for line in block.lines() if isinstance(block, Table) else [block]:
            if patterns.KEY_HEADING.match(line.words()):
                return
            yield line


def _is_named(line: Line) -> bool:
    return patterns.NAMED.match(line.text) is not None


def _same_text(asked: Asked, text: str) -> bool:
    said = " ".join(line.words() for line in asked.prompt).casefold()
    return bool(said) and said.startswith(text.casefold())


def _prefixed(label: str, line: Line) -> Line:
    looks = (line.looks[:1] or ()) * len(label) if line.looks else ()
    return Line(line.number, label + line.text, (*looks, *line.looks), line.pictures)


def _topic(text: str) -> str:
    return text[:MOST_TOPIC].strip()
