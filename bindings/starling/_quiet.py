"""Classes of which help() and dir() show what is ours, not what every exception, list or enumeration
has besides: a metaclass decides what dir() of a class tells, and help() goes by that. Their objects
are as they would be without."""

import enum


_NOISY = ("builtins", "enum", "typing")


def _own_names(cls: type) -> list[str]:
    ours = [base for base in cls.__mro__ if base.__module__ not in _NOISY]
    return sorted({name for base in ours for name in vars(base) if not name.startswith("_")})


class Quiet(type):
    def __dir__(cls) -> list[str]:
        return _own_names(cls)


class QuietEnum(enum.EnumMeta):
    def __dir__(cls) -> list[str]:
        return _own_names(cls)
