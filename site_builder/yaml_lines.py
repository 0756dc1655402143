"""YAML that remembers on which line each key stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from site_builder.errors import CourseError, Where

KeyPath = tuple[str, ...]


@dataclass(frozen=True)
class YamlMap:
    """A parsed YAML mapping: ``data`` as plain Python, ``lines`` from key path to line (from 1)."""

    data: dict[str, Any]
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def line(self, *keys: str) -> int | None:
        """Return the line on which a (nested) key stands."""
        return self.lines.get(keys)


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader without YAML 1.1's dates: a date stays the text that the author wrote."""


class _FastLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The same by libyaml, ten times as fast; its messages say less, so a mistake is read again by the other."""


for _loader in (_Loader, _FastLoader):
    _loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def load_yaml(text: str, where: Where) -> YamlMap:
    """Parse a YAML mapping that begins at ``where``; a syntax error names file and line."""
    first = where.line or 1
    try:
        node, data = _parse(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first + (mark.line if mark else 0)
        raise CourseError(f"this YAML cannot be read: {error.problem}", where.at(line)) from None
    except yaml.YAMLError as error:
        raise CourseError(f"this YAML cannot be read: {error}", where) from None
    if not isinstance(data, dict):
        raise CourseError("expected YAML of the form 'key: value'", where.at(first))
    return YamlMap(data, dict(_key_lines(node, (), first, where)))


def _parse(text: str) -> tuple[yaml.Node | None, Any]:
    try:
        return _load(_FastLoader(text))
    except yaml.YAMLError:
        return _load(_Loader(text))


def _load(loader: Any) -> tuple[yaml.Node | None, Any]:
    try:
        node = loader.get_single_node()
        return node, loader.construct_document(node) if node is not None else {}
    finally:
        loader.dispose()


def _key_lines(node: yaml.Node | None, prefix: KeyPath, first: int, where: Where) -> list[tuple[KeyPath, int]]:
    """List the key paths below ``node`` with their lines; items of a list share the path of the list."""
    if isinstance(node, yaml.SequenceNode):
        return [pair for item in node.value for pair in _key_lines(item, prefix, first, where)]
    if not isinstance(node, yaml.MappingNode):
        return []
    pairs: list[tuple[KeyPath, int]] = []
    for key, value in node.value:
        path = (*prefix, str(key.value))
        line = first + key.start_mark.line
        if path in dict(pairs):
            raise CourseError(f"the key {'.'.join(path)!r} is given twice", where.at(line))
        pairs.append((path, line))
        pairs.extend(_key_lines(value, path, first, where))
    return pairs
