"""Pictures of a pack's questions: read from `pictures/`, with what they show beside the name."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from learning.courses.packing.located import Located, Report
from quizzes.bank.content import PictureTexts
from quizzes.bank.pictures import PictureFile, encode

FOLDER = "pictures"
MOST_ALT = 300
Pictures = dict[str, PictureFile]


def read_picture(at: Located, root: Path, report: Report, found: Pictures) -> str:
    """The name of the picture at this place, empty for none; its file goes into `found`."""
    name = report.text(at, "picture", required=False)
    if not name:
        return ""
    alt = report.text(at, "alt", limit=MOST_ALT)
    folder = (root / FOLDER).resolve()
    path = (folder / name).resolve()
    if not (path.is_relative_to(folder) and path.is_file()):
        report.add(at, _("There is no file %(file)s in the pack.") % {"file": f"{FOLDER}/{name}"})
        return ""
    if name in found and found[name].alt != alt:
        report.add(at, _("«%(name)s» is said to show two different things.") % {"name": name})
    found[name] = PictureFile(path.read_bytes(), alt)
    return name


def translate_picture(name: Any, at: Located, report: Report, found: Pictures) -> None:
    """Give the picture called `name`, if there is one, what it shows in English."""
    if name and name in found:
        found[name] = replace(found[name], alt_en=report.text(at, "alt", limit=MOST_ALT))


def as_contents(at: Located, found: Pictures, report: Report) -> dict[str, PictureTexts]:
    """The pictures as a question's content names them; what is none is told and left out."""
    contents: dict[str, PictureTexts] = {}
    for name, file in found.items():
        try:
            made = encode(file.data)
        except ValidationError as error:
            for message in error.messages:
                report.add(at, f"{name}: {message}")
            continue
        contents[name] = PictureTexts(
            {
                "digest": made.digest,
                "format": made.format,
                "width": made.width,
                "height": made.height,
                "alt": file.alt,
            },
            file.alt_en,
        )
    return contents
