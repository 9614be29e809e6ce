"""The demo class's passwords: made at the start, told once, and kept only as hashes."""

import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path

from jupyterhub.auth import Authenticator
from traitlets import Unicode

FILE = "passwords.json"  # in the state
COST = {"n": 2**14, "r": 8, "p": 1}  # scrypt (RFC 7914): 16 MB and some hundredths of a second


def make_passwords(state: Path, people: list[str]) -> dict[str, str]:
    """Return a new password for each person, and keep their hashes in ``state``."""
    passwords = {name: secrets.token_urlsafe(9) for name in people}
    hashes = {}
    for name, password in passwords.items():
        salt = secrets.token_bytes(16)
        hashes[name] = [salt.hex(), _hash(password, salt)]
    path = state / FILE
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(hashes, file)
    return passwords


class DemoAuthenticator(Authenticator):
    """Lets in whoever has the password that was made for them."""

    passwords = Unicode(help="The file of hashes.", config=True)

    async def authenticate(self, handler: object, data: dict[str, str]) -> str | None:
        """Return the name if the password is right, else None."""
        hashes = json.loads(Path(self.passwords).read_text())
        name = self.normalize_username(data["username"])
        salt, wanted = hashes.get(name, ["", ""])
        found = _hash(data["password"], bytes.fromhex(salt))
        return name if hmac.compare_digest(found, wanted) else None


def _hash(password: str, salt: bytes) -> str:
    return hashlib.scrypt(password.encode(), salt=salt, **COST).hex()
