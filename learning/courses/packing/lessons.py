"""Reading a lesson: front matter, Markdown, and directives between lines of three colons."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from learning.courses.packing.english import translated_blocks
from learning.courses.packing.fields import english_file, known, objectives, slug
from learning.courses.packing.located import Located, Report, load_yaml, read_text
from learning.courses.packing.specs import Block, LessonSpec, PageTexts

# Ten minutes of reading; more is two lessons. Practice questions are not counted.
MOST_WORDS = 800

_OPEN = re.compile(r"^:::\s*(\w+)\s*(.*?)\s*$")
_CLOSE = re.compile(r"^:::\s*$")
_HEADER = re.compile(r"^(\w+):\s*(.*?)\s*$")
_HEADING = re.compile(r"^##\s+(?:\{(\d+)\}\s*)?(.+?)\s*$")
_TAG = re.compile(r"<[^>]+>")
_PRACTICE = re.compile(r"(?ms)^:::\s*practice\b.*?^:::\s*$")
# Fences, and the fields of a block: not what is read.
_FIELDS = re.compile(
    r"(?m)^(?::::.*|(?:source|picture|file|alt|label|who|title|number|unit|caption|captions):.*)$"
)
_markdown = MarkdownIt("commonmark", {"html": False})


def to_html(text: str) -> str:
    """Markdown as the HTML that Wagtail's rich text stores; raw HTML in it becomes text."""
    html = str(_markdown.render(text.strip())).strip()
    for markdown_tag, wagtail_tag in (("strong", "b"), ("em", "i")):
        html = html.replace(f"<{markdown_tag}>", f"<{wagtail_tag}>")
        html = html.replace(f"</{markdown_tag}>", f"</{wagtail_tag}>")
    return html


def read_lesson(
    path: Path,
    root: Path,
    *,
    sources: Collection[str],
    aims: Collection[str],
    report: Report,
) -> LessonSpec:
    """The lesson, with its English if there is one beside it; what is wrong goes to `report`."""
    file = path.relative_to(root).as_posix()
    text = read_text(path, root=root, report=report) or ""
    head, body, body_line = _split_front_matter(text, file, report)
    words = count_words(body)
    if words > MOST_WORDS:
        report.add(
            (file, 1),
            _("The lesson has %(words)s words; at most %(most)s are read in one go.")
            % {"words": words, "most": MOST_WORDS},
        )
    lesson = LessonSpec(
        key=slug(report, head, "key"),
        slug=slug(report, head, "slug"),
        title=report.text(head, "title", limit=200),
        summary=report.text(head, "summary"),
        minutes=report.number(head, "minutes", low=1, high=30),
        goals=_goals(head, report),
        objectives=objectives(report, head, report.texts(head, "objectives", required=False), aims),
        sources=known(report, head, report.texts(head, "sources", required=False), sources),
        body=_Blocks(file, root, sources, report).read(body.splitlines(), body_line),
        words=words,
    )
    other = english_file(path)
    return _with_english(lesson, other, root, report) if other.exists() else lesson


def _with_english(lesson: LessonSpec, path: Path, root: Path, report: Report) -> LessonSpec:
    file = path.relative_to(root).as_posix()
    text = read_text(path, root=root, report=report) or ""
    head, body, body_line = _split_front_matter(text, file, report)
    blocks = _Blocks(file, root, (), report, whole=False).read(body.splitlines(), body_line)
    return replace(
        lesson,
        english=PageTexts(
            slug=slug(report, head, "slug"),
            title=report.text(head, "title", limit=200),
            summary=report.text(head, "summary"),
        ),
        english_body=translated_blocks(lesson.body, blocks, file, report),
    )


def count_words(body: str) -> int:
    """The words of a lesson's text that are read: without practice questions and fields."""
    return len(_TAG.sub(" ", _FIELDS.sub("", _PRACTICE.sub("", body))).split())


