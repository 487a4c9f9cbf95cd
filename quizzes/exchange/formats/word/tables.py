"""Tables of a question: statements with ticks, and two columns to match."""

from __future__ import annotations

from django.utils.translation import gettext as _

from quizzes.exchange.formats.word import patterns
from quizzes.exchange.formats.word.keys import is_head, question_number
from quizzes.exchange.formats.word.parts import Asked, Option
from quizzes.exchange.formats.word.rich import Table

_TICK = frozenset({"x", "X", "✓", "✔", "*", "v", "V"})


def take_statements(asked: Asked, table: Table) -> bool:
    """Add the statements of a table with columns «Đúng» and «Sai»; whether it is one."""
    texts = table.texts()
    head = [cell.casefold().strip(".: ") for cell in texts[0]] if texts else []
    if not ("đúng" in head and "sai" in head) and not ("đ" in head and "s" in head):
        return False
    true = head.index("đúng" if "đúng" in head else "đ")
    false = head.index("sai" if "sai" in head else "s")
    for row, cells in zip(texts[1:], table.rows[1:], strict=True):
        words = [place for place in range(len(row)) if place not in (true, false) and row[place]]
        if len(row) <= max(true, false) or not words:
            continue
        place = max(words, key=lambda one: len(row[one]))
        line = next(line for line in cells[place] if not line.is_empty)
        found = patterns.OPTION.match(line.text)
        body = line.part(found.end()) if found and found[2].islower() else line
        letter = chr(ord("a") + len(asked.options))
        option = Option(letter, (), False, [body])
        ticks = (row[true].strip() in _TICK, row[false].strip() in _TICK)
        if ticks in ((True, False), (False, True)):
            option.judged = ticks[0]
        elif row[true].strip() or row[false].strip():
            asked.errors.append(
                _("Paragraph %(line)s: it is not clear whether this is true or false.")
                % {"line": line.number}
            )
        asked.options.append(option)
        asked.source.append(" | ".join(row))
    return True


def is_match_table(table: Table) -> bool:
    """A table of two columns, the left with numbers and the right with letters."""
    texts = [[cell for cell in row if cell] for row in table.texts()]
    body = [row for row in texts if row]
    if body and all(cell.casefold().startswith("cột") for cell in body[0]):
        return True
    return (
        len(body) >= 2
        and all(len(row) <= 2 for row in body)
        and all(patterns.NUMBERED.match(row[0]) for row in body if len(row) == 2)
        and all(patterns.OPTION.match(row[-1]) for row in body)
    )


def is_answer_sheet(table: Table) -> bool:
    """Whether this is an empty sheet for answers: numbers, their heads, and nothing else."""
    cells = [cell for row in table.texts() for cell in row if cell]
    numbers = [cell for cell in cells if question_number(cell)]
    return len(numbers) > 1 and all(question_number(cell) or is_head(cell) for cell in cells)
