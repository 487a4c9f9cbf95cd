"""Parts of pages, and whole pages, that many readers share: rendered once in a process and kept.

What is kept under a key must follow from the key alone: the values a fragment is given, or for a
page the content stamp and what its reader is shown of her own. So nothing kept can be stale, and
nothing can carry what belongs to one person; her name and her CSRF token are filled in afterwards.
Both wings of the house use this, so it lies in the lowest room.
"""

import secrets
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

# A page has some 35 KB, a fragment one or two: at most 30 MB a process together.
_MOST_PAGES = 600
_MOST_FRAGMENTS = 5000
# Drawn anew in each process and never shown: nothing a person types can be taken for one.
NAME = f"kept-name-{secrets.token_hex(16)}"
TOKEN = f"kept-token-{secrets.token_hex(16)}"


@dataclass(frozen=True)
class _Kept:
    """What is rendered, told apart by `key` alone; `context` is asked only where it is new."""

    template_name: str
    language: str | None
    key: Hashable
    context: Callable[[], dict[str, Any]] = field(compare=False)


def render_page(
    template_name: str,
    *,
    key: Hashable,
    context: Callable[[], dict[str, Any]],
    person_name: str,
    csrf_token: Callable[[], str],
) -> SafeString:
    """A whole page with `context()`, rendered once for all who share `key`.

    In the context `NAME` stands for `person_name` and `TOKEN` for a CSRF token; `csrf_token` is
    called only where the template holds a form, as asking for a token sets a cookie.
    """
    kept = _Kept(template_name, get_language(), key, context)
    html = _render(kept) if settings.DEBUG else _render_page(kept)
    return _filled(html, person_name, csrf_token)


def _filled(html: str, person_name: str, csrf_token: Callable[[], str] | None) -> SafeString:
    if TOKEN in html:
        html = html.replace(TOKEN, conditional_escape(csrf_token() if csrf_token else ""))
    # The name last: whatever it says, nothing is looked for in it.
    html = html.replace(NAME, conditional_escape(person_name))
    return mark_safe(html)  # noqa: S308 (a template's output and two escaped values)


def render_fragment(
    template_name: str,
    *,
    person_name: str = "",
    csrf_token: Callable[[], str] | None = None,
    **values: Hashable,
) -> SafeString:
    """The template with `values`, which are its key; `{{ person_name }}` and `{% csrf_token %}`
    are the reader's own."""
    kept = _Kept(
        template_name,
        get_language(),
        tuple(sorted(values.items())),
        lambda: {**values, "person_name": NAME, "csrf_token": TOKEN},
    )
    html = _render(kept) if settings.DEBUG else _render_fragment(kept)
    return _filled(html, person_name, csrf_token)


def _render(kept: _Kept) -> str:
    return get_template(kept.template_name).render(kept.context())


_render_page = lru_cache(maxsize=_MOST_PAGES)(_render)
_render_fragment = lru_cache(maxsize=_MOST_FRAGMENTS)(_render)
