"""The Quarto project: `_quarto.yml`, the `_metadata.yml` of each folder, the documents and their settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from site_builder import vocabulary
from site_builder.errors import CourseError, UsageError, Where, raise_all
from site_builder.files import read_text
from site_builder.yaml_lines import KeyPath, YamlMap, load_yaml

CONFIG_FILE = "_quarto.yml"
FOLDER_FILE = "_metadata.yml"
SOURCE_SUFFIXES = (".qmd", ".ipynb")
#: Keys whose values are files, written relative to the file in which they stand.
FILE_KEYS = ("css", "bibliography", "include-in-header", "include-after-body", "filters")


@dataclass(frozen=True)
class Layer:
    """One place that sets metadata: the project, a folder, or a document's front matter."""

    yaml: YamlMap
    where: Where

    def resolved(self, root: Path) -> dict[str, Any]:
        """Return the data with file names made relative to the project's root, each file existing."""
        folder = PurePosixPath(self.where.path).parent
        data = dict(self.yaml.data)
        if isinstance(data.get("format"), str):
            data["format"] = {data["format"]: {}}
        data.update(self._files(data, folder, root, ()))
        if "format" in data:
            formats = {name: options if isinstance(options, dict) else {} for name, options in data["format"].items()}
            data["format"] = {
                name: {**options, **self._files(options, folder, root, ("format", name))}
                for name, options in formats.items()
            }
        return data

    def _files(self, data: dict[str, Any], folder: PurePosixPath, root: Path, prefix: KeyPath) -> dict[str, list[str]]:
        return {
            key: [self._file(name, folder, root, (*prefix, key)) for name in as_list(data[key])]
            for key in FILE_KEYS
            if isinstance(data, dict) and key in data
        }

    def _file(self, name: Any, folder: PurePosixPath, root: Path, keys: KeyPath) -> str:
        path = normalize(folder / str(name)) if not str(name).startswith("/") else str(name)[1:]
        if not (root / path).is_file():
            line = self.yaml.line(*keys)
            where = self.where.at(line) if line else self.where
            raise CourseError(f"the file {name!r} under {'.'.join(keys)!r} does not exist", where)
        return path


@dataclass(frozen=True)
class Settings:
    """Everything that applies to one document, all layers merged."""

    meta: dict[str, Any]
    format_name: str
    format: dict[str, Any]

    @property
    def execute(self) -> dict[str, Any]:
        """Return the document's default cell options."""
        on_page = self.format_name != "revealjs"
        defaults = {"echo": on_page, "warning": on_page}
        return {**defaults, **self.meta.get("execute", {})}


