"""What members are called where their ids shall not be seen."""

from __future__ import annotations

import hashlib

_DIGITS = 12


def pseudonym(program_id: str, member_id: str) -> str:
    """A member's name, the same in every report of the program."""
    digest = hashlib.sha256(f"{program_id}\n{member_id}".encode("utf-8", "surrogatepass"))
    return f"m-{digest.hexdigest()[:_DIGITS]}"
