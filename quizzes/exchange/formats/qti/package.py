"""Packages of QTI: the manifest, the items it names, and what it says about them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote

from django.utils.translation import gettext as _
from lxml import etree

from quizzes.bank.content import SourceContent, clean_text
from quizzes.exchange.archives import read_archive, write_archive
from quizzes.exchange.base import Draft, Entry, FileError, Loss, Written
from quizzes.exchange.formats.qti.building import Element, e
from quizzes.exchange.formats.qti.items import build_item, measured
from quizzes.exchange.formats.qti.kinds import read_item
from quizzes.exchange.formats.qti.reading import ItemError, ItemReader
from quizzes.exchange.formats.qti.versions import Version, in_version
from quizzes.exchange.html import through_html
from quizzes.exchange.unsaid import changed_texts, left_out, unsaid, with_texts
from quizzes.exchange.xml import child, children, legal, local_name, parse_xml, text_at, written

MANIFEST = "imsmanifest.xml"
_KEPT = frozenset(["topic", "tags", "difficulty", "objective", "sources", "explanation", "picture"])
_CHOICES = frozenset({"single", "multiple", "true_false"})
_WITH_PICTURES = _CHOICES | {"statements", "matching"}
_DIFFICULTIES = {1: "easy", 2: "medium", 3: "difficult"}
_READ_DIFFICULTIES = {"very easy": 1, "easy": 1, "medium": 2, "difficult": 3, "very difficult": 3}
_LOM = "http://ltsc.ieee.org/xsd/LOM"
_ZIP = b"PK"
_ITEM = re.compile(r"\Aimsqti_(?:apip)?item_", re.ASCII)
MOST_SOURCE = 2000
MOST_TOPIC = 120


# --- writing --------------------------------------------------------------------------------------


def write_package(drafts: Sequence[Draft], version: Version) -> Written:
    """The drafts as a package of this version."""
    files: dict[str, bytes] = {MANIFEST: b""}
    losses: list[Loss] = []
    resources: list[Element] = []
    for index, draft in enumerate(drafts):
        identifier = f"q-{index + 1:04}"
        if not _holds(draft):
            losses.append(left_out(index, draft))
            continue
        said = with_texts(draft, through_html)
        kept = _KEPT | ({"why", "pinned"} if draft.kind in _CHOICES else set())
        kept |= {"option_picture"} if draft.kind in _WITH_PICTURES else set()
        losses += unsaid(index, draft, kept) + changed_texts(index, draft, said)
        item, lost = build_item(said, identifier, version)
        losses += [Loss(index, sentence) for sentence in lost]
        pictures = _place_pictures(item, said, identifier)
        files[f"{identifier}.xml"] = _as_file(in_version(item, version))
        files |= pictures
        resources.append(_resource(said, identifier, version, list(pictures)))
    files[MANIFEST] = written(_manifest(resources, version))
    return Written(write_archive(files), tuple(losses))


def _holds(draft: Draft) -> bool:
    kinds = _WITH_PICTURES | {"ordering", "blank", "number", "essay"}
    return draft.kind in kinds or (draft.kind == "hotspot" and measured(draft) is not None)


def _as_file(item: Element) -> bytes:
    # No line is begun anew for an element: spaces in a text would change.
    return etree.tostring(item, xml_declaration=True, encoding="UTF-8")


def _place_pictures(item: Element, draft: Draft, identifier: str) -> dict[str, bytes]:
    """Give each picture a path of its own in the package; the files."""
    data = {picture.name: picture.data for picture in draft.pictures}
    files: dict[str, bytes] = {}
    for element in item.iter("img", "object"):
        attribute = "src" if element.tag == "img" else "data"
        name = (element.get(attribute) or "").removeprefix("pictures/")
        path = f"pictures/{identifier}/{name}"
        files[path] = data[name]
        element.set(attribute, quote(path))
    return files


def _manifest(resources: Sequence[Element], version: Version) -> Element:
    tree = e(
        "manifest",
        e("metadata", e("schema", version.schema), e("schemaversion", f"{version.number}.0"[:5])),
        e("organizations"),
        e("resources", *resources),
        identifier="MANIFEST",
    )
    names: dict[Any, str] = {None: version.manifest, "lom": _LOM}
    root = etree.Element(f"{{{version.manifest}}}manifest", nsmap=names)
    _place(root, tree, version.manifest)
    return root


def _place(copy: Element, element: Element, namespace: str) -> None:
    copy.text = element.text
    for name, value in element.attrib.items():
        copy.set(name, value)
    for one in element:
        inner = _LOM if one.tag == "lom" else namespace
        _place(etree.SubElement(copy, f"{{{inner}}}{one.tag}"), one, inner)


def _resource(draft: Draft, identifier: str, version: Version, pictures: list[str]) -> Element:
    path = f"{identifier}.xml"
    return e(
        "resource",
        e("metadata", _lom(draft)),
        e("file", href=path),
        *[e("file", href=quote(picture)) for picture in pictures],
        identifier=f"r-{identifier}",
        type=version.item_type,
        href=path,
    )


def _lom(draft: Draft) -> Element:
    """What is said about a question, as learning object metadata."""
    general = e("general")
    if draft.key:
        general.append(e("identifier", e("catalog", "key"), e("entry", legal(draft.key))))
    general.extend(e("keyword", e("string", legal(tag), language="vi")) for tag in draft.tags)
    lom = e("lom", general)
    value = _DIFFICULTIES.get(draft.difficulty, "medium")
    lom.append(e("educational", e("difficulty", e("source", "LOMv1.0"), e("value", value))))
    for source in draft.sources:
        resource = e("resource")
        if source["url"]:
            identifier = e("identifier", e("catalog", "URI"), e("entry", legal(source["url"])))
            resource.append(identifier)
        resource.append(e("description", e("string", legal(source["title"]), language="vi")))
        kind = e("kind", e("source", "LOMv1.0"), e("value", "isbasedon"))
        lom.append(e("relation", kind, resource))
    for purpose, text in (("discipline", draft.topic), ("educational objective", draft.objective)):
        if text:
            taxon = e("taxon", e("entry", e("string", legal(text), language="vi")))
            lom.append(
                e(
                    "classification",
                    e("purpose", e("source", "LOMv1.0"), e("value", purpose)),
                    e("taxonPath", e("source", e("string", "-")), taxon),
                )
            )
    return lom


# --- reading --------------------------------------------------------------------------------------


def read_package(data: bytes) -> list[Entry]:
    """The items of a package in the order of its manifest, or the one item in an XML file."""
    if not data.startswith(_ZIP):
        root = parse_xml(data)
        _refuse_old(root)
        return [_entry(1, "", root, {}, None)]
    files = read_archive(data)
    entries = []
    for place, (path, resource) in enumerate(_items(files), start=1):
        try:
            root = parse_xml(files[path])
        except FileError as error:
            entries.append(Entry(place, path, errors=(str(error),)))
            continue
        entries.append(_entry(place, path, root, files, resource))
    if not entries:
        raise FileError(_("The package holds no questions of QTI 2 or 3."))
    return entries


def _refuse_old(root: Element) -> None:
    name = local_name(root)
    if name == "questestinterop":
        raise FileError(_("This is QTI 1.2. Export it again as QTI 2.1 or 3.0."))
    if name not in ("assessmentItem", "qti-assessment-item"):
        raise FileError(_("This is no item and no package of QTI."))


def _items(files: Mapping[str, bytes]) -> Iterator[tuple[str, Element | None]]:
    """The paths of the items with what the manifest says of them."""
    manifests = sorted((path for path in files if path.endswith(MANIFEST)), key=len)
    if not manifests:
        yield from ((path, None) for path in files if _looks_like_item(path, files[path]))
        return
    folder = posixpath.dirname(manifests[0])
    root = parse_xml(files[manifests[0]])
    seen = set()
    for resource in children(child(root, "resources"), "resource"):
        href = unquote(resource.get("href") or "")
        path = posixpath.normpath(posixpath.join(folder, href))
        if path in files and path not in seen and _ITEM.match(resource.get("type", "")):
            seen.add(path)
            yield path, resource


def _looks_like_item(path: str, data: bytes) -> bool:
    head = data[:2000]
    return path.endswith(".xml") and (b"assessmentItem" in head or b"qti-assessment-item" in head)


def _entry(
    place: int, path: str, root: Element, files: Mapping[str, bytes], resource: Element | None
) -> Entry:
    reader = ItemReader(root, files, posixpath.dirname(path))
    try:
        draft = read_item(reader)
    except ItemError as error:
        shown = "\n".join(one for one in (path, reader.shown()) if one)[:MOST_SOURCE]
        return Entry(place, shown, errors=(str(error),), notes=tuple(reader.notes))
    about = child(resource, "metadata", "lom")
    if about is not None:
        _read_lom(draft, about)
    shown = "\n".join(one for one in (path, reader.shown()) if one)[:MOST_SOURCE]
    return Entry(place, shown, draft, notes=tuple(reader.notes))


def _read_lom(draft: Draft, lom: Element) -> None:
    general = child(lom, "general")
    for identifier in children(general, "identifier"):
        if text_at(identifier, "catalog") == "key":
            draft.key = clean_text(text_at(identifier, "entry"))
    words = [clean_text(text_at(one)) for one in children(general, "keyword")]
    draft.tags = [word for word in words if word]
    level = text_at(lom, "educational", "difficulty", "value").casefold()
    draft.difficulty = _READ_DIFFICULTIES.get(level, draft.difficulty)
    draft.sources = [
        source
        for relation in children(lom, "relation")
        if (source := _source(child(relation, "resource")))["title"]
    ]
    for found in children(lom, "classification"):
        purpose = text_at(found, "purpose", "value").casefold()
        text = clean_text(text_at(found, "taxonPath", "taxon", "entry"))
        if purpose == "discipline":
            draft.topic = text[:MOST_TOPIC]
        elif purpose == "educational objective":
            draft.objective = text


def _source(resource: Element | None) -> SourceContent:
    return {
        "title": clean_text(text_at(resource, "description")),
        "url": text_at(resource, "identifier", "entry"),
    }
