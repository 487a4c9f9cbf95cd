"""Writing a pack's pages: found by identity and language, written only where there is news."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

from wagtail.models import Locale, Page

from learning.courses.models import LoadedItem, Source

_NAMESPACE = uuid.UUID("6b0c1c1e-6f3c-5d5e-9d3c-8f1f1f0a2604")
_P = TypeVar("_P", bound=Page)


def identity(*parts: str) -> uuid.UUID:
    """The identity of a thing in a pack, the same at every loading and on every machine."""
    return uuid.uuid5(_NAMESPACE, "/".join(parts))


@dataclass
class Loaded:
    """What a loading did: names of things by what happened to them."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)

    @cached_property
    def _digests(self) -> dict[uuid.UUID, str]:
        return dict(LoadedItem.objects.values_list("key", "digest"))

    def note(self, key: uuid.UUID, label: str, told: Any, *, created: bool = False) -> bool:
        """Remember what the pack says of this thing; True if that is news."""
        first, news = self.remember(key, told)
        if first or created:
            self.created.append(label)
        elif news:
            self.updated.append(label)
        else:
            self.unchanged.append(label)
        return first or created or news

    def remember(self, key: uuid.UUID, told: Any) -> tuple[bool, bool]:
        """Keep a digest of what was told: is it the first time, is it other than the last time?"""
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)
        digest = hashlib.sha256(text.encode()).hexdigest()
        before = self._digests.get(key)
        if before != digest:
            LoadedItem.objects.update_or_create(key=key, defaults={"digest": digest})
            self._digests[key] = digest
        return before is None, before is not None and before != digest

    def forget(self, key: uuid.UUID) -> bool:
        """Take the thing for new when it comes again; whether it was known."""
        LoadedItem.objects.filter(key=key).delete()
        return self._digests.pop(key, None) is not None


class PageWriter:
    """The pages of a pack in one language."""

    def __init__(self, pack_key: str, locale: Locale, done: Loaded) -> None:
        self.pack_key, self.locale, self.done = pack_key, locale, done

    def _own(self, key: uuid.UUID) -> uuid.UUID:
        """Where the digest of a page in this language is kept."""
        is_original = self.locale.pk == Locale.get_default().pk
        return key if is_original else uuid.uuid5(key, self.locale.language_code)

    def write(
        self,
        model: type[_P],
        parent: Page,
        key: uuid.UUID,
        values: dict[str, Any],
        *,
        sources: Sequence[Source] | None = None,
        children: dict[str, list[Any]] | None = None,
    ) -> _P:
        """The live page with this identity in this language, made below `parent` or brought up to
        date; `children` are rows that belong to it, by relation."""
        page = model._default_manager.filter(translation_key=key, locale=self.locale).first()
        label = f"{model.__name__} {values['slug']}"
        told = values | {"sources": [source.key for source in sources or ()]}
        told |= {
            name: [_row_values(row) for row in rows] for name, rows in (children or {}).items()
        }
        if page is None:
            page = model(translation_key=key, locale=self.locale, **values)
            parent.add_child(instance=page)
            self.done.note(self._own(key), label, told, created=True)
        elif self.done.note(self._own(key), label, told):
            for name, value in values.items():
                setattr(page, name, value)
        else:
            return page
        if sources is not None:
            page.sources = sources
        for name, rows in (children or {}).items():
            setattr(page, name, rows)
        page.full_clean()
        page.save_revision().publish()
        page.refresh_from_db()
        return page

    def arrange(self, parent: Page, pages: Sequence[Page]) -> None:
        """Hang the pages below `parent` in the pack's order, where that order is news.

        Otherwise the order is left as it is: an editor may have changed it.
        """
        order = self._own(identity(self.pack_key, "order", str(parent.translation_key)))
        if not any(self.done.remember(order, [page.translation_key for page in pages])):
            return
        keys = [page.pk for page in pages]
        strangers = Page.objects.filter(pk__in=keys).not_child_of(parent)
        for page in strangers:
            page.move(Page.objects.get(pk=parent.pk), pos="last-child")
        present = Page.objects.filter(pk__in=keys).order_by("path").values_list("pk", flat=True)
        if list(present) != keys:
            for before, after in pairwise(keys):
                Page.objects.get(pk=after).move(Page.objects.get(pk=before), pos="right")

    def withdraw(self, course: Page, named: set[uuid.UUID]) -> None:
        """Unpublish pages below `course` that came from this pack and are no longer named."""
        below = course.get_descendants().live().exclude(translation_key__in=named)
        for page in list(below):
            # Forgotten, so that it is news, and published again, when the pack takes it back.
            if self.done.forget(self._own(page.translation_key)):
                page.unpublish()
                self.done.withdrawn.append(page.slug)


def _row_values(row: Any) -> dict[str, Any]:
    return {
        field.name: getattr(row, field.name)
        for field in row._meta.concrete_fields
        if not field.is_relation and not field.primary_key
    }
