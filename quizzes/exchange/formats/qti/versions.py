"""QTI 2 and 3 say the same with other names: items are built and read with those of QTI 2."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from quizzes.exchange.xml import local_name

# Elements of a text; all others are QTI's own.
_HTML_NAMES = "p br span img div ul ol li object strong em table tr td th tbody"
HTML = frozenset(_HTML_NAMES.split())
_CAPITAL = re.compile(r"(?<!^)([A-Z])")
_HYPHEN = re.compile(r"-([a-z])")


@dataclass(frozen=True)
class Version:
    """What differs between versions of QTI."""

    number: str
    namespace: str
    item_type: str
    template: str
    schema: str
    manifest: str
    kebab: bool

    def template_of(self, name: str) -> str:
        """The address of a standard response processing."""
        return self.template % name


QTI_2 = Version(
    number="2.1",
    namespace="http://www.imsglobal.org/xsd/imsqti_v2p1",
    item_type="imsqti_item_xmlv2p1",
    template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/%s",
    schema="QTIv2.1 Package",
    manifest="http://www.imsglobal.org/xsd/imscp_v1p1",
    kebab=False,
)
QTI_3 = Version(
    number="3.0",
    namespace="http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    item_type="imsqti_item_xmlv3p0",
    template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/%s.xml",
    schema="QTI Package",
    manifest="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    kebab=True,
)


def in_version(item: etree._Element, version: Version) -> etree._Element:
    """A copy of an item built with bare names of QTI 2, with the names of `version`."""
    names: dict[Any, str] = {None: version.namespace}
    copy = etree.Element(_tag(item, version), nsmap=names)
    _copy_into(copy, item, version)
    return copy


def _copy_into(copy: etree._Element, element: etree._Element, version: Version) -> None:
    own = version.kebab and element.tag not in HTML
    for name, value in element.attrib.items():
        copy.set(_kebab(str(name)) if own and "{" not in str(name) else name, value)
    copy.text = element.text
    for child in element:
        made = etree.SubElement(copy, _tag(child, version))
        made.tail = child.tail
        _copy_into(made, child, version)


def _tag(element: etree._Element, version: Version) -> str:
    name = str(element.tag)
    if version.kebab and name not in HTML:
        name = f"qti-{_kebab(name)}"
    return f"{{{version.namespace}}}{name}"


def _kebab(name: str) -> str:
    return _CAPITAL.sub(lambda found: f"-{found[1].lower()}", name)


def with_names_of_2(item: etree._Element) -> None:
    """Give all elements of an item, of any version, the bare names of QTI 2."""
    for element in item.iter(etree.Element):
        name = local_name(element)
        own = name.startswith("qti-")
        element.tag = _camel(name.removeprefix("qti-")) if own else name
        for key in [str(key) for key in element.attrib] if own else ():
            if "-" in key and "{" not in key and not key.startswith(("data-", "aria-")):
                element.set(_camel(key), element.attrib.pop(key))


def _camel(name: str) -> str:
    return _HYPHEN.sub(lambda found: found[1].upper(), name)
