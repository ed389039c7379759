"""Frozen values, as `dataclasses` makes them but without its import and the code that it writes and compiles.

Making one class costs `dataclasses` a third of a millisecond, and its import ten; a search needs fifty such
classes and no millisecond to spare (docs/decisions/0014). `dataclasses.fields`, `asdict` and `replace` work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")
Class = TypeVar("Class", bound=type)


class _Factory:
    """Makes the default of a field anew for each value."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def field(*, default_factory: Callable[[], T]) -> T:
    """Return the default of a field that is made anew for each value."""
    return _Factory(default_factory)  # type: ignore[return-value]


class _Fields:
    """What `dataclasses` asks of its classes, made when it does."""

    def __get__(self, _: object, owner: type) -> dict[str, Any]:
        import dataclasses  # noqa: PLC0415 (that it is not imported is the point)

        found: dict[str, Any] = {}
        for name, annotation in owner._annotations.items():  # type: ignore[attr-defined]
            made = dataclasses.field()
            made.name, made.type = name, annotation
            made._field_type = dataclasses._FIELD  # type: ignore[attr-defined]
            found[name] = made
        return found


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: Class) -> Class:
    """Make a class of annotated fields a frozen value: made by position or name, equal by its fields."""
    _make(cls, {"__hash__": _hash, "__setattr__": _refuse, "__delattr__": _refuse})
    return cls


@dataclass_transform(field_specifiers=(field,))
def mutable_record(cls: Class) -> Class:
    """Make a class of annotated fields the same, with fields that may be changed."""
    _make(cls, {"__hash__": None})
    return cls


def _make(cls: type, more: dict[str, Any]) -> None:
    annotations: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        annotations |= {
            name: kind
            for name, kind in base.__dict__.get("__annotations__", {}).items()
            if not str(kind).startswith("ClassVar")
        }
    names = tuple(annotations)
    given = {name: cls.__dict__[name] for name in names if name in cls.__dict__}
    factories = {name: each.make for name, each in given.items() if isinstance(each, _Factory)}
    defaults = {name: each for name, each in given.items() if name not in factories}
    for name in factories:
        delattr(cls, name)

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        values = self.__dict__
        values.update(defaults)
        if args:
            values.update(zip(names, args, strict=False))
        values.update(kwargs)
        for name, make in factories.items():
            if name not in values:
                values[name] = make()
        if len(values) != len(names) or len(args) > len(names) or not values.keys() <= annotations.keys():
            missing = [name for name in names if name not in values]
            unknown = [name for name in values if name not in annotations]
            raise TypeError(f"{cls.__name__}: missing {missing}, unknown {unknown}, {len(args)} by position")

    methods: dict[str, Any] = {
        "__init__": init,
        "__eq__": _equal,
        "__repr__": _shown,
        "__match_args__": names,
        "__dataclass_fields__": _Fields(),
        "_annotations": annotations,
        **more,
    }
    for name, method in methods.items():
        if name not in cls.__dict__ or name == "__match_args__":
            setattr(cls, name, method)


def replace(value: T, /, **changes: Any) -> T:
    """Return a value with some of its fields changed."""
    return type(value)(**{name: changes.get(name, each) for name, each in _items(value)} | changes)


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    values = value.__dict__  # in which a cached property stands, too
    return ((name, values[name]) for name in value._annotations)


def _equal(self: Any, other: object) -> bool:
    if type(other) is not type(self):
        return NotImplemented  # type: ignore[no-any-return]
    return all(each == other.__dict__[name] for name, each in _items(self))


def _hash(self: Any) -> int:
    return hash(tuple(each for _, each in _items(self)))


def _shown(self: Any) -> str:
    fields = ", ".join(f"{name}={each!r}" for name, each in _items(self))
    return f"{type(self).__qualname__}({fields})"


def _refuse(self: Any, name: str, *_: object) -> None:
    raise AttributeError(f"{type(self).__name__}.{name} cannot be changed")