def _split_front_matter(text: str, file: str, report: Report) -> tuple[Located, str, int]:
    lines = text.splitlines()
    empty = Located()
    empty.file = file
    end = next((i for i, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if not lines or lines[0].strip() != "---" or end is None:
        report.add((file, 1), _("The lesson must begin with its fields between lines of ---."))
        return empty, text, 1
    head = load_yaml("\n".join(lines[1:end]), file=file, first_line=1, report=report)
    return (
        head if isinstance(head, Located) else empty,
        "\n".join(lines[end + 1 :]),
        end + 2,
    )


def _is_fence(line: str) -> bool:
    return bool(_OPEN.match(line) or _CLOSE.match(line))


def _goals(head: Located, report: Report) -> list[int]:
    goals = head.get("goals") or []
    if not isinstance(goals, list) or any(n not in range(1, 18) for n in goals):
        report.add(head, _("«goals» must be a list of numbers from 1 to 17."))
        return []
    return goals


class _Blocks:
    """The lines of one lesson's body, turned into blocks in order."""

    def __init__(
        self,
        file: str,
        root: Path,
        sources: Collection[str],
        report: Report,
        *,
        whole: bool = True,
    ) -> None:
        """`whole` False reads a translation: its sources, files and numbers are the original's."""
        self.file, self.root, self.sources, self.report = file, root, sources, report
        self.whole = whole
        self.found: list[Block] = []
        self.kinds: dict[str, Callable[[str, Located, str], Any]] = {
            "case": self._case,
            "fact": self._fact,
            "callout": self._callout,
            "local": self._local,
            "picture": self._picture,
            "accordion": self._accordion,
            "goals": self._goal_list,
            "video": self._video,
            "download": self._download,
            "takeaways": self._takeaways,
        }

    def read(self, lines: list[str], first_line: int) -> list[Block]:
        """All blocks; `first_line` is the number of the first of `lines` in the file."""
        prose: list[str] = []
        at = 0
        while at < len(lines):
            line, number = lines[at], first_line + at
            if opening := _OPEN.match(line):
                self._flush(prose, number)
                # Up to the next line of colons: one that opens a block says this one is not closed.
                end = next((i for i in range(at + 1, len(lines)) if _is_fence(lines[i])), None)
                if end is None or not _CLOSE.match(lines[end]):
                    self._problem(number, _("The block is not closed by a line of :::."))
                else:
                    self._directive(opening[1], opening[2], lines[at + 1 : end], number)
                    at = end
            elif _CLOSE.match(line):
                self._problem(number, _("This line of ::: closes no block."))
            elif heading := _HEADING.match(line):
                self._flush(prose, number)
                goal = heading[1] or ""
                if goal and not 1 <= int(goal) <= 17:
                    self._problem(number, _("A goal has a number from 1 to 17."))
                self.found.append(("heading", {"text": heading[2], "goal": goal}, number))
            else:
                prose.append(line)
            at += 1
        self._flush(prose, first_line + at)
        return self.found

    def _problem(self, line: int, message: str) -> None:
        self.report.add((self.file, line), message)

    def _flush(self, prose: list[str], line: int) -> None:
        if text := "\n".join(prose).strip():
            self.found.append(("text", to_html(text), line - len(prose)))
        prose.clear()

    def _directive(self, name: str, argument: str, lines: list[str], number: int) -> None:
        if name == "practice":
            value = self._practice(lines, number)
        elif name in self.kinds:
            head, text = self._header(lines, number)
            value = self.kinds[name](argument, head, text)
        else:
            self._problem(number, _("Unknown block: %(name)s") % {"name": name})
            return
        self.found.append((name, value, number))

    def _header(self, lines: list[str], number: int) -> tuple[Located, str]:
        """The `name: value` lines at the top, then the text after the first empty line."""
        head = Located()
        head.file, head.line = self.file, number
        at = 0
        while at < len(lines) and (pair := _HEADER.match(lines[at])):
            head[pair[1]] = pair[2].strip("\"'") if pair[2][:1] in "\"'" else pair[2]
            at += 1
        return head, "\n".join(lines[at:]).strip()

    def _body(self, head: Located, text: str) -> str:
        if not text:
            self.report.add(head, _("The block has no text."))
        return to_html(text)

    def _source(self, head: Located, *, required: bool = False) -> str:
        key = self.report.text(head, "source", required=required and self.whole)
        if key and self.whole and key not in self.sources:
            self.report.add(head, _("Unknown source: %(key)s") % {"key": key})
        return key

    def _file(self, head: Located, name: str, folder: str, *, required: bool) -> str:
        value = self.report.text(head, name, required=required and self.whole)
        path = (self.root / folder / value).resolve()
        if value and not (path.is_relative_to(self.root.resolve()) and path.is_file()):
            self.report.add(
                head, _("There is no file %(file)s in the pack.") % {"file": f"{folder}/{value}"}
            )
        return value

    def _picture_with_alt(self, head: Located, name: str, *, required: bool) -> dict[str, str]:
        picture = self._file(head, name, "pictures", required=required)
        alt = self.report.text(head, "alt", required=bool(picture), limit=250)
        return {"picture": picture, "alt": alt}

    def _case(self, _argument: str, head: Located, text: str) -> dict[str, str]:
        return {
            "label": self.report.text(head, "label", limit=120),
            "who": self.report.text(head, "who", required=False, limit=160),
            "text": self._body(head, text),
        }

    def _fact(self, _argument: str, head: Located, text: str) -> dict[str, str]:
        return {
            "number": self.report.text(head, "number", required=self.whole, limit=20),
            "unit": self.report.text(head, "unit", required=False, limit=30),
            "source": self._source(head, required=True),
            "text": self._body(head, text),
        }

    def _callout(self, argument: str, head: Located, text: str) -> dict[str, str]:
        tone = argument or "note"
        if tone not in ("note", "warn", "law"):
            self.report.add(head, _("A callout is note, warn or law."))
        return {
            "tone": tone,
            "title": self.report.text(head, "title", limit=120),
            "source": self._source(head),
            "text": self._body(head, text),
        }

    def _local(self, _argument: str, head: Located, text: str) -> dict[str, str]:
        return {
            "title": self.report.text(head, "title", limit=120),
            "source": self._source(head),
            "text": self._body(head, text),
            **self._picture_with_alt(head, "picture", required=False),
        }

    def _picture(self, _argument: str, head: Located, _text: str) -> dict[str, str]:
        return {
            "caption": self.report.text(head, "caption", required=False, limit=250),
            **self._picture_with_alt(head, "file", required=True),
        }

    def _accordion(self, _argument: str, head: Located, text: str) -> dict[str, Any]:
        parts = re.split(r"(?m)^###\s+(.+)$", text)
        items = [
            {"title": title.strip(), "text": to_html(body)}
            for title, body in zip(parts[1::2], parts[2::2], strict=True)
        ]
        if not items or parts[0].strip():
            self.report.add(head, _("An accordion holds parts, each under a ### heading."))
        return {"items": items}

    def _goal_list(self, argument: str, head: Located, text: str) -> dict[str, Any]:
        numbers = argument.split()
        if not numbers or any(not n.isdecimal() or not 1 <= int(n) <= 17 for n in numbers):
            self.report.add(head, _("Name the goals by number, as in ::: goals 9 10."))
            numbers = []
        return {"numbers": numbers, "text": to_html(text) if text else ""}

    def _video(self, _argument: str, head: Located, text: str) -> dict[str, str]:
        return {
            "title": self.report.text(head, "title", limit=160),
            "file": self._file(head, "file", "files", required=True),
            "captions": self._file(head, "captions", "files", required=True),
            "transcript": self._body(head, text),
        }

    def _download(self, _argument: str, head: Located, _text: str) -> dict[str, str]:
        return {
            "title": self.report.text(head, "title", limit=160),
            "file": self._file(head, "file", "files", required=True),
        }

    def _takeaways(self, _argument: str, head: Located, text: str) -> dict[str, list[str]]:
        items = [line[2:].strip() for line in text.splitlines() if line.startswith("- ")]
        if not items:
            self.report.add(head, _("Write what to take away as lines that begin with a hyphen."))
        return {"items": items}

    def _practice(self, lines: list[str], number: int) -> dict[str, Any]:
        data = load_yaml("\n".join(lines), file=self.file, first_line=number, report=self.report)
        if not isinstance(data, Located):
            self._problem(number, _("A practice question is written as names and values."))
            return {}
        options: list[dict[str, Any]] = [
            {
                "text": self.report.text(option, "text", limit=300),
                "right": option.get("right") is True,
                "why": self.report.text(option, "why", limit=500),
            }
            for option in data.get("options") or []
            if isinstance(option, Located)
        ]
        right = sum(option["right"] for option in options)
        if self.whole and (right != 1 or not 2 <= len(options) <= 6):
            self.report.add(
                data, _("A practice question has two to six options, exactly one of them right.")
            )
        return {
            "prompt": self.report.text(data, "prompt", limit=400),
            "options": options,
            "explanation": self.report.text(data, "explanation"),
            "source": self._source(data),
        }
