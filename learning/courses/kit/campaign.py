"""The kit of one campaign: its files, kept until published content changes, and its texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from learning.courses.kit.making import MAKERS, Words
from learning.courses.models import CampaignPage, CoursePage
from learning.courses.outline import CourseOutline
from learning.courses.queries import get_outline
from learning.courses.stamp import StampedCache, content_stamp

# Stands in a campaign's texts for the full address of its course.
LINK = "{link}"
_files = StampedCache[bytes]()


@dataclass(frozen=True)
class Download:
    """One file of the kit: where it is, and what it is called when it is kept."""

    url: str
    filename: str


@dataclass(frozen=True)
class Kit:
    """What the campaign's page offers; texts are ready to send, `mailto` opens the reader's mail
    program with subject and text. `files` is by name, `address` what the QR code holds."""

    course_url: str
    address: str
    files: dict[str, Download]
    mail_subject: str
    mail_text: str
    chat_text: str
    mailto: str


def campaign_kit(campaign: CampaignPage, courses: Sequence[CourseOutline | None]) -> Kit | None:
    """The kit of a campaign, given its courses; None while it is not published."""
    if not campaign.live:
        return None
    course = _first(courses)
    address = _address(campaign, course)
    subject = campaign.mail_subject or campaign.title
    letter = filled(campaign.mail_text, address)
    return Kit(
        course_url=course.url if course else "",
        address=address,
        files={
            name.replace("-", "_").replace(".", "_"): Download(
                reverse("kit:file", args=[campaign.translation_key, name]),
                file_name(campaign, name),
            )
            for name in MAKERS
        },
        mail_subject=subject,
        mail_text=letter,
        chat_text=filled(campaign.chat_text, address),
        mailto=_mailto(subject, letter) if letter else "",
    )


def _mailto(subject: str, letter: str) -> str:
    """Opens a new letter; by RFC 6068 lines end with CRLF, and a space is %20."""
    lines = "\r\n".join(letter.splitlines())
    return f"mailto:?subject={quote(subject)}&body={quote(lines)}"


def filled(text: str, address: str) -> str:
    """The text with the course's full address where the placeholder stands."""
    return text.replace(LINK, address).strip()


def file_name(campaign: CampaignPage, name: str) -> str:
    """What a file is called on the disk of whoever keeps it: unlike that of another year."""
    stem, _dot, ending = name.rpartition(".")
    return f"{stem}-{campaign.slug}.{ending}"


def kit_file(key: UUID, name: str) -> bytes:
    """The file `name` (of `MAKERS`) of the public campaign with this key, in the language being
    shown; made once a publication.

    Raises `CampaignPage.DoesNotExist` where there is no such campaign.
    """
    stamp = content_stamp()
    return _files.get(
        (key, get_language(), name),
        lambda: MAKERS[name][1](_words(public_campaign(key), stamp)),
        stamp=stamp,
    )


def public_campaign(key: UUID) -> CampaignPage:
    """The live campaign with this key that anyone may read, in the language being shown."""
    pages = CampaignPage.objects.live().public()
    return pages.get(translation_key=key, locale__language_code=get_language())


def courses_of(campaign: CampaignPage, *, stamp: str | None = None) -> list[CourseOutline | None]:
    """The outlines of the campaign's live courses, in its order."""
    keys = (
        CoursePage.objects.live()
        .child_of(campaign)
        .order_by("path")
        .values_list("translation_key", flat=True)
    )
    return [get_outline(key, stamp=stamp) for key in keys]


def _first(courses: Sequence[CourseOutline | None]) -> CourseOutline | None:
    return next((course for course in courses if course), None)


def _address(campaign: CampaignPage, course: CourseOutline | None) -> str:
    """The full address of the course, or of the campaign while it has none.

    Its host is the deployment's: a poster outlives the name that one reader came by.
    """
    url = course.url if course else campaign.get_url() or ""
    return settings.SITE_URL + urlsplit(url).path


def _words(campaign: CampaignPage, stamp: str) -> Words:
    course = _first(courses_of(campaign, stamp=stamp))
    points = [
        _("Ten minutes at a time, on a phone or a computer"),
        _("A certificate at the end, with a code that anyone can check"),
    ]
    if course:
        counts = {"modules": len(course.modules), "lessons": len(course.lessons)}
        points.insert(0, _("%(modules)s modules, %(lessons)s lessons") % counts)
    trial = _("Trial version")
    owner = _("Department of Science and Technology of Hai Phong city")
    return Words(
        lang=get_language() or settings.LANGUAGE_CODE,
        eyebrow=_("26 April · Hải Phòng takes part"),
        title=campaign.title,
        lead=campaign.lead,
        course=course.title if course else "",
        points=tuple(points),
        scan=_("Scan the code and start now"),
        offer=_("Online course · ten minutes at a time · with a certificate"),
        address=(address := _address(campaign, course)),
        owner=f"{trial} · {owner}" if settings.DEMO else owner,
        art=_("The ring of the 17 goals; inside it a red flamboyant flower rises from the sea."),
        qr=_("QR code that leads to the course: %(address)s") % {"address": address},
        changed=campaign.last_published_at or timezone.now(),
    )
