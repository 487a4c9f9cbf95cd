"""A question of a paper as an entry: what kind it is, what is right, and what is not clear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from quizzes.bank.content import OptionSpec, clean_text
from quizzes.bank.kinds.number import readings
from quizzes.exchange.base import Draft, Entry, Picture
from quizzes.exchange.formats.word import patterns
from quizzes.exchange.formats.word.keys import Value, is_true, value_of
from quizzes.exchange.formats.word.marks import marked
from quizzes.exchange.formats.word.parts import Asked, Option
from quizzes.exchange.formats.word.rich import Line, Table
from quizzes.exchange.pictures import safe_name

_TRUE_FALSE = ("Đúng", "Sai")
_LONG_UNIT = 20


def judged(asked: Asked) -> Entry:
    """The entry of a question: a draft, or the errors that keep it from being one."""
    judge = _Judge(asked)
    draft = judge.draft() if not asked.errors else None
    source = "\n".join(asked.source)
    if draft is None or asked.errors:
        errors = tuple(asked.errors) or (_no_key(asked),)
        return Entry(asked.line, source, errors=errors, notes=tuple(asked.notes))
    draft.topic, draft.difficulty = asked.topic, asked.difficulty
    draft.explanation = clean_text("\n".join(asked.explanation))
    draft.pictures = judge.pictures
    return Entry(asked.line, source, draft, notes=tuple(asked.notes))


def _no_key(asked: Asked) -> str:
    return _("Paragraph %(line)s: no answer is given to question %(number)s.") % {
        "line": asked.line,
        "number": asked.number,
    }


class _Judge:
    """Finds out what a question is."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.pictures: list[Picture] = []
        self.values = [value_of(said.text) for said in asked.keys if not said.gap]

    def fail(self, sentence: str) -> None:
        """This question cannot be read."""
        self.asked.errors.append(
            _("Paragraph %(line)s: %(fault)s") % {"line": self.asked.line, "fault": sentence}
        )

    def draft(self) -> Draft | None:
        """The draft; None where errors were found."""
        asked = self.asked
        prompt, picture = self._prompt()
        if not prompt and not asked.options:
            self.fail(_("the question has no text."))
            return None
        draft = self._kind(prompt)
        if draft is not None:
            draft.picture = picture
            self._check_unused(draft)
        return None if asked.errors else draft

    def _prompt(self) -> tuple[str, str]:
        lines = self.asked.prompt
        shown = [line.words() for line in lines if line.text.strip() or not line.pictures]
        text = clean_text("\n".join(shown))
        names = [self._keep(one) for line in lines for one in line.pictures]
        if len(names) > 1:
            self.asked.note(_("Only the first picture of a text is kept."))
            self.pictures = [one for one in self.pictures if one.name == names[0]]
        return text, names[0] if names else ""

    def _keep(self, picture: Picture) -> str:
        name = safe_name(picture.name, [one.name for one in self.pictures])
        self.pictures.append(replace(picture, name=name))
        return name

    def _kind(self, prompt: str) -> Draft | None:
        asked = self.asked
        if asked.tables:
            return self._matching(prompt, asked.tables[0])
        if asked.options:
            return self._with_options(prompt)
        if asked.criteria:
            options: list[OptionSpec] = [
                {"text": text, "points": points} for text, points in asked.criteria
            ]
            return Draft("essay", prompt, options)
        if asked.keys:
            return self._written(prompt)
        if patterns.ESSAY_SECTION.search(asked.part_title):
            asked.note(_("An essay without criteria: give it some before it is asked."))
            return Draft("essay", prompt, [])
        self.fail(
            _("question %(number)s has neither options nor an answer.") % {"number": asked.number}
        )
        return None

    # --- questions with options -------------------------------------------------------------------

    def _with_options(self, prompt: str) -> Draft | None:
        asked = self.asked
        if not self._complete(asked.options):
            return None
        beside = [option.judged for option in asked.options]
        told = [value.judged for value in self.values if len(value.judged) > 1]
        small = all(option.small for option in asked.options)
        if small and (told or any(one is not None for one in beside)):
            return self._statements(prompt, beside, told)
        orders = [value.order for value in self.values if self._is_order(value, prompt)]
        if orders:
            return self._ordering(prompt, orders)
        if small and self._says_statements(prompt) and not self.values:
            found = marked(asked.options)
            if not found:
                self.fail(_("it is not said which statements are true."))
            else:
                self.fail(
                    _("statements are marked by their looks: say for each whether it is true.")
                )
            return None
        return self._choice(prompt)

    def _complete(self, options: Sequence[Option]) -> bool:
        letters = [option.letter.upper() for option in options]
        wanted = [chr(ord("A") + place) for place in range(ord(letters[-1]) - ord("A") + 1)]
        missing = [letter for letter in wanted if letter not in letters]
        if missing:
            self.fail(_("option %(letters)s is missing.") % {"letters": ", ".join(missing)})
        elif len(letters) != len(set(letters)):
            self.fail(_("an option stands there twice."))
        elif len(letters) < 2:
            self.fail(_("there is only one option."))
        empty = [o.letter for o in options if not o.text() and not any(_pictures(o))]
        if empty:
            self.fail(_("option %(letters)s has no text.") % {"letters": ", ".join(empty)})
        return not self.asked.errors

    def _says_statements(self, prompt: str) -> bool:
        return bool(
            patterns.STATEMENT_SECTION.search(self.asked.part_title)
            or patterns.STATEMENT_SECTION.search(prompt)
        )

    def _is_order(self, value: Value, prompt: str) -> bool:
        letters = {option.letter.upper() for option in self.asked.options}
        fits = set(value.order) == letters
        # «a, b, c» may be the right options as well as an order.
        listed = bool(value.letters) and not patterns.ORDER_WORDS.search(prompt)
        return fits and len(letters) > 2 and not listed

    def _spec(self, option: Option) -> OptionSpec:
        spec: OptionSpec = {"text": clean_text(option.text())}
        pictures = list(_pictures(option))
        if len(pictures) > 1:
            self.asked.note(_("Only the first picture of a text is kept."))
        if pictures:
            spec["picture"] = self._keep(pictures[0])
            spec["text"] = spec["text"] or pictures[0].alt
        if why := self.asked.whys.get(option.letter.upper()):
            spec["why"] = clean_text(why)
        return spec

    def _statements(
        self, prompt: str, beside: list[bool | None], told: list[dict[str, bool]]
    ) -> Draft | None:
        options = self.asked.options
        letters = [option.letter for option in options]
        says = [*told]
        if any(one is not None for one in beside):
            if None in beside:
                self.fail(_("it is not said for every statement whether it is true."))
                return None
            says.append({a: bool(b) for a, b in zip(letters, beside, strict=True)})
        if any(sorted(one) != letters for one in says):
            self.fail(_("it is not said for every statement whether it is true."))
        elif any(one != says[0] for one in says):
            self.fail(_("it is said in two ways which statements are true."))
        if self.asked.errors:
            return None
        specs: list[OptionSpec] = []
        for option in options:
            spec = self._spec(option)
            if says[0][option.letter]:
                spec["right"] = True
            specs.append(spec)
        return Draft("statements", prompt, specs)

    def _ordering(self, prompt: str, orders: list[list[str]]) -> Draft | None:
        if any(order != orders[0] for order in orders):
            self.fail(_("two different orders are given."))
            return None
        specs = {option.letter.upper(): self._spec(option) for option in self.asked.options}
        return Draft("ordering", prompt, [specs[letter] for letter in orders[0]])

    def _choice(self, prompt: str) -> Draft | None:
        rights = self._rights()
        if rights is None:
            return None
        asked = self.asked
        specs = []
        for option in asked.options:
            spec = self._spec(option)
            if option.letter.upper() in rights:
                spec["right"] = True
            specs.append(spec)
        if len(rights) > 1 or asked.many:
            return Draft("multiple", prompt, specs)
        true_false = tuple(spec.get("text", "") for spec in specs) == _TRUE_FALSE
        return Draft("true_false" if true_false else "single", prompt, specs)

    def _rights(self) -> set[str] | None:
        """The letters of the right options; None, with errors, where that is not clear."""
        asked = self.asked
        by_looks = {name: {one.upper() for one in a} for name, a in marked(asked.options).items()}
        told = [set(self._letters(value)) for value in self.values]
        if asked.errors:
            return None
        if not told and not by_looks:
            self.fail(_("no answer is given to question %(number)s.") % {"number": asked.number})
            return None
        if not all(told):
            self.fail(
                _("the answer «%(text)s» names no option.") % {"text": asked.keys[0].text[:60]}
            )
            return None
        letters = {option.letter.upper() for option in asked.options}
        every = [*told, *by_looks.values()]
        if any(one != every[0] for one in every):
            said = " ≠ ".join(sorted({", ".join(sorted(one)) for one in every}))
            self.fail(_("two different answers are given: %(answers)s.") % {"answers": said})
            return None
        if not every[0] <= letters:
            self.fail(
                _("the answer names an option that is not there: %(letters)s.")
                % {"letters": ", ".join(sorted(every[0] - letters))}
            )
            return None
        if not told:
            asked.looks = frozenset(name.split()[0] for name in by_looks)
            self._doubt(every[0])
        return every[0]

    def _doubt(self, rights: set[str]) -> None:
        """Say it where marks alone make several options right."""
        if len(rights) > 1 and not self.asked.many:
            self.asked.note(
                _("Options %(letters)s are marked: read as several right answers. Look at it.")
                % {"letters": ", ".join(sorted(rights))}
            )

    def _letters(self, value: Value) -> list[str]:
        """The letters an answer names; «Đúng» and «Sai» by the options' words."""
        asked = self.asked
        if value.words:
            texts = {o.letter.upper(): _same(o.text()) for o in asked.options}
            if texts.get(value.letters[0]) != _same(value.words):
                self.fail(
                    _("the answer «%(text)s» is not what option %(letter)s says.")
                    % {"text": value.words[:60], "letter": value.letters[0]}
                )
        if value.letters:
            return value.letters
        words = {_same(option.text()): option.letter.upper() for option in asked.options}
        if len(value.judged) == 1 and set(words) == {"đúng", "sai"}:
            return [words["đúng" if next(iter(value.judged.values())) else "sai"]]
        return []

    # --- questions that are answered in writing ---------------------------------------------------

    def _written(self, prompt: str) -> Draft | None:
        asked = self.asked
        text = asked.keys[0].text
        labelled = list(patterns.LABELLED_GAP.finditer(prompt))
        gaps = labelled or list(patterns.GAP.finditer(prompt))
        if gaps:
            return self._blank(prompt, bool(labelled), len(gaps))
        if any(said.text != text for said in asked.keys):
            self.fail(_("two different answers are given: %(answers)s.")
                      % {"answers": " ≠ ".join(said.text for said in asked.keys)})  # fmt: skip
            return None
        if patterns.JUDGEMENT.fullmatch(text.strip(" .")):
            options: list[OptionSpec] = [{"text": word} for word in _TRUE_FALSE]
            options[0 if is_true(text) else 1]["right"] = True
            return Draft("true_false", prompt, options)
        value = value_of(text)
        if value.letters or value.judged:
            self.fail(_("the answer «%(text)s» names no option.") % {"text": text[:60]})
            return None
        number = self._number(prompt, text)
        if number is not None or asked.errors:
            return number
        asked.note(_("A gap was put behind the question for its answer."))
        return Draft("blank", f"{prompt} [[1]]", _accepted(text, 1, self.asked))

    def _number(self, prompt: str, text: str) -> Draft | None:
        found = patterns.NUMBER_KEY.fullmatch(text.rstrip("."))
        if found is None:
            return None
        values, rest = readings(found[1])
        if not values or len(rest) > _LONG_UNIT or any(char.isdigit() for char in rest):
            return None
        if len(values) > 1:
            self.fail(_("«%(text)s» may be read in two ways.") % {"text": text[:60]})
            return None
        number = found[1][: len(found[1]) - len(rest)].strip() if rest else found[1].strip()
        settings: dict[str, Any] = {}
        if found[2]:
            settings["tolerance"] = found[2]
        if found[3]:
            settings["tolerance_as"] = "percent"
        if rest:
            settings["unit"] = rest
        return Draft("number", prompt, [{"text": number}], settings=settings)

    def _blank(self, prompt: str, labelled: bool, gaps: int) -> Draft | None:
        options = self._gap_answers(gaps)
        if options is None:
            return None
        if labelled:
            prompt = patterns.LABELLED_GAP.sub(lambda one: f"[[{one[1]}]]", prompt)
        else:
            count = iter(range(1, gaps + 1))
            prompt = patterns.GAP.sub(lambda _one: f"[[{next(count)}]]", prompt)
        return Draft("blank", prompt, options)

    def _gap_answers(self, gaps: int) -> list[OptionSpec] | None:
        """What is accepted in each gap."""
        keys = self.asked.keys
        if all(said.gap for said in keys):
            return [{"text": said.text, "gap": said.gap} for said in keys]
        text = keys[0].text
        if len(keys) > 1:
            self.fail(_("two different answers are given: %(answers)s.")
                      % {"answers": " ≠ ".join(said.text for said in keys)})  # fmt: skip
            return None
        parts = [text] if gaps == 1 else [part.strip() for part in text.split(";")]
        parts = [patterns.GAP_LABEL.sub("", part).strip() for part in parts]
        if len(parts) != gaps or not all(parts):
            self.fail(
                _("gaps: %(gaps)s, answers: %(answers)s (parted by «;»).")
                % {"gaps": gaps, "answers": len(parts)}
            )
            return None
        return [
            option
            for place, part in enumerate(parts, start=1)
            for option in _accepted(part, place, self.asked)
        ]

    # --- matching ---------------------------------------------------------------------------------

    def _matching(self, prompt: str, table: Table) -> Draft | None:
        rows, columns = _sides(table)
        pairs = [value.pairs for value in self.values if value.pairs]
        if not pairs or any(one != pairs[0] for one in pairs):
            self.fail(_("it is not said, or in two ways, what belongs together."))
            return None
        if set(pairs[0]) != set(rows) or not set(pairs[0].values()) <= set(columns):
            self.fail(_("the answer does not name every row, or names what is not there."))
            return None
        options: list[OptionSpec] = [
            {"text": text, "match": columns[pairs[0][number]]} for number, text in rows.items()
        ]
        used = set(pairs[0].values())
        options += [{"match": text} for letter, text in columns.items() if letter not in used]
        return Draft("matching", prompt, options)

    def _check_unused(self, draft: Draft) -> None:
        """An answer that was not understood is no reason to go on silently."""
        if draft.kind in ("single", "multiple", "true_false", "blank", "number", "essay"):
            return
        useful = {
            "statements": lambda value: bool(value.judged),
            "ordering": lambda value: bool(value.order),
            "matching": lambda value: bool(value.pairs),
        }[draft.kind]
        if not all(useful(value) for value in self.values):
            self.fail(_("an answer to this question is not understood."))


def _pictures(option: Option) -> list[Picture]:
    return [one for line in option.lines for one in line.pictures]


def _same(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")


def _accepted(text: str, gap: int, asked: Asked) -> list[OptionSpec]:
    parts = [part.strip() for part in text.split(" / ")]
    if len(parts) > 1:
        asked.note(_("«/» in the answer parts what is accepted: look at it."))
    return [{"text": part, "gap": gap} for part in parts if part]


def _sides(table: Table) -> tuple[dict[str, str], dict[str, str]]:
    """The rows by their numbers and the counterparts by their letters."""
    rows: dict[str, str] = {}
    columns: dict[str, str] = {}
    lines: list[Line] = table.lines()
    for line in lines:
        if found := patterns.NUMBERED.match(line.text):
            rows[found[1]] = line.part(found.end()).words()
        elif found := patterns.OPTION.match(line.text):
            columns[found[2].lower()] = line.part(found.end()).words()
    return rows, columns
