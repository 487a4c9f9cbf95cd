"""YAML that remembers its lines, and the list of problems that points at them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _


@dataclass(frozen=True, order=True)
class Problem:
    """Something wrong in a pack: a file, a line counted from 1, and what to mend."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class PackError(Exception):
    """Everything wrong with a pack, in the order of files and lines; nothing was written."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Located(dict[str, Any]):
    """A YAML mapping with the file and line where it begins."""

    file: str = ""
    line: int = 1


class _Loader(yaml.SafeLoader):
    """Safe YAML: no Python objects; mappings keep their lines; dates stay text."""

    file = ""
    first_line = 0


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Located:
    pairs = loader.construct_mapping(node, deep=True)
    found = Located({str(name): value for name, value in pairs.items()})
    found.file = loader.file
    found.line = loader.first_line + node.start_mark.line + 1
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass
class Report:
    """Problems found so far; readers go on after one, so that all are told together."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, at: Located | tuple[str, int], message: str) -> None:
        """Note a problem at a mapping, or at a file and line."""
        file, line = (at.file, at.line) if isinstance(at, Located) else at
        problem = Problem(file, line, message)
        if problem not in self.problems:
            self.problems.append(problem)

    def text(self, at: Located, name: str, *, required: bool = True, limit: int = 0) -> str:
        """The text under `name`, trimmed; a missing, wrong or too long one is a problem."""
        value = at.get(name)
        if value is None or value == "":
            if required:
                self.add(at, _("«%(name)s» is missing.") % {"name": name})
            return ""
        if isinstance(value, bool | list | dict):
            self.add(at, _("«%(name)s» must be text.") % {"name": name})
            return ""
        text = str(value).strip()
        if limit and len(text) > limit:
            self.add(
                at,
                _("«%(name)s» is longer than %(limit)s characters.")
                % {"name": name, "limit": limit},
            )
        return text

    def texts(self, at: Located, name: str, *, required: bool = True) -> list[str]:
        """The list of texts under `name`."""
        value = at.get(name)
        if value is None:
            if required:
                self.add(at, _("«%(name)s» is missing.") % {"name": name})
            return []
        if not isinstance(value, list) or any(isinstance(x, dict | list) for x in value):
            self.add(at, _("«%(name)s» must be a list of texts.") % {"name": name})
            return []
        return [str(x).strip() for x in value]

    def mapping(self, at: Located, name: str) -> Located:
        """The mapping under `name`; an empty one, with a problem noted, if it is missing."""
        value = at.get(name)
        if isinstance(value, Located):
            return value
        self.add(at, _("«%(name)s» is missing.") % {"name": name})
        empty = Located()
        empty.file, empty.line = at.file, at.line
        return empty

    def number(self, at: Located, name: str, *, low: int, high: int) -> int:
        """The whole number under `name`, between `low` and `high`."""
        value = at.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.add(
                at,
                _("«%(name)s» must be a whole number from %(low)s to %(high)s.")
                % {"name": name, "low": low, "high": high},
            )
            return low
        return value


def load_yaml(text: str, *, file: str, first_line: int, report: Report) -> Any:
    """The YAML in `text`, its lines counted from `first_line`; None, with a problem, if broken."""
    loader = _Loader(text)
    loader.file, loader.first_line = file, first_line
    try:
        return loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else 0
        report.add(
            (file, first_line + line + 1),
            _("This is not valid YAML: %(problem)s") % {"problem": error.problem},
        )
    except (yaml.YAMLError, ValueError) as error:
        report.add(
            (file, first_line + 1), _("This is not valid YAML: %(problem)s") % {"problem": error}
        )
    finally:
        loader.dispose()
    return None


def read_text(path: Path, *, root: Path, report: Report) -> str | None:
    """The text of a file of the pack, in UTF-8; None, with a problem, if it can't be read."""
    file = path.relative_to(root).as_posix()
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        report.add((file, 1), _("The file is missing."))
    except (UnicodeDecodeError, OSError):
        report.add((file, 1), _("The file cannot be read as UTF-8 text."))
    return None
