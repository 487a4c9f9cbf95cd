"""A GIFT text to entries."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from quizzes.bank.content import OptionSpec, clean_text
from quizzes.exchange.base import Draft, Entry
from quizzes.exchange.gift.marks import FALSE, TRUE, find_bare, read_marks, unescape
from quizzes.exchange.table import parse_settings, place_of
from quizzes.exchange.texts import decimal_text, plain_text

_FORMAT = re.compile(r"\s*\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
_TRUTH = {"t": True, "true": True, "f": False, "false": False}
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{1,7})?)%")
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,80}")
_CATEGORY = "$CATEGORY:"
_NUMBER = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,2})?")


class GiftError(ValueError):
    """This entry cannot be read; `str(error)` is the sentence to show."""


@dataclass
class Block:
    """The lines of one question, without its comments."""

    line: int
    source: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


@dataclass
class Answer:
    """One answer as the file has it; `weight` in percent."""

    sign: str
    text: str
    why: str
    weight: Decimal | None


def read_text(text: str) -> list[Entry]:
    """Every entry of the text, in its order."""
    entries = []
    topic = ""
    for block in _blocks(text):
        body = "\n".join(block.body).strip()
        while body.startswith(_CATEGORY):
            line, _end, body = body.partition("\n")
            topic = _topic(line.removeprefix(_CATEGORY))
            body = body.strip()
        if body:
            entries.append(_entry(block, body, topic))
    return entries


def _topic(path: str) -> str:
    """The last part of a category's path, which may begin with «$course$/top/»."""
    parts = [one for one in re.split(r"(?<!/)/(?!/)", path.strip()) if one.strip()]
    parts = [one for one in parts if one.strip() not in ("$course$", "$module$", "$system$", "top")]
    return clean_text(parts[-1].replace("//", "/"))[:120] if parts else ""


def _blocks(text: str) -> list[Block]:
    """The text parted at blank lines outside of braces; a category's line parts it too."""
    blocks: list[Block] = []
    block: Block | None = None
    inside = False
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.strip()
        begins = bare.startswith(("::", _CATEGORY))
        if block and ((not bare and not inside) or (begins and not bare.startswith("::"))):
            block, inside = None, False
        elif block and begins and inside and not (block.source and block.source[-1].strip()):
            # A brace that is never closed ends with its question.
            block, inside = None, False
        if not bare and block is None:
            continue
        if block is None:
            block = Block(number)
            blocks.append(block)
        block.source.append(line)
        if bare.startswith("//"):
            block.comments.append(bare)
        else:
            block.body.append(line)
            inside = _inside(line, inside)
        if bare.startswith(_CATEGORY):
            block = None
    return blocks


def _inside(line: str, inside: bool) -> bool:
    place = 0
    while place < len(line):
        if line[place] == "\\":
            place += 1
        elif line[place] in "{}":
            inside = line[place] == "{"
        place += 1
    return inside


def _entry(block: Block, body: str, topic: str) -> Entry:
    notes: list[str] = []
    errors: tuple[str, ...] = ()
    draft: Draft | None = None
    try:
        draft = _Reader(body, read_marks(block.comments), topic, notes).draft()
    except GiftError as error:
        errors = (str(error),)
    source = "\n".join(block.source).strip()
    return Entry(block.line, source, draft, errors, tuple(dict.fromkeys(notes)))


