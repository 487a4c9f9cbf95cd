"""Doing what people do at the doors: asking for codes, reading mail, holding passkeys."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from django.test import Client
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

from tests.factories import PASSWORD

ASK, TYPE = "/dang-nhap/ma-qua-thu/", "/dang-nhap/ma-qua-thu/nhap/"


def log_in(name: str, browser: Client | None = None, password: str = PASSWORD, **extra: Any) -> Any:
    return (browser or Client()).post(
        "/dang-nhap/", {"username": name, "password": password}, **extra
    )


def who(browser: Client) -> int | None:
    pk = browser.session.get("_auth_user_id")
    return int(pk) if pk else None


def mailed_code() -> str:
    """The six digits of the newest letter."""
    found = re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[1]


def app_code(secret: str, *, later: int = 0) -> str:
    """What an app with this secret shows now, or `later` half minutes from now."""
    return format_hotp_value(hotp_value(secret.replace(" ", ""), int(time.time()) // 30 + later))


def set_up_app(browser: Client) -> str:
    """Set up an app as a person does; its secret."""
    browser.post("/tai-khoan/buoc-hai/ung-dung/moi/")
    secret = browser.get("/tai-khoan/buoc-hai/ung-dung/").context["secret"]
    reply = browser.post("/tai-khoan/buoc-hai/ung-dung/", {"code": app_code(secret)})
    assert reply.status_code == 302, reply.context["form"].errors
    return secret


class Key:
    """A passkey in software: makes a key pair, signs what a browser would have it sign."""

    def __init__(self, *, host: str = "testserver", origin: str = "http://testserver") -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id, self.host, self.origin, self.count = secrets.token_bytes(16), host, origin, 0

    def make(self, asked: dict[str, Any]) -> str:
        """The browser's answer to «make a key», as JSON."""
        public = cbor.encode(ES256.from_cryptography_key(self.private.public_key()))
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        data = self._data(0x45) + attested
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked)
        return self._answer(clientDataJSON=client, attestationObject=attestation)

    def show(self, asked: dict[str, Any]) -> str:
        """The browser's answer to «show your key», as JSON."""
        data, client = self._data(0x05), self._client("webauthn.get", asked)
        signed = self.private.sign(
            data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256())
        )
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signed)

    def _data(self, flags: int) -> bytes:
        self.count += 1
        digest = hashlib.sha256(self.host.encode()).digest()
        return digest + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, what: str, asked: dict[str, Any]) -> bytes:
        told = {
            "type": what,
            "challenge": asked["publicKey"]["challenge"],
            "origin": self.origin,
            "crossOrigin": False,
        }
        return json.dumps(told).encode()

    def _answer(self, **parts: bytes) -> str:
        return json.dumps(
            {
                "id": websafe_encode(self.id),
                "rawId": websafe_encode(self.id),
                "type": "public-key",
                "response": {name: websafe_encode(part) for name, part in parts.items()},
                "clientExtensionResults": {},
            }
        )


def broken(answer: str) -> str:
    """The same answer with a signature that doesn't fit."""
    told = json.loads(answer)
    signature = bytearray(websafe_decode(told["response"]["signature"]))
    signature[-1] ^= 1
    told["response"]["signature"] = websafe_encode(bytes(signature))
    return json.dumps(told)
