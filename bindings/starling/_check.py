"""Arguments: a wrong type raises TypeError, a value out of range InvalidArgument, both naming the
parameter."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Optional

from ._errors import InvalidArgument
from ._types import Cursor, MemberRole, ReadLevel, Stale

INT64_MAX = 2**63 - 1
LIMIT_MAX = 200  # The servers' largest page.
SECONDS_MAX = 10_000_000.0
REQUEST_ID_BYTES = 16
TOKEN_BYTES = 512  # Tokens have some fifty.


def _wrong(field: str, wanted: str, value: Any) -> TypeError:
    return TypeError(f"{field}: {wanted} is needed, not {type(value).__name__}")


def invalid(field: str, why: str) -> InvalidArgument:
    return InvalidArgument(f"{field}: {why}", field=field)


def text(field: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong(field, "a str", value)
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise invalid(field, "is not valid UTF-8.") from None
    return value


def token(value: Any) -> str:
    """What a header of a call can carry; whether it is good is for the servers to say."""
    checked = text("token", value)
    if len(checked) > TOKEN_BYTES or not all(" " <= one <= "~" for one in checked):
        raise invalid("token", "is not the token of a session; Session.token gives them.")
    return checked


def optional_text(field: str, value: Any) -> str:
    """The empty string stands for None."""
    return "" if value is None else text(field, value)


def number(field: str, value: Any, low: int = 0, high: int = INT64_MAX) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong(field, "an int", value)
    if not low <= value <= high:
        raise invalid(field, f"{value} is not between {low} and {high}.")
    return value


def identity(field: str, value: Any) -> int:
    return number(field, value, low=1)


def optional_number(field: str, value: Any) -> int:
    """0 stands for None."""
    return 0 if value is None else number(field, value)


def limit(value: Any) -> int:
    return number("limit", value, low=1, high=LIMIT_MAX)


def numbers(field: str, values: Any) -> list[int]:
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise _wrong(field, "a list of int", values)
    return [number(field, value, low=1) for value in values]


def texts(field: str, values: Any) -> list[str]:
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise _wrong(field, "a list of str", values)
    return [text(field, value) for value in values]


def marks(value: Any) -> list[tuple[int, int]]:
    if not isinstance(value, Mapping):
        raise _wrong("marks", "a dict of seq by conversation id", value)
    return [(number("marks", chat, low=1), number("marks", seq)) for chat, seq in value.items()]


def seq(field: str, value: Any) -> int:
    """0 stands for None."""
    return 0 if value is None else number(field, value, low=1)


def role(value: Any) -> int:
    """As the C++ half has it: the place of the enumerator."""
    if not isinstance(value, MemberRole):
        raise _wrong("role", "a starling.MemberRole", value)
    return list(MemberRole).index(value)


def flag(field: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(field, "a bool", value)
    return value


def seconds(value: Any, field: str = "timeout") -> Optional[float]:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _wrong(field, "a number of seconds", value)
    if math.isnan(value) or not 0 < value <= SECONDS_MAX:
        raise invalid(field, f"{value} is not above 0 and at most {SECONDS_MAX:.0f} seconds.")
    return float(value)


def some_seconds(value: Any) -> float:
    checked = seconds(value)
    if checked is None:
        raise _wrong("timeout", "a number of seconds", value)
    return checked


def addresses(value: Any) -> list[str]:
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise _wrong("addresses", 'a list such as ["127.0.0.1:5101"]', value)
    return [text("addresses", one) for one in value]


def level(value: Any) -> int:
    """As the C++ half has it: -1 session, 0 linearizable, above 0 the staleness in milliseconds."""
    if isinstance(value, Stale):
        return round(value.seconds * 1000.0)
    if value is Stale:
        raise TypeError("level: Stale needs its seconds, as in starling.Stale(1.0)")
    if not isinstance(value, ReadLevel):
        raise _wrong("level", "a starling.ReadLevel or starling.Stale", value)
    return 0 if value is ReadLevel.LINEARIZABLE else -1


def cursor(value: Any) -> Optional[tuple[int, int, int, int]]:
    if value is None:
        return None
    if isinstance(value, Cursor):
        number("after", value.epoch, high=2**64 - 1)
        number("after", value.index, high=2**64 - 1)
        number("after", value.ordinal, high=2**32 - 1)
        number("after", value.cluster, high=2**64 - 1)
        return (value.epoch, value.index, value.ordinal, value.cluster)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong("after", "a starling.Cursor, 0 or None", value)
    if value != 0:
        raise invalid("after", f"{value} is no starling.Cursor; 0 begins at the beginning.")
    return (0, 0, 0, 0)


def request_id(value: Any) -> Optional[bytes]:
    if value is None:
        return None
    if not isinstance(value, bytes):
        raise _wrong("request_id", "bytes", value)
    if len(value) != REQUEST_ID_BYTES:
        raise invalid("request_id", f"has {len(value)} bytes; {REQUEST_ID_BYTES} are needed.")
    return value


def callback(value: Any, field: str = "callback") -> None:
    if not callable(value):
        raise _wrong(field, "a callable", value)