class _Reader:
    """Reads one question."""

    def __init__(
        self, body: str, marks: list[tuple[str, str]], topic: str, notes: list[str]
    ) -> None:
        self.marks = dict(marks)
        self.all_marks = marks
        self.notes = notes
        self.topic = topic
        self.markup = "plain"
        self.title, body = self._title(body)
        if found := _FORMAT.match(body):
            self.markup = found[1].lower()
            body = body[found.end() :]
        if self.markup == "markdown":
            notes.append(_("Markdown signs are kept as they are."))
        self.before, self.inner, self.after = _parted(body)

    def draft(self) -> Draft:
        """The question; `GiftError` if it is none."""
        self.inner, explanation = self._general(self.inner)
        kind, options, settings = self._answers()
        kind = self.marks.get("kind", kind)
        prompt = self._prompt(kind)
        errors: list[str] = []
        lines = [value for name, value in self.all_marks if name == "set"]
        settings |= parse_settings(kind, "\n".join(lines).replace("\\", "\\\\"), errors)
        if errors:
            raise GiftError(errors[0])
        for name, value in self.all_marks:
            letter, _space, why = value.partition(" ")
            place = place_of(letter) if re.fullmatch(r"[A-Z]{1,2}", letter) else -1
            if name == "why" and 0 <= place < len(options):
                options[place]["why"] = clean_text(why)
        for letter in self.marks.get("pinned", "").split(","):
            place = place_of(letter) if re.fullmatch(r"[A-Z]{1,2}", letter) else -1
            if 0 <= place < len(options):
                options[place]["pinned"] = True
        difficulty = self.marks.get("difficulty", "2")
        return Draft(
            kind=kind,
            prompt=clean_text(prompt),
            options=options,
            key=self._key(),
            topic=self.topic,
            tags=[value for name, value in self.all_marks if name == "tag"],
            difficulty=int(difficulty) if difficulty in ("1", "2", "3") else 2,
            objective=self.marks.get("objective", ""),
            reference=self.marks.get("reference", ""),
            explanation=explanation,
            settings=settings,
        )

    def _key(self) -> str:
        if "id" in self.marks:
            return self.marks["id"]
        return self.title if _SLUG.fullmatch(self.title) and not self.title.isdigit() else ""

    def _title(self, body: str) -> tuple[str, str]:
        if not body.startswith("::"):
            return "", body
        end = find_bare(body, "::", 2)
        if end < 0:
            raise GiftError(_("The title has no end: «::» is missing."))
        return unescape(body[2:end]).strip(), body[end + 2 :].lstrip()

    def _words(self, raw: str, *, marked: bool = True) -> str:
        """A text as the bank keeps it; `marked` if its own format may stand before it."""
        markup, raw = self.markup, raw.strip()
        if marked and (found := _FORMAT.match(raw)):
            markup, raw = found[1].lower(), raw[found.end() :]
        text = unescape(re.sub(r"\n[ \t]*", "\n", raw))
        if markup in ("html", "moodle") and re.search(r"[<&]", text):
            text, lost = plain_text(text)
            if lost:
                self.notes.append(_("Formatting or pictures in the text are left out."))
        return clean_text(text)

    def _prompt(self, kind: str) -> str:
        before = self._words(self.before, marked=False)
        after = self._words(self.after, marked=False)
        if kind != "blank":
            if not after:
                return before
            return f"{before} _____ {after}" if before else after
        # Where the file names the kind, its spaces are meant.
        left = " " if "kind" not in self.marks or self.before[-1:].isspace() else ""
        right = " " if self.after[:1].isspace() else ""
        return f"{before}{left}[[1]]{right}{after}".strip()

    def _general(self, inner: str) -> tuple[str, str]:
        place = find_bare(inner, "####")
        return (inner, "") if place < 0 else (inner[:place], self._words(inner[place + 4 :]))

    def _answers(self) -> tuple[str, list[OptionSpec], dict[str, str | bool]]:
        inner = self.inner.strip()
        if not inner:
            return "essay", [], {}
        if inner.startswith("#"):
            return self._number(inner[1:])
        truth, _hash, feedback = inner.partition("#")
        if truth.strip().casefold() in _TRUTH:
            return self._true_false(_TRUTH[truth.strip().casefold()], feedback)
        answers = self._listed(inner)
        matching = all(one.sign == "=" for one in answers) and any(
            find_bare(one.text, "->") >= 0 for one in answers
        )
        if matching:
            return self._pairs(answers)
        if all(one.sign == "=" for one in answers):
            return self._blank(answers)
        return self._choice(answers)

    def _true_false(
        self, truth: bool, feedback: str
    ) -> tuple[str, list[OptionSpec], dict[str, str | bool]]:
        end = find_bare(feedback, "#")
        wrong, right = (feedback, "") if end < 0 else (feedback[:end], feedback[end + 1 :])
        whys = [right, wrong] if truth else [wrong, right]
        return (
            "true_false",
            [
                {"text": TRUE, "right": truth, "why": self._words(whys[0])},
                {"text": FALSE, "right": not truth, "why": self._words(whys[1])},
            ],
            {},
        )

    def _listed(self, inner: str) -> list[Answer]:
        starts = []
        place = 0
        while place < len(inner):
            if inner[place] == "\\":
                place += 1
            elif inner[place] in "=~":
                starts.append(place)
            place += 1
        if not starts or inner[: starts[0]].strip():
            raise GiftError(_("An answer must begin with «=» or «~»."))
        return [
            _answer(inner[start:end])
            for start, end in zip(starts, [*starts[1:], len(inner)], strict=True)
        ]

    def _choice(self, answers: list[Answer]) -> tuple[str, list[OptionSpec], dict[str, str | bool]]:
        weights = [
            one.weight if one.weight is not None else Decimal(100 if one.sign == "=" else 0)
            for one in answers
        ]
        full = [weight >= 100 for weight in weights]
        options: list[OptionSpec] = [
            {"text": self._words(one.text), "right": weight > 0, "why": self._words(one.why)}
            for one, weight in zip(answers, weights, strict=True)
        ]
        if sum(full) == 1:
            if any(0 < weight < 100 for weight in weights) or min(weights) < 0:
                self.notes.append(_("Answers worth a part of the mark count as wrong."))
            for option, right in zip(options, full, strict=True):
                option["right"] = right
            several = sum(1 for weight in weights if weight > 0) > 1 and not any(
                one.sign == "=" for one in answers
            )
            return ("multiple" if several else "single"), options, {}
        if sum(full) > 1:
            self.notes.append(_("Several answers are right: all of them have to be chosen."))
            return "multiple", options, {}
        if len({weight for weight in weights if weight > 0}) > 1:
            self.notes.append(_("The right options count alike here, whatever the file says."))
        return "multiple", options, {"scoring": "penalty"}

    def _blank(self, answers: list[Answer]) -> tuple[str, list[OptionSpec], dict[str, str | bool]]:
        if any(one.weight is not None and one.weight < 100 for one in answers):
            self.notes.append(_("Answers worth a part of the mark are accepted in full."))
        if any("*" in one.text for one in answers):
            self.notes.append(_("«*» stands for itself here, not for any words."))
        return (
            "blank",
            [
                {"text": self._words(one.text), "gap": 1, "why": self._words(one.why)}
                for one in answers
            ],
            {},
        )

    def _pairs(self, answers: list[Answer]) -> tuple[str, list[OptionSpec], dict[str, str | bool]]:
        options: list[OptionSpec] = []
        for one in answers:
            arrow = find_bare(one.text, "->")
            if arrow < 0:
                raise GiftError(_("«%(text)s» has no «->».") % {"text": one.text[:80]})
            row = self._words(one.text[:arrow])
            match = self._words(one.text[arrow + 2 :])
            kind = self.marks.get("kind")
            if kind == "statements":
                options.append({"text": row, "right": match == TRUE, "why": self._words(one.why)})
            elif kind == "ordering":
                options.append({"text": row, "why": self._words(one.why)})
            else:
                options.append({"text": row, "match": match, "why": self._words(one.why)})
        return "matching", options, {}

    def _number(self, inner: str) -> tuple[str, list[OptionSpec], dict[str, str | bool]]:
        if find_bare(inner, "=") >= 0:
            answers = self._listed(inner.strip())
            best = [one for one in answers if one.weight is None or one.weight >= 100]
            if len(answers) > 1:
                self.notes.append(_("Only the number worth the full mark is taken."))
            if len(best) != 1:
                raise GiftError(_("Exactly one number must be worth the full mark."))
            text, why = best[0].text, best[0].why
        else:
            end = find_bare(inner, "#")
            text, why = (inner, "") if end < 0 else (inner[:end], inner[end + 1 :])
        middle, tolerance = _range(text.strip())
        settings: dict[str, str | bool] = {}
        if tolerance:
            settings["tolerance"] = decimal_text(tolerance)
        return "number", [{"text": decimal_text(middle), "why": self._words(why)}], settings


