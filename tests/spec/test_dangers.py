"""What the program contains nowhere: found in its source, so that whoever brings it in sees red (ASVS 5.0, 1.3, 1.5, 11)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("api", "application", "domain", "infrastructure")
# Calls that make code of data.
CALLED = {"eval", "exec", "compile", "__import__", "os.system", "os.popen"}
# Readers that resolve entities or make objects of what they read; interpreters and servers that texts could steer.
PARTS = {
    *("pickle", "marshal", "shelve", "dill", "jsonpickle", "yaml", "xml", "lxml", "bs4"),
    *("jinja2", "mako", "ldap", "ldap3", "memcache", "pymemcache", "smtplib", "imaplib"),
}
# Memory of no type's keeping: one call, that ends a child with its parent.
UNTYPED = {"infrastructure/embedded.py"}
WEAK = {"md5", "sha1", "new", "DES", "TripleDES", "ARC4", "Blowfish", "ECB", "CBC", "PKCS1v15"}
# Chance that is no secret: how long a webhook waits, and the id of an event that is not one's own to guess.
CHANCE = {"api/deliverer.py", "infrastructure/recorder.py"}
# The only places that call primitives of the library: signatures, and AES-256-GCM.
CIPHERS = {"infrastructure/signers.py", "infrastructure/codes.py", "infrastructure/directory.py"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def named(node: ast.expr) -> str:
    """Give the dotted name of what is called."""
    if isinstance(node, ast.Attribute):
        return f"{named(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Give each module that is imported, and each name from it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((each.name, "") for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", each.name) for each in node.names)


def code_of_data(tree: ast.Module) -> list[str]:
    calls = [each for each in ast.walk(tree) if isinstance(each, ast.Call)]
    shells = [
        f"shell at line {each.lineno}"
        for each in calls
        for word in each.keywords
        if word.arg == "shell" and not (isinstance(word.value, ast.Constant) and word.value.value is False)
    ]
    return [named(each.func) for each in calls if named(each.func) in CALLED] + shells


def parts(tree: ast.Module) -> list[str]:
    return [module for module, _ in imports(tree) if module.split(".")[0] in PARTS]


def weak(tree: ast.Module) -> list[str]:
    used = [name for module, name in imports(tree) if module.startswith(("cryptography", "hashlib"))]
    used += [
        each.attr
        for each in ast.walk(tree)
        if isinstance(each, ast.Attribute)
        and named(each).startswith(("hashlib.", "modes.", "algorithms.", "padding."))
    ]
    digests = [
        str(each.args[-1].value)
        for each in ast.walk(tree)
        if isinstance(each, ast.Call)
        and named(each.func) in {"hmac.new", "hmac.digest"}
        and isinstance(each.args[-1], ast.Constant)
        and each.args[-1].value != "sha256"
    ]
    return [each for each in used if each in WEAK] + digests


def chance(tree: ast.Module) -> list[str]:
    return [module for module, _ in imports(tree) if module == "random"]


def untyped(tree: ast.Module) -> list[str]:
    return [module for module, _ in imports(tree) if module.split(".")[0] in {"ctypes", "cffi", "mmap"}]


def ciphers(tree: ast.Module) -> list[str]:
    return [module for module, _ in imports(tree) if module.startswith("cryptography.hazmat")]


PLANTS = {
    code_of_data: (
        "eval(text)",
        "import os\nos.system(text)",
        "subprocess.run(text, shell=True)",
        "run(text, shell=x)",
    ),
    parts: ("import pickle", "from xml.etree import ElementTree", "import yaml.reader"),
    weak: (
        "hashlib.md5(b'')",
        "from hashlib import sha1",
        "hmac.new(key, text, 'sha1')",
        "Cipher(algorithms.AES(key), modes.ECB())",
        "from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15",
    ),
    chance: ("import random", "from random import choice"),
    untyped: ("import ctypes", "from ctypes.util import find_library"),
    ciphers: ("from cryptography.hazmat.primitives.ciphers.aead import AESGCM",),
}


@pytest.mark.parametrize("look", PLANTS, ids=lambda each: each.__name__)
def test_each_danger_would_be_seen(look):
    """The control: what is planted is found."""
    assert [plant for plant in PLANTS[look] if not look(ast.parse(plant))] == []


def test_no_code_is_made_of_data_and_no_shell_is_started():
    assert {name: found for name, tree in modules() if (found := code_of_data(tree))} == {}


def test_nothing_is_read_that_makes_objects_or_resolves_entities():
    assert {name: found for name, tree in modules() if (found := parts(tree))} == {}


def test_no_weak_hash_cipher_or_padding_is_named():
    assert {name: found for name, tree in modules() if (found := weak(tree))} == {}


def test_chance_that_can_be_foretold_makes_no_secret():
    """Whatever must not be guessed comes from the operating system: secrets, os.urandom, and pyotp by the former."""
    assert {name for name, tree in modules() if chance(tree)} == CHANCE


def test_no_memory_is_reached_past_the_language():
    assert {name for name, tree in modules() if untyped(tree)} == UNTYPED


def test_ciphers_and_signatures_are_the_librarys_and_used_in_few_places():
    found = {name for name, tree in modules() if ciphers(tree)}
    assert found <= CIPHERS, found - CIPHERS
    assert {"infrastructure/signers.py", "infrastructure/codes.py"} <= found
