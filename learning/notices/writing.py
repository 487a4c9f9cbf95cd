"""What a letter and a line of the list say."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from learning.notices.kinds import fill, get_kind
from learning.notices.models import Letter, Notice, Text

SALT = "notices.unsubscribe"


@dataclass(frozen=True, slots=True)
class Words:
    """A notice as it is read; `paragraphs` are plain text, `link` a path on this site or empty."""

    subject: str
    paragraphs: list[str]
    link: str


def own_texts() -> dict[str, Text]:
    """The texts that editors changed, by kind."""
    return {text.kind: text for text in Text.objects.all()}


def words_of(notice: Notice, *, texts: dict[str, Text], name: str) -> Words | None:
    """The notice in words: the editor's text or the code's. None if its kind is no longer known."""
    try:
        kind = get_kind(notice.kind)
    except KeyError:
        return None
    text = texts.get(notice.kind)
    facts = {**notice.facts, "name": name}
    subject = fill(text.subject if text else str(kind.subject), facts)
    body = fill(text.body if text else str(kind.body), facts)
    # A fact may hold a line break; a header must not.
    return Words(" ".join(subject.split()), _paragraphs(body), notice.link)


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def compose(letter: Letter, notices: list[Notice], *, texts: dict[str, Text]) -> Any:
    """The mail of the letter, text and HTML, in Vietnamese; None if nothing is left to say."""
    name = str(letter.person)
    with translation.override("vi"):
        said = [words for one in notices if (words := words_of(one, texts=texts, name=name))]
        if not said:
            return None
        subject = said[0].subject
        if len(said) > 1:
            subject = ngettext("%(count)s notice for you", "%(count)s notices for you", len(said))
            subject %= {"count": len(said)}
        leaving = unsubscribe_address(letter.person_id, notices)
        plain, html = bodies(said, name=name, leaving=leaving)
        mail = EmailMultiAlternatives(
            subject=subject,
            body=plain,
            to=[letter.address],
            headers={"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(html, "text/html")
    if leaving:
        mail.extra_headers["List-Unsubscribe"] = f"<{leaving}>"
        mail.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return mail


def bodies(said: list[Words], *, name: str, leaving: str) -> tuple[str, str]:
    """Plain text and HTML of a letter; `leaving` is where its kinds are left, or empty."""
    context = {
        "name": name,
        "said": said,
        "site": settings.SITE_URL,
        "site_name": settings.WAGTAIL_SITE_NAME,
        "unsubscribe": leaving,
        "settings_address": settings.SITE_URL + reverse("notices:preferences"),
    }
    return (
        render_to_string("notices/letter.txt", context),
        render_to_string("notices/letter.html", context),
    )


def unsubscribe_address(person_id: int, notices: list[Notice]) -> str:
    """Where the person leaves the kinds of these notices; empty if all of them are required."""
    kinds = sorted({notice.kind for notice in notices if not notice.required})
    if not kinds:
        return ""
    token = signing.dumps([person_id, kinds], salt=SALT, compress=True)
    return settings.SITE_URL + reverse("notices:unsubscribe", args=[token])