@dataclass(frozen=True)
class Project:
    """A course: its root folder and its configuration."""

    root: Path
    layer: Layer

    @property
    def config(self) -> dict[str, Any]:
        """Return `_quarto.yml` as plain data."""
        return self.layer.yaml.data

    @property
    def website(self) -> dict[str, Any]:
        """Return the `website` part of the configuration."""
        return dict(self.config.get("website") or {})

    @property
    def output_dir(self) -> Path:
        """Return the folder into which the site goes."""
        return self.root / str(self.config.get("project", {}).get("output-dir", "_site"))

    @cached_property
    def documents(self) -> list[str]:
        """Return the sources to render, relative to the root, in the order of `project.render`."""
        patterns = as_list(self.config.get("project", {}).get("render", ["*.qmd", "**/*.qmd", "**/*.ipynb"]))
        included: list[str] = []
        for pattern in patterns:
            if str(pattern).startswith("!"):
                excluded = set(self.glob(str(pattern)[1:]))
                included = [path for path in included if path not in excluded]
                continue
            matches = [path for path in self._files("render", pattern) if path.endswith(SOURCE_SUFFIXES)]
            matches = [path for path in matches if not hidden(PurePosixPath(path).name)]
            if not matches and "render" in self.config.get("project", {}):
                raise CourseError(f"project.render: nothing matches {pattern!r}", self.where("project", "render"))
            included += [path for path in matches if path not in included]
        self._refuse_two_of_one_page(included)
        return included

    def _refuse_two_of_one_page(self, paths: list[str]) -> None:
        pages: dict[str, str] = {}
        for path in paths:
            other = pages.setdefault(output_path(path), path)
            if other != path:
                raise CourseError(f"{path} and {other} both become {output_path(path)}; rename one", path)

    @property
    def resources(self) -> list[str]:
        """Return the files that are published as they are."""
        patterns = as_list(self.config.get("project", {}).get("resources", []))
        return [path for pattern in patterns for path in self._files("resources", pattern)]

    def _files(self, key: str, pattern: object) -> list[str]:
        if ".." in PurePosixPath(str(pattern)).parts:
            raise CourseError(f"project.{key}: {pattern!r} leaves the folder of the course", self.where("project", key))
        return self.glob(str(pattern))

    def where(self, *keys: str) -> Where:
        """Return the line of `_quarto.yml` on which a key stands."""
        return Where(CONFIG_FILE, self.layer.yaml.line(*keys))

    def glob(self, pattern: str) -> list[str]:
        """Return the files that a pattern (or the folder that it names) holds; hidden and built ones never."""
        base = self.root / pattern.strip("/")
        found = base.rglob("*") if base.is_dir() else self.root.glob(pattern.strip("/"))
        relative = (path.relative_to(self.root) for path in found if path.is_file())
        return sorted(p.as_posix() for p in relative if not any(hidden(part) for part in p.parts[:-1]))

    def settings(self, front: Layer) -> Settings:
        """Merge project, folders and front matter as Quarto does: later wins, lists add up."""
        layers = [self.layer, *self._folder_layers(front.where.path), front]
        merged: dict[str, Any] = {}
        format_name = "html"
        for layer in layers:
            data = layer.resolved(self.root)
            formats = list(data.get("format") or {})
            if len(formats) > 1:
                raise CourseError("a document has one format here; found " + ", ".join(formats), layer.where)
            format_name = formats[0] if formats else format_name
            # What stands at the top of a layer holds for the format; a later layer wins over an earlier one's format.
            if "toc" in data:
                data["format"] = merge({format_name: {"toc": data["toc"]}}, data.get("format", {}))
            merged = merge(merged, data)
        merged.pop("project", None)
        return Settings(merged, format_name, merged.get("format", {}).get(format_name, {}))

    def _folder_layers(self, path: str) -> Iterator[Layer]:
        folder = Path()
        for part in PurePosixPath(path).parent.parts:
            folder /= part
            file = self.root / folder / FOLDER_FILE
            if file.is_file():
                where = Where((folder / FOLDER_FILE).as_posix())
                yaml = load_yaml(read_text(self.root, where.path), where)
                raise_all(vocabulary.check_tree(yaml, vocabulary.FRONT_MATTER, where, "key"))
                yield Layer(yaml, where)


def load_project(root: Path) -> Project:
    """Read the project whose `_quarto.yml` stands in ``root``."""
    file = root / CONFIG_FILE
    if not file.is_file():
        raise UsageError(f"no {CONFIG_FILE} here; run this in the folder of the course, or give --root")
    where = Where(CONFIG_FILE)
    yaml = load_yaml(read_text(root, CONFIG_FILE), where)
    raise_all(vocabulary.check_tree(yaml, vocabulary.PROJECT, where, "key"))
    if "title" not in yaml.data.get("website", {}):
        raise CourseError("the site needs a title, under website: title", where)
    return Project(root, Layer(yaml, where))


def as_list(value: Any) -> list[Any]:
    """Return a list as itself, nothing as an empty list, anything else as a list of one."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Merge two mappings: mappings key by key, lists one after the other, anything else replaced."""
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            merged[key] = merge(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            merged[key] = old + [item for item in value if item not in old]
        else:
            merged[key] = value
    return merged


def hidden(part: str) -> bool:
    """Tell whether a folder is one that Quarto leaves out."""
    return part.startswith((".", "_")) or part == "node_modules"


def normalize(path: PurePosixPath | str) -> str:
    """Return a relative path without `.` and `..` parts."""
    parts: list[str] = []
    for part in PurePosixPath(path).parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def output_path(source: str) -> str:
    """Return the address, relative to the site's root, of the page made from a source."""
    return str(PurePosixPath(source).with_suffix(".html"))
