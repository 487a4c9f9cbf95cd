"""XML from strangers, read without entities, without the network and within limits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from lxml import etree

from quizzes.exchange.base import FileError

MOST_BYTES = 64 * 1024 * 1024
MOST_DEPTH = 100
MOST_ELEMENTS = 400_000
# What may stand before the root: declarations, instructions and comments, then a document type.
_DOCTYPE = re.compile(
    rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*(?:<\?[^>]*>\s*|<!--.*?-->\s*)*<!DOCTYPE",
    re.DOTALL | re.IGNORECASE,
)
_HEAD_BYTES = 16 * 1024
# Everything XML 1.0 cannot hold, however it is written.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse_xml(data: bytes) -> etree._Element:
    """The root of the XML in `data`, without comments and instructions.

    Raises `FileError` for what is no XML, has a document type (entities, bombs), or is larger than
    `MOST_BYTES`, deeper than `MOST_DEPTH` or has more than `MOST_ELEMENTS` elements.
    """
    if len(data) > MOST_BYTES:
        raise FileError(
            _("The file is larger than %(limit)s MB.") % {"limit": MOST_BYTES // 1024 // 1024}
        )
    # Zero bytes are left out so that UTF-16 shows its document type too.
    if _DOCTYPE.match(data[:_HEAD_BYTES].replace(b"\0", b"")):
        raise FileError(_no_doctype())
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise FileError(_malformed(error.lineno or 1)) from error
    except (etree.LxmlError, ValueError, LookupError) as error:
        raise FileError(_malformed(1)) from error
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.externalDTD is not None or info.doctype:
        raise FileError(_no_doctype())
    _check_size(root)
    return root


def _check_size(root: etree._Element) -> None:
    depth = 0
    for count, (event, element) in enumerate(etree.iterwalk(root, events=("start", "end"))):
        depth += 1 if event == "start" else -1
        if depth > MOST_DEPTH:
            raise FileError(
                _("Line %(line)s: elements stand more than %(limit)s deep in each other.")
                % {"line": line_of(element), "limit": MOST_DEPTH}
            )
        if count > 2 * MOST_ELEMENTS:
            raise FileError(
                _("The file has more than %(limit)s elements.") % {"limit": MOST_ELEMENTS}
            )


def _malformed(line: int) -> str:
    return _("Line %(line)s: the file is no well-formed XML from here on.") % {"line": line}


def _no_doctype() -> str:
    return _("The file has a document type (DOCTYPE). Such files are not read: they may be traps.")


def line_of(element: etree._Element) -> int:
    """The line the element begins in, counted from 1."""
    line: object = element.sourceline
    return line if isinstance(line, int) else 1


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element | None, name: str = "") -> Iterator[etree._Element]:
    """The children called `name`, or all of them, whatever their namespace."""
    for child in element if element is not None else ():
        if local_name(child) and name in ("", local_name(child)):
            yield child


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The first child of this name, then its child of the next, …; None if one is missing."""
    for name in names:
        element = next(children(element, name), None)
    return element


def text_at(element: etree._Element | None, *names: str) -> str:
    """The text of the element that `child` finds, without space at its ends; empty for none."""
    found = child(element, *names)
    return "".join(map(str, found.itertext())).strip() if found is not None else ""


def legal(text: str) -> str:
    """`text` without the characters that XML cannot hold, and with line breaks as \\n."""
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def written(root: etree._Element) -> bytes:
    """The document as UTF-8 with its declaration, a line for an element where that is harmless."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
