"""Parts of pages that many readers share, rendered once in a process and kept.

A fragment's template sees the values it is given and nothing else, neither request nor context
processors, and the values themselves are the key. So a kept fragment cannot be stale and cannot
carry what belongs to one person; her name and her CSRF token are filled in afterwards.
"""

import secrets
from collections.abc import Callable, Hashable
from functools import lru_cache

from django.conf import settings
from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

_MOST = 512
# Drawn anew in each process and never shown: nothing a person types can be taken for one.
_NAME = f"kept-name-{secrets.token_hex(16)}"
_TOKEN = f"kept-token-{secrets.token_hex(16)}"


def render_fragment(
    template_name: str,
    *,
    person_name: str = "",
    csrf_token: Callable[[], str] | None = None,
    **values: Hashable,
) -> SafeString:
    """The template with `values`; `{{ person_name }}` and `{% csrf_token %}` are the reader's own.

    `csrf_token` is called only where the template holds a form, as asking for a token sets a
    cookie.
    """
    key = tuple(sorted(values.items()))
    render = _render.__wrapped__ if settings.DEBUG else _render
    html = render(template_name, get_language(), key)
    if _TOKEN in html:
        html = html.replace(_TOKEN, conditional_escape(csrf_token() if csrf_token else ""))
    # The name last: whatever it says, nothing is looked for in it.
    html = html.replace(_NAME, conditional_escape(person_name))
    return mark_safe(html)  # noqa: S308 (a template's output and two escaped values)


@lru_cache(maxsize=_MOST)
def _render(
    template_name: str, _language: str | None, values: tuple[tuple[str, object], ...]
) -> str:
    own = {"person_name": _NAME, "csrf_token": _TOKEN}
    return get_template(template_name).render({**dict(values), **own})
