"""The directory on PostgreSQL: ciphertext in the database, a key for each person beside it."""

import os
from datetime import datetime
from typing import Final

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application import ids
from domain.contacts import Contact
from infrastructure import database, statements
from infrastructure.people_keys import PeopleKeys

log = structlog.get_logger()
SQL = statements.load("directory.sql")
# As NIST SP 800-38D has it; at random, a key may seal 2^32 times, and a person's does so a few times in his life.
NONCE_BYTES: Final = 12
FORMAT: Final = b"lianxi/directory/v1/"


class PostgresDirectory:
    """The port ``Directory``."""

    def __init__(self, db: database.Database, keys: PeopleKeys) -> None:
        self._database = db
        self._keys = keys

    def show(self, person: str, *, reader: str) -> Contact | None:
        """Give a person's contact data; None where there are none, or their key is gone. Raises: KeyUnusable."""
        name = "own" if reader == person else "anothers"
        parameters = {"person": person, "act": ids.new_id(), "actor": reader}
        with self._database.connection() as connection:
            found = connection.execute(SQL[name], parameters).fetchone()
        key = self._keys.load(person)
        if found is None or key is None:
            return None
        nonce, sealed = found
        try:
            opened = AESGCM(key).decrypt(nonce, sealed, FORMAT + person.encode())
        except InvalidTag:
            # Another person's row, an older key's or a changed one: nothing of it is shown.
            log.error("directory_row_not_authentic", person=person)  # noqa: TRY400  # A finding, not a fault.
            return None
        return Contact.model_validate_json(opened)

    def set(self, person: str, contact: Contact, *, actor: str) -> None:
        """Replace a person's contact data, by his own key, made at first use. Raises: KeyUnusable."""
        nonce = os.urandom(NONCE_BYTES)
        text = contact.model_dump_json().encode()
        sealed = AESGCM(self._keys.make(person)).encrypt(nonce, text, FORMAT + person.encode())
        parameters = {
            "person": person,
            "nonce": nonce,
            "sealed": sealed,
            "act": ids.new_id(),
            "actor": actor,
        }
        with self._database.connection() as connection:
            connection.execute(SQL["set"], parameters)

    def erase(self, person: str, *, actor: str) -> bool:
        """Destroy a person's key and remove the row. Returns: False where there was neither. Raises: KeyUnusable."""
        # The key first: what a crash then leaves is ciphertext that nobody can read, and a repeat removes it.
        keyed = self._keys.destroy(person)
        parameters = {"person": person, "keyed": keyed, "act": ids.new_id(), "actor": actor}
        with self._database.connection() as connection:
            found = connection.execute(SQL["erase"], parameters).fetchone()
        return bool(found and found[0])

    def acts(self, person: str) -> list[tuple[datetime, str, str]]:
        """List who did what about a person's contact data: when, who, ``set``, ``read`` or ``erased``."""
        with self._database.connection() as connection:
            return connection.execute(SQL["acts"], {"person": person}).fetchall()
