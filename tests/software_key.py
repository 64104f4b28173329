"""A device that makes passkeys and signs with them, in software: as a browser would hand it on."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from hrdtracker.accounts import factors, passkeys, sessions
from hrdtracker.accounts.factors import SignedInAt
from hrdtracker.accounts.passkeys import Site
from tests import make

SITE = Site("localhost", "http://localhost")
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class SoftwareKey:
    """One key pair; what a test sets otherwise is what an attacker would."""

    origin: str = SITE.origin
    host: str = SITE.name
    verifies: bool = True
    counts: int = 0
    number: bytes = b"\x05" * 32
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: str) -> str:
        """Return what a browser sends after making a passkey."""
        place = self.private.public_key().public_numbers()
        x, y = place.x.to_bytes(32, "big"), place.y.to_bytes(32, "big")
        key = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        about = bytes(16) + len(self.number).to_bytes(2, "big") + self.number + key
        attested = {"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED) + about}
        answer = {
            "clientDataJSON": self._said(options, "webauthn.create"),
            "attestationObject": cbor2.dumps(attested),
        }
        return self._sent(answer)

    def sign(self, options: str) -> str:
        """Return what a browser sends after the device has signed."""
        self.counts += 1
        data, said = self._data(0), self._said(options, "webauthn.get")
        signature = self.private.sign(data + sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._sent(
            {"clientDataJSON": said, "authenticatorData": data, "signature": signature}
        )

    def _data(self, more: int) -> bytes:
        flags = PRESENT | (VERIFIED if self.verifies else 0) | more
        counted = self.counts.to_bytes(4, "big")
        return sha256(self.host.encode()).digest() + bytes([flags]) + counted

    def _said(self, options: str, kind: str) -> bytes:
        challenge = json.loads(options)["challenge"]
        return json.dumps(
            {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        ).encode()

    def _sent(self, answer: dict[str, bytes]) -> str:
        number = bytes_to_base64url(self.number)
        response: dict[str, Any] = {
            name: bytes_to_base64url(value) for name, value in answer.items()
        }
        return json.dumps(
            {"id": number, "rawId": number, "type": "public-key", "response": response}
        )


def challenge_of(options: str) -> bytes:
    """Return the challenge of some options."""
    return base64url_to_bytes(json.loads(options)["challenge"])


def add_key(key: SoftwareKey, login: str = "director") -> list[str]:
    """Let somebody add a passkey; return the recovery codes they get. Inside a unit of work."""
    user = make.user(login)
    visitor = sessions.identify(sessions.begin(user, "Test"))
    assert visitor is not None
    options = passkeys.options_to_add(user, visitor.session_id, SITE, "Daybook")
    place = SignedInAt(visitor.session_id, "Test")
    return factors.add_passkey(visitor.actor, key.make(options), SITE, place)
