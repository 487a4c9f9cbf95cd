"""The same page in the other language."""

from django.conf import settings
from django.urls import reverse, translate_url
from django.utils.translation import get_language, override
from wagtail.models import Page

from learning.courses.stamp import StampedCache, content_stamp

_translations = StampedCache[str]()


def other_language() -> tuple[str, str]:
    """The code of the language that isn't shown now, and its name in itself."""
    code = next(code for code, _name in settings.LANGUAGES if code != get_language())
    return code, "English" if code == "en" else "Tiếng Việt"


def address_in(language: str, *, path: str, page: Page | None) -> str:
    """Where what is shown at `path` is in `language`; the home page where it is not.

    A page costs a query, and more once a publication.
    """
    if page is not None and page.pk:
        return _translations.get(
            (page.pk, language), lambda: _page_address(page, language), stamp=content_stamp()
        )
    address = translate_url(path, language)
    return address if address != path else _home(language)


def _page_address(page: Page, language: str) -> str:
    translation = (
        Page.objects.live()
        .filter(translation_key=page.translation_key, locale__language_code=language)
        .first()
    )
    return (translation.get_url() if translation else None) or _home(language)


def _home(language: str) -> str:
    with override(language):
        return reverse("serve", args=[""])
