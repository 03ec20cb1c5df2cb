"""Values that are worked out when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Owner = TypeVar("Owner")
Value = TypeVar("Value")


class lazy(Generic[Owner, Value]):  # noqa: N801 - a decorator, named like one
    """Like `functools.cached_property`, without the lock that this takes in Python 3.11, dearer than most values."""

    def __init__(self, made: Callable[[Owner], Value]) -> None:
        self._made = made
        self.__doc__ = made.__doc__

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self._name = name

    @overload
    def __get__(self, owner: None, kind: type[Any]) -> lazy[Owner, Value]: ...
    @overload
    def __get__(self, owner: Owner, kind: type[Any]) -> Value: ...
    def __get__(self, owner: Owner | None, kind: type[Any]) -> Value | lazy[Owner, Value]:
        if owner is None:
            return self
        value = owner.__dict__[self._name] = self._made(owner)
        return value
