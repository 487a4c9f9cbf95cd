"""A lesson's blocks as its stream field keeps them, with the pack's pictures and files stored."""

import hashlib
import json
import uuid
from pathlib import Path
from typing import Any

from django.core.files import File
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection

from learning.courses.models import Source
from learning.courses.packing.specs import Block

_COLLECTION = "Course packs"


class BodyWriter:
    """Writes the bodies of a pack's lessons; `root` is its folder, `sources` are by key."""

    def __init__(self, root: Path, sources: dict[str, Source]) -> None:
        self.root, self.sources = root, sources
        self.collection = _collection()

    def as_json(self, key: uuid.UUID, body: list[Block]) -> str:
        """The blocks of the lesson `key` as its stream field's JSON.

        The blocks' ids stay as long as the order of their kind.
        """
        counts: dict[str, int] = {}
        blocks = []
        for kind, value, _line in body:
            counts[kind] = counts.get(kind, 0) + 1
            blocks.append(
                {
                    "type": kind,
                    "value": self._resolved(kind, value),
                    "id": str(uuid.uuid5(key, f"{kind}/{counts[kind]}")),
                }
            )
        return json.dumps(blocks, ensure_ascii=False)

    def _resolved(self, kind: str, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        value = dict(value)
        if "source" in value:
            value["source"] = self.sources[value["source"]].pk if value["source"] else None
        if "picture" in value:
            value["picture"] = (
                self._image(value["picture"], value["alt"]) if value["picture"] else None
            )
        if kind in ("video", "download"):
            for name in {"file", "captions"} & value.keys():
                value[name] = self._document(value[name])
        return value

    def _image(self, name: str, alt: str) -> int:
        return self._stored(get_image_model(), self.root / "pictures" / name, alt)

    def _document(self, name: str) -> int:
        return self._stored(get_document_model(), self.root / "files" / name, name)

    def _stored(self, model: Any, path: Path, title: str) -> int:
        """The stored copy of a pack's file, found again by its name and content."""
        digest = hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest()
        kept = model.objects.filter(collection=self.collection, file_hash=digest).first()
        if kept is None:
            with path.open("rb") as stream:
                kept = model(title=title[:255], collection=self.collection)
                kept.file = File(stream, name=path.name)
                kept._set_file_hash()
                kept.save()
        return int(kept.pk)


def _collection() -> Collection:
    kept = Collection.objects.filter(name=_COLLECTION).first()
    return kept or Collection.get_first_root_node().add_child(name=_COLLECTION)
