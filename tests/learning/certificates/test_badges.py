"""Open Badges 3.0, read by a path of its own: joserfc for the signature, and what the standards ask
of credential, keys and status list written out here once more."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import RSAKey
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier

from learning.certificates.actions import (
    reissue_certificate,
    restore_certificate,
    revoke_certificate,
)
from learning.certificates.badges import keys
from learning.certificates.badges.credential import LIST_LENGTH, encode_bits
from learning.certificates.models import CourseRule
from portal.home.setup import ensure_home
from tests.factories import UserFactory
from tests.learning.certificates.factories import issue

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def key_file(tmp_path_factory):
    return tmp_path_factory.mktemp("badges") / "key.pem"


@pytest.fixture(autouse=True)
def _key(settings, key_file, monkeypatch):
    monkeypatch.setattr(keys, "_BITS", 2048)  # a longer one takes seconds to find
    ensure_home(hostname="testserver")
    settings.BADGES = {"key": str(key_file), "passphrase": "", "old_keys": [], "is_test": True}


def fetch(client, address: str):
    """What stands at a full address of this house."""
    path = "/" + address.split("/", 3)[3]
    reply = client.get(path)
    assert reply.status_code == 200, path
    assert reply["Access-Control-Allow-Origin"] == "*"
    return reply


def verified(client, token: str) -> dict:
    """The payload, once its signature holds with the key that its header names."""
    header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
    assert (header["alg"], header["typ"]) == ("RS256", "JWT")
    jwk = fetch(client, header["kid"]).json()
    assert "d" not in jwk
    payload = jws.deserialize_compact(token, RSAKey.import_key(jwk), algorithms=["RS256"]).payload
    return json.loads(payload)


def token_of(client, certificate) -> str:
    return client.get(reverse("certificates:badge_jwt", args=[certificate.code])).content.decode()


def void_for(client, payload: dict) -> list[str]:
    """As a verifier does it: each list is fetched, checked, unpacked, its bit looked at."""
    entries = payload["credentialStatus"]
    assert [entry["statusPurpose"] for entry in entries] == ["revocation", "suspension"]
    return [entry["statusPurpose"] for entry in entries if is_set(client, payload, entry)]


def is_set(client, payload: dict, entry: dict) -> bool:
    assert entry["type"] == "BitstringStatusListEntry"
    listed = verified(client, fetch(client, entry["statusListCredential"]).content.decode())
    assert listed["id"] == entry["statusListCredential"]
    assert listed["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert listed["issuer"] == payload["issuer"]["id"]
    subject = listed["credentialSubject"]
    assert subject["statusPurpose"] == entry["statusPurpose"]
    bits = unpacked(subject["encodedList"])
    place = int(entry["statusListIndex"])
    return bool(bits[place // 8] & (1 << (7 - place % 8)))


def unpacked(text: str) -> bytes:
    assert text[0] == "u"
    bits = gzip.decompress(base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4)))
    assert len(bits) * 8 == LIST_LENGTH
    return bits


def test_an_independent_verifier_accepts_the_credential(client):
    certificate = issue(full_name="Đặng Thị «Thí Dụ»", goal_name="Kỹ năng số")
    told = verified(client, token_of(client, certificate))
    assert told["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert told["@context"][1].startswith("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.")
    assert told["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert (told["iss"], told["jti"]) == (told["issuer"]["id"], told["id"])
    assert told["sub"] == told["credentialSubject"]["id"]
    issued = datetime.strptime(told["validFrom"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert int(issued.timestamp()) == told["nbf"] == int(certificate.issued_at.timestamp())
    assert ("exp" in told, "validUntil" in told) == (False, False)
    subject = told["credentialSubject"]
    assert subject["identifier"] == [
        {
            "type": "IdentityObject",
            "hashed": False,
            "identityHash": "Đặng Thị «Thí Dụ»",
            "identityType": "name",
        }
    ]
    assert subject["licenseNumber"] == certificate.number_text
    assert {"id", "type", "name", "description", "criteria"} <= subject["achievement"].keys()
    assert subject["achievement"]["criteria"]["narrative"]
    assert certificate.enrolment.user.email not in json.dumps(told)
    assert void_for(client, told) == []


def test_the_issuer_and_its_keys_are_published(client):
    told = verified(client, token_of(client, issue()))
    profile = fetch(client, told["issuer"]["id"]).json()
    assert (profile["id"], profile["type"]) == (told["issuer"]["id"], ["Profile"])
    assert profile["name"] == told["issuer"]["name"]
    published = client.get(reverse("certificates:badge_keys")).json()["keys"]
    assert len(published) == 1
    key = RSAKey.import_key(published[0])
    assert published[0]["kid"] == key.thumbprint()
    assert client.get(reverse("certificates:badge_key", args=["other"])).status_code == 404


def test_the_json_is_the_same_credential_in_its_envelope(client):
    certificate = issue()
    page = client.get(reverse("certificates:badge", args=[certificate.code.lower()])).json()
    assert page["type"] == "EnvelopedVerifiableCredential"
    kind, _comma, token = page["id"].partition(",")
    assert kind == "data:application/vc+jwt"
    assert verified(client, token) == verified(client, token_of(client, certificate))
    shown = client.get(reverse("certificates:verify_json", args=[certificate.code])).json()
    assert fetch(client, shown["badge"]).json() == page


def test_what_is_changed_is_not_accepted(client):
    head, body, signature = token_of(client, issue()).split(".")
    told = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    told["credentialSubject"]["identifier"][0]["identityHash"] = "Người Khác"
    forged = base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()
    with pytest.raises(BadSignatureError):
        verified(client, f"{head}.{forged}.{signature}")


def test_revoked_and_replaced_are_told_by_the_lists(client):
    by = UserFactory()
    good, bad, old = issue(), issue(), issue(full_name="Le Van Sai")
    payloads = [verified(client, token_of(client, one)) for one in (good, bad, old)]
    assert [void_for(client, payload) for payload in payloads] == [[], [], []]
    revoke_certificate(certificate=bad, reason="Thi hộ", by=by)
    reissue_certificate(certificate=old, full_name="Lê Văn Mẫu", reason="Tên", by=by)
    cache.clear()
    # What is replaced stays so; what is revoked may be restored: another purpose, by the standard.
    told = [void_for(client, payload) for payload in payloads]
    assert told == [[], ["suspension"], ["revocation"]]
    restore_certificate(certificate=bad, reason="Xét lại", by=by)
    cache.clear()
    assert [void_for(client, payload) for payload in payloads] == [[], [], ["revocation"]]


def test_one_that_expires_says_when(client):
    key = uuid4()
    CourseRule.objects.create(course_key=key, valid_months=12)
    certificate = issue(course_key=key)
    told = verified(client, token_of(client, certificate))
    ends = datetime.fromtimestamp(told["exp"], tz=UTC)
    assert timezone.localtime(ends).isoformat()[:19] == (
        f"{certificate.expires_on + timedelta(days=1)}T00:00:00"
    )
    assert told["validUntil"] == ends.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_without_a_key_there_are_no_badges(client, settings):
    certificate = issue()
    settings.BADGES = {"key": "", "passphrase": "", "old_keys": [], "is_test": False}
    for name, args in (
        ("badge", [certificate.code]),
        ("badge_jwt", [certificate.code]),
        ("badge_issuer", []),
        ("badge_keys", []),
        ("badge_status", [0]),
        ("badge_suspension", [0]),
    ):
        assert client.get(reverse(f"certificates:{name}", args=args)).status_code == 404
    shown = client.get(reverse("certificates:verify_json", args=[certificate.code])).json()
    assert shown["badge"] is None
    client.force_login(certificate.enrolment.user)
    assert "huy-hieu" not in client.get(reverse("certificates:mine")).content.decode()


def test_no_code_no_badge_and_no_list_beyond_the_last(client):
    issue()
    for code in ("7K3M-92QF-XWAB-4C", "x", "' OR 1=1"):
        assert client.get(reverse("certificates:badge", args=[code])).status_code == 404
    assert client.get(reverse("certificates:badge_status", args=[99999])).status_code == 404
    assert client.post(reverse("certificates:badge_keys")).status_code == 405


def test_an_old_key_goes_on_counting(client, settings, tmp_path, key_file):
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_pem_private_key,
    )

    token = token_of(client, issue())
    old = tmp_path / "old.pem"
    public = load_pem_private_key(key_file.read_bytes(), None).public_key()
    old.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    newer = tmp_path / "new.pem"
    settings.BADGES = {**settings.BADGES, "key": str(newer), "old_keys": [str(old)]}
    assert len(client.get(reverse("certificates:badge_keys")).json()["keys"]) == 2
    assert verified(client, token)["type"][1] == "OpenBadgeCredential"
    assert newer.stat().st_mode & 0o077 == 0


def test_a_file_that_is_no_key_is_refused(settings, tmp_path):
    (tmp_path / "no.pem").write_text("no key")
    settings.BADGES = {**settings.BADGES, "key": str(tmp_path / "no.pem")}
    with pytest.raises(keys.NoKeyError):
        keys.signing_key()


@settings(max_examples=15)
@given(st.sets(st.integers(0, LIST_LENGTH - 1), max_size=40))
def test_exactly_the_bits_that_were_set_come_back(places):
    bits = int.from_bytes(unpacked(encode_bits(places)), "big")
    assert {n for n in places if bits >> (LIST_LENGTH - 1 - n) & 1} == places
    assert bits.bit_count() == len(places)


def test_a_verifier_of_the_standard_follows_it_through_its_life(client):
    """openbadgeslib reads the credential, fetches the list, checks both, and says no when it is
    void or changed."""
    certificate = issue()
    token = token_of(client, certificate)
    header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
    known = RSAKey.import_key(fetch(client, header["kid"]).json()).as_pem(private=False)
    verifier = OB3Verifier(known)

    def look():
        return verifier.verify(
            token, check_status=True, download=lambda address: fetch(client, address).content
        )

    assert look().issuer.id.endswith(reverse("certificates:badge_issuer"))
    revoke_certificate(certificate=certificate, by=UserFactory(), reason="Cấp nhầm người")
    cache.clear()
    with pytest.raises(OB3VerificationError, match="suspension"):
        look()
    begin, payload, end = token.split(".")
    told = json.loads(base64.urlsafe_b64decode(payload + "=="))
    forged = base64.urlsafe_b64encode(json.dumps(told | {"name": "Khác"}).encode()).decode()
    with pytest.raises(OB3VerificationError):
        verifier.verify(f"{begin}.{forged.rstrip('=')}.{end}")
