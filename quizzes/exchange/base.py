"""What stands between a file of some format and the bank: drafts, entries, losses.

A format only translates. Whether a draft can be asked is for the kinds of the bank to say, which
of the entries are taken is for the person at the preview, and the bank's own actions write.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.functional import Promise

from quizzes.bank.content import OptionSpec, SourceContent


@dataclass(frozen=True)
class Picture:
    """A picture that came with a file or goes into one; `name` is its name there."""

    name: str
    data: bytes
    media_type: str
    alt: str = ""


@dataclass
class Draft:
    """A question as a file says it: the arguments of `quizzes.bank.actions.save_question`.

    `key` is empty where the format has none; `pictures` are found by their names in the file.
    """

    kind: str
    prompt: str
    options: list[OptionSpec]
    key: str = ""
    topic: str = ""
    tags: list[str] = field(default_factory=list)
    difficulty: int = 2
    objective: str = ""
    reference: str = ""
    prompt_en: str = ""
    explanation: str = ""
    explanation_en: str = ""
    sources: list[SourceContent] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    # The name of the question's own picture; an option names its own in «picture».
    picture: str = ""
    pictures: list[Picture] = field(default_factory=list)


@dataclass(frozen=True)
class Entry:
    """A place in a file where a question stands, or should.

    `line` counts from 1: lines of a text, rows of a sheet, paragraphs of a document. `source` is
    what stands there, for the preview. With `errors` there is no `draft`. `notes` say what the
    file has and the bank cannot hold, and what was understood in a way worth a look.
    """

    line: int
    source: str
    draft: Draft | None = None
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Loss:
    """What a format cannot say of the draft at `index` (from 0); `whole` if it was left out."""

    index: int
    sentence: str
    whole: bool = False


@dataclass(frozen=True)
class Written:
    """A file to download, and what it does not say."""

    data: bytes
    losses: tuple[Loss, ...] = ()


class FileError(ValueError):
    """The file as a whole cannot be read; `str(error)` is the sentence to show."""


class Format(ABC):
    """One file format. Stateless; found by itself in `quizzes.exchange.formats`."""

    name: ClassVar[str]
    label: ClassVar[str | Promise]
    # Its place among the formats to choose from.
    rank: ClassVar[int] = 1000
    # With the dot, the one that is written first.
    extensions: ClassVar[tuple[str, ...]]
    media_type: ClassVar[str]
    # The kinds of question it can hold; others are reported as lost.
    kinds: ClassVar[frozenset[str]]

    @abstractmethod
    def read(self, data: bytes) -> list[Entry]:
        """Every entry of the file, in its order; `FileError` if it is none of this format."""

    @abstractmethod
    def write(self, drafts: Sequence[Draft]) -> Written:
        """The drafts as a file, with what got lost on the way."""
