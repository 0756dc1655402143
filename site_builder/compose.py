"""Writes an executed document as the Pandoc Markdown that the filters read, in the form that Quarto itself uses.

Each cell becomes a `.cell` div with a `.cell-code` block and `.cell-output` divs; images go into `<stem>_files/`.
"""

from __future__ import annotations

import ast
import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from site_builder.document import Code, Document, Markdown, replace_inline
from site_builder.errors import CourseError
from site_builder.execute import ANSI
from site_builder.lines import with_fences
from site_builder.project import Settings, as_list

IMAGE_TYPES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpeg"}
#: Kinds of output from the richest to the plainest.
PREFERENCE = (*IMAGE_TYPES, "text/html", "text/markdown", "text/latex", "text/plain")
PANDAS_STYLE = re.compile(r"<style scoped>.*?</style>\s*", re.DOTALL)
MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+.!|<>~^$@&\"'-])")
SVG_TAG = re.compile(rb"<svg\b[^>]*>")
SVG_SIZES = [re.compile(rb"\s" + name + rb'="([\d.]+)pt"') for name in (b"width", b"height")]


@dataclass
class Composed:
    """The Markdown of a document and the files that its outputs become, by path relative to the page's folder."""

    markdown: str
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass
class _Figures:
    """Names and collects the images of one document."""

    folder: str
    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, cell: str, number: int, suffix: str, data: bytes) -> str:
        name = f"{self.folder}/{cell}-output-{number}.{suffix}"
        self.files[name] = data
        return name


def compose(document: Document, settings: Settings, inline: list[Any]) -> Composed:
    """Write a document whose cells hold their outputs as Markdown."""
    figures = _Figures(f"{PurePosixPath(document.path).stem}_files/figure-{settings.format_name}")
    values = iter(inline)
    parts = []
    for number, block in enumerate(document.blocks, start=1):
        if isinstance(block, Markdown):
            parts.append(block.text if document.is_notebook else _with_values(block, values))
        else:
            parts.append("\n".join(_cell(block, settings, figures, number)))
    return Composed("\n".join(parts) + "\n", figures.files)


# -- inline expressions -------------------------------------------------------------------------------------------


def _with_values(block: Markdown, values: Iterator[Any]) -> str:
    rows = []
    for line, fenced in with_fences(block.lines):
        rows.append(line.text if fenced else replace_inline(line.text, map(_inline_text, values)))
    return "\n".join(rows)


def _inline_text(data: dict[str, Any]) -> str:
    """Return what an inline expression shows: Markdown as it is, anything else as plain text."""
    if "text/markdown" in data:
        return str(data["text/markdown"])
    text = str(data.get("text/plain", ""))
    if text[:1] in ("'", '"'):
        text = str(ast.literal_eval(text))
    return MARKDOWN_SPECIAL.sub(r"\\\1", text)


# -- cells --------------------------------------------------------------------------------------------------------


def _cell(cell: Code, settings: Settings, figures: _Figures, number: int) -> Iterator[str]:
    options = {**settings.execute, **cell.options}
    if options.get("include", True) is False:
        _refuse_errors(cell)
        return
    label = str(cell.options.get("label") or f"cell.{number}")
    classes = [".cell", *(f".{name}" for name in as_list(cell.options.get("classes")) if name)]
    attributes = [f'layout-ncol="{options["layout-ncol"]}"'] if "layout-ncol" in options else []
    yield f"\n::: {{{' '.join([*_anchor(cell), *classes, *attributes])}}}"
    if options.get("echo", True) is not False:
        yield from _source(cell, options, settings)
    _refuse_errors(cell)
    if options.get("output", True) is not False:
        yield from _outputs(cell, options, figures, label)
    yield ":::\n"


def _anchor(cell: Code) -> list[str]:
    """Return the anchor of a cell, as Quarto names it: the label of a figure or table is its image's own."""
    label = str(cell.options.get("label") or "")
    name = f"cell-{label}" if label.startswith(("fig-", "tbl-")) else cell.identifier or label
    return [f"#{name}"] if name else []


def _refuse_errors(cell: Code) -> None:
    for output in cell.outputs:
        if output.output_type == "error":
            raise CourseError(f"the stored output is an error: {output.ename}: {output.evalue}", cell.where)


def _source(cell: Code, options: dict[str, Any], settings: Settings) -> Iterator[str]:
    if not cell.source:
        return
    attributes = [".python", ".cell-code"]
    fold = options.get("code-fold", settings.format.get("code-fold", False))
    if fold:
        attributes.append(f'code-fold="{str(fold).lower()}"')
        attributes.append(f"code-summary={_quoted(options.get('code-summary', 'Code'))}")
    if "code-line-numbers" in options:
        attributes.append(f"code-line-numbers={_quoted(options['code-line-numbers'])}")
    yield _fenced(cell.source, " ".join(attributes))


def _fenced(text: str, attributes: str = "") -> str:
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence} {{{attributes}}}\n{text}\n{fence}\n" if attributes else f"{fence}\n{text}\n{fence}\n"


def _quoted(value: Any) -> str:
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


# -- outputs ------------------------------------------------------------------------------------------------------


