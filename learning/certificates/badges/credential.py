"""The credential of a certificate, the profile of its issuer, and the status list.

After Open Badges 3.0 (1EdTech), the data model of verifiable credentials 2.0 and the bitstring
status list 1.0 (W3C). What the paper shows is told and nothing more: the holder is named as it is
there, by no address and no account.
"""

import base64
import datetime
import gzip
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from learning.certificates.badges.keys import signing_key
from learning.certificates.models import Certificate

_VC = "https://www.w3.org/ns/credentials/v2"
OB_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
_SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)
# The least the standard allows: nobody is found out by the length of her list.
LIST_LENGTH = 131_072
# How long a verifier may keep the list: revocations are seen within an hour.
LIST_KEPT = datetime.timedelta(hours=1)
Status = Certificate.Status
# By the standard «revocation» is never undone, «suspension» may be. A replaced one is void for
# good; a revoked one may be restored by two persons. Each purpose has a list: name of its address,
# and which certificates are set in it.
PURPOSES = {
    "revocation": ("badge_status", Status.REISSUED),
    "suspension": ("badge_suspension", Status.REVOKED),
}


def credential(certificate: Certificate) -> dict[str, Any]:
    """The unsigned `OpenBadgeCredential`."""
    told: dict[str, Any] = {
        "@context": [_VC, OB_CONTEXT],
        "id": address("badge", certificate.code),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": certificate.course_title,
        "issuer": profile(certificate),
        "validFrom": _time(certificate.issued_at),
        "credentialSubject": _subject(certificate),
        "credentialSchema": [{"id": _SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
        "credentialStatus": _status(certificate),
    }
    if certificate.expires_on is not None:
        told["validUntil"] = _time(_end_of(certificate.expires_on))
    if certificate.is_trial:
        told["description"] = "Bản dùng thử, không có giá trị."
    return told


def signed_credential(certificate: Certificate) -> str:
    """The credential as a JWT with the claims that Open Badges 3.0 wants beside it."""
    told = credential(certificate)
    claims: dict[str, Any] = {
        "iss": told["issuer"]["id"],
        "jti": told["id"],
        "sub": told["credentialSubject"]["id"],
        "nbf": int(certificate.issued_at.timestamp()),
    }
    if certificate.expires_on is not None:
        claims["exp"] = int(_end_of(certificate.expires_on).timestamp())
    return _signed({**told, **claims})


def enveloped(certificate: Certificate) -> dict[str, Any]:
    """The signed credential as JSON, in the envelope of the data model 2.0."""
    return {
        "@context": _VC,
        "id": f"data:application/vc+jwt,{signed_credential(certificate)}",
        "type": "EnvelopedVerifiableCredential",
    }


def profile(certificate: Certificate | None = None) -> dict[str, Any]:
    """The issuer, as on the certificate or as the settings have it now."""
    issuer = settings.CERTIFICATE_ISSUER
    return {
        "id": address("badge_issuer"),
        "type": ["Profile"],
        "name": certificate.issuer_name if certificate else issuer["name"],
        "url": settings.SITE_URL,
        "parentOrg": {
            "id": address("badge_issuer") + "#cap-tren",
            "type": ["Profile"],
            "name": certificate.issuer_parent if certificate else issuer["parent"],
        },
    }


def status_list(number: int, purpose: str, *, now: datetime.datetime | None = None) -> str:
    """The signed list with number `number` of one of the `PURPOSES`: a bit for each certificate."""
    made = (now or timezone.now()).replace(microsecond=0)
    first = number * LIST_LENGTH
    name, status = PURPOSES[purpose]
    told = {
        "@context": [_VC],
        "id": address(name, number),
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": address("badge_issuer"),
        "validFrom": _time(made),
        "validUntil": _time(made + LIST_KEPT),
        "credentialSubject": {
            "id": address(name, number) + "#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encode_bits(
                pk - first for pk in _set(first, status).values_list("pk", flat=True).iterator()
            ),
            "ttl": int(LIST_KEPT.total_seconds() * 1000),
        },
    }
    claims = {
        "iss": told["issuer"],
        "jti": told["id"],
        "nbf": int(made.timestamp()),
        "exp": int((made + LIST_KEPT).timestamp()),
    }
    return _signed({**told, **claims})


def encode_bits(places: Any) -> str:
    """The list with these bits set: the first bit is the leftmost, compressed, in base64url with
    the prefix of its alphabet. Raises `IndexError` for a place beyond the list."""
    bits = bytearray(LIST_LENGTH // 8)
    for place in places:
        bits[place >> 3] |= 0x80 >> (place & 7)
    packed = base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0))
    return "u" + packed.rstrip(b"=").decode()


def lists() -> int:
    """How many lists there are: enough for every certificate, at least one."""
    newest = Certificate.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return int(newest) // LIST_LENGTH + 1


def address(name: str, *args: Any) -> str:
    """The full address of a badge's document, the same in every language."""
    with translation.override(settings.LANGUAGE_CODE):
        return settings.SITE_URL + reverse(f"certificates:{name}", args=args)


def _set(first: int, status: str) -> QuerySet[Certificate]:
    found = Certificate.objects.filter(status=status)
    return found.filter(pk__gte=first, pk__lt=first + LIST_LENGTH).order_by()


def _subject(certificate: Certificate) -> dict[str, Any]:
    told = [f"Kết quả: {certificate.result}", f"Số vào sổ: {certificate.register_number}"]
    if certificate.unit_name:
        told.append(f"Đơn vị: {certificate.unit_name}")
    return {
        "id": address("badge", certificate.code) + "#nguoi-hoc",
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": False,
                "identityHash": certificate.full_name,
                "identityType": "name",
            }
        ],
        "licenseNumber": certificate.number_text,
        "activityStartDate": _day(certificate.started_on),
        "activityEndDate": _day(certificate.completed_on),
        "narrative": ". ".join(told),
        "achievement": {
            "id": f"urn:uuid:{certificate.course_key}",
            "type": ["Achievement"],
            "achievementType": "CertificateOfCompletion",
            "name": certificate.course_title,
            "description": certificate.goal_name or certificate.course_title,
            "criteria": {
                "narrative": "Học xong các bài và đạt các bài kiểm tra của chuyên đề trực tuyến."
            },
        },
    }


def _status(certificate: Certificate) -> list[dict[str, str]]:
    number, place = divmod(certificate.pk, LIST_LENGTH)
    return [
        {
            "id": f"{address(name, number)}#{place}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": str(place),
            "statusListCredential": address(name, number),
        }
        for purpose, (name, _status) in PURPOSES.items()
    ]


def _signed(payload: dict[str, Any]) -> str:
    key = signing_key()
    return key.sign(payload, kid=address("badge_key", key.public.kid))


def _day(day: datetime.date) -> str:
    return _time(datetime.datetime.combine(day, datetime.time(), timezone.get_default_timezone()))


def _end_of(day: datetime.date) -> datetime.datetime:
    """The first moment on which it is valid no more."""
    following = day + datetime.timedelta(days=1)
    return datetime.datetime.combine(following, datetime.time(), timezone.get_default_timezone())


def _time(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