def _parted(body: str) -> tuple[str, str, str]:
    """What stands before the braces, in them, and behind."""
    begin = find_bare(body, "{")
    if begin < 0:
        raise GiftError(_("There are no answers: braces { } are missing."))
    end = find_bare(body, "}", begin)
    if end < 0:
        raise GiftError(_("The brace { is never closed."))
    if find_bare(body, "{", begin + 1) >= 0 or find_bare(body, "}", end + 1) >= 0:
        raise GiftError(_("More than one pair of braces in a question."))
    return body[:begin], body[begin + 1 : end], body[end + 1 :]


def _answer(raw: str) -> Answer:
    sign, rest = raw[0], raw[1:]
    weight = None
    if found := _WEIGHT.match(rest):
        weight, rest = Decimal(found[1]), rest[found.end() :]
    end = find_bare(rest, "#")
    text, why = (rest, "") if end < 0 else (rest[:end], rest[end + 1 :])
    return Answer(sign, text.strip(), why, weight)


def _range(text: str) -> tuple[Decimal, Decimal]:
    """The number and its tolerance from «3.14:0.01», «3.13..3.15» or «3.14»."""
    if ".." in text:
        low, _dots, high = text.partition("..")
        first, last = _decimal(low), _decimal(high)
        return (first + last) / 2, abs(last - first) / 2
    number, _colon, tolerance = text.partition(":")
    return _decimal(number), abs(_decimal(tolerance or "0"))


def _decimal(text: str) -> Decimal:
    try:
        if not _NUMBER.fullmatch(text.strip()):
            raise InvalidOperation
        return Decimal(text.strip())
    except InvalidOperation as error:
        raise GiftError(_("«%(text)s» is no number.") % {"text": text[:40]}) from error
