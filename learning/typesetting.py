"""Setting paper and pictures with Typst: the house's fonts, one compiler for each template.

Whatever people typed goes in as text (JSON in `inputs`), never as markup. Beside the template's
own folder nothing can be read, and no font but the house's and those in the template's own `fonts`:
the same bytes on every machine.
"""

import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

# A compiler is kept for the process because its fonts are; two threads must not share one call.
_one_at_a_time = threading.Lock()


def typeset(template: Path, *, inputs: Mapping[str, str], **options: Any) -> bytes:
    """The one document that `template` makes of `inputs`; `options` are those of Typst's compiler
    (`format`, `ppi`, `pdf_standards`, `timestamp` …).

    Raises `typst.TypstError` when it can't be set.
    """
    with _one_at_a_time:
        made = _compiler(template).compile(sys_inputs=dict(inputs), **options)
    assert isinstance(made, bytes), "a picture has one page"
    return made


@cache
def _compiler(template: Path) -> typst.Compiler:
    return typst.Compiler(
        template, root=template.parent, font_paths=_fonts(template.parent / "fonts")
    )


@cache
def _fonts(own: Path) -> typst.Fonts:
    house = settings.ROOT / "learning" / "certificates" / "paper" / "fonts"
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[house, *([own] if own.is_dir() and own != house else [])],
    )