def _outputs(cell: Code, options: dict[str, Any], figures: _Figures, label: str) -> Iterator[str]:
    merged = list(_merged_streams(cell.outputs))
    shown = [output for output in merged if options.get("warning", True) or _stream(output) != "stderr"]
    total = sum(_mime(output) in IMAGE_TYPES for output in shown)
    image = 0
    for number, output in enumerate(shown, start=1):
        stream = _stream(output)
        if options.get("output") == "asis" and (stream or _mime(output).startswith("text/")):
            yield output.text if stream else _text(output, _mime(output))
        elif stream:
            yield _output_div(f"cell-output-{stream}", _fenced(ANSI.sub("", output.text).rstrip("\n")))
        elif (kind := _mime(output)) in IMAGE_TYPES:
            path = figures.add(label, number, IMAGE_TYPES[kind], _image_bytes(output, kind))
            yield _output_div("cell-output-display", _image(cell, output, kind, path, image, total))
            image += 1
        else:
            yield _output_div("cell-output-display", _rich(cell, output, kind))


def _merged_streams(outputs: list[Any]) -> Iterator[Any]:
    """Join neighbouring pieces of one stream; how a stream is cut depends on the moment."""
    last = None
    for output in outputs:
        if last is not None and _stream(output) and _stream(output) == _stream(last):
            last.text += output.text
            continue
        if last is not None:
            yield last
        last = output.copy()
    if last is not None:
        yield last


def _stream(output: Any) -> str | None:
    return output.name if output.output_type == "stream" else None


def _mime(output: Any) -> str:
    if output.output_type == "stream":
        return "stream"
    for kind in PREFERENCE:
        if kind in output.data:
            return kind
    return "unknown"


def _text(output: Any, kind: str) -> str:
    value = output.data[kind]
    return "".join(value) if isinstance(value, list) else str(value)


def _output_div(name: str, content: str) -> str:
    return f"\n::: {{.cell-output .{name}}}\n{content}\n:::\n"


def _rich(cell: Code, output: Any, kind: str) -> str:
    if kind == "text/html":
        html = _fenced(PANDAS_STYLE.sub("", _text(output, kind)), "=html")
        label, caption = cell.options.get("label"), cell.options.get("tbl-cap")
        if caption is None:
            return html
        identifier = f"#{label} " if str(label).startswith("tbl-") else ""
        return f"::::: {{{identifier}.table-caption}}\n{html}\n\n{caption}\n:::::\n"
    if kind in ("text/markdown", "text/latex"):
        return f"\n{_text(output, kind)}\n"
    if kind == "text/plain":
        return _fenced(ANSI.sub("", _text(output, kind)))
    kinds = ", ".join(output.get("data", {})) or output.output_type
    raise CourseError(f"this output cannot be shown on a page: {kinds}", cell.where)


# -- images -------------------------------------------------------------------------------------------------------


def _image_bytes(output: Any, kind: str) -> bytes:
    text = _text(output, kind)
    return text.encode("utf-8") if kind == "image/svg+xml" else base64.b64decode(text)


def _image(cell: Code, output: Any, kind: str, path: str, index: int, total: int) -> str:
    alternative = _nth(cell, "fig-alt", index, total)
    if not alternative:
        hint = "Say in '#| fig-alt:' what the figure shows to someone who cannot see it."
        raise CourseError("this cell shows a figure without alternative text", cell.where, hint)
    label = str(cell.options.get("label") or "")
    identifier = []
    if label.startswith("fig-"):
        identifier = [f"#{label}" if total == 1 else f"#{label}-{index + 1}"]
    attributes = [*identifier, f"fig-alt={_quoted(alternative)}", *_size(output, kind)]
    caption = _nth(cell, "fig-cap", index, total) or ""
    if not _paired(caption):
        raise CourseError("fig-cap has a square bracket without its pair; write '\\[' or '\\]'", cell.where)
    return f"![{caption}]({path}){{{' '.join(attributes)}}}\n"


def _nth(cell: Code, key: str, index: int, total: int) -> str | None:
    values = as_list(cell.options.get(key))
    if len(values) > 1 and len(values) != total:
        message = f"{key} lists {len(values)} texts, but the cell shows {total} figures"
        raise CourseError(message, cell.where)
    if len(values) == 1 and total > 1 and key == "fig-cap":
        return str(values[0]) if index == total - 1 else None
    return str(values[min(index, len(values) - 1)]) if values else None


def _paired(caption: str) -> bool:
    """Tell whether the square brackets of a caption come in pairs, code and escaped ones aside."""
    depth = 0
    for mark in re.sub(r"\\.|`[^`]*`", "", caption):
        depth += (mark == "[") - (mark == "]")
        if depth < 0:
            return False
    return depth == 0


def _size(output: Any, kind: str) -> list[str]:
    """Return width and height in CSS pixels, so that a page does not jump when the image arrives."""
    if kind == "image/svg+xml":
        tag = SVG_TAG.search(_image_bytes(output, kind)[:2000])
        found = [size.search(tag[0]) for size in SVG_SIZES] if tag else []
        pixels = [float(size[1]) * 96 / 72 for size in found if size] if all(found) else []
    else:
        size = output.metadata.get(kind, output.metadata)
        pixels = [float(size[key]) for key in ("width", "height") if key in size]
    return [f'{key}="{round(value)}"' for key, value in zip(("width", "height"), pixels, strict=False)]


def metadata_block(meta: dict[str, Any]) -> str:
    """Return metadata as the block that opens a Pandoc document (JSON is YAML too)."""
    return f"---\n{json.dumps(meta, ensure_ascii=False)}\n---\n\n"
