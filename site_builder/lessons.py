"""What a lesson's header is made from: its front matter, its copy without solutions, its stamp, the version.

Both engines call :func:`write_lessons` before they render. It writes the copies into `downloads/`, and beside them
`lessons.json`, which `theme/filters/lesson-header.lua` reads.
"""

from __future__ import annotations

import json
import subprocess
import tomllib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from site_builder.document import Document
from site_builder.errors import CourseError, raise_all
from site_builder.files import read_text, write_changed
from site_builder.project import normalize, output_path
from site_builder.status import PAGE, anchor
from site_builder.student_notebooks import without_solutions
from site_builder.validation import read_report, stamp

FOLDER = "downloads"
RECORDS = f"{FOLDER}/lessons.json"
KEY = "lesson"
NEEDED = ("objectives", "minutes", "requires")


def write_lessons(root: Path, documents: Iterable[Document]) -> None:
    """Write the copies without solutions and the records of the lessons among ``documents``.

    A file whose content is the same is not touched, one of a lesson that is gone is removed.

    Raises
    ------
    CourseErrors
        If the ``lesson`` of a front matter lacks a key or names slides that do not exist.
    """
    documents = list(documents)
    raise_all([error for document in documents for error in check_lesson(root, document)])
    lessons = [document for document in documents if document.is_notebook]
    _refuse_two_of_one_name(lessons)
    report, version = read_report(root), course_version(root)
    files = {student_path(lesson.path): _student(root, lesson.path) for lesson in lessons}
    records = {
        lesson.path: {
            "slides": _slides(lesson),
            "student": student_path(lesson.path),
            "version": version,
            **_status(root, lesson.path),
            "stamp": stamp(root, lesson.path, report),
        }
        for lesson in lessons
    }
    files[RECORDS] = json.dumps(records, indent=1, ensure_ascii=False) + "\n"
    for name, text in files.items():
        write_changed(root / name, text)
    for path in (root / FOLDER).glob("*.ipynb"):
        if path.relative_to(root).as_posix() not in files:
            path.unlink()


def lesson_record(root: Path, path: str) -> str:
    """Return the record of a lesson as text (empty without one), for the key under which its page is remembered."""
    try:
        records = json.loads((root / RECORDS).read_text("utf-8"))
    except (OSError, ValueError):
        return ""
    return json.dumps(records[path], sort_keys=True) if path in records else ""


def check_lesson(root: Path, document: Document) -> list[CourseError]:
    """Return what is wrong with the ``lesson`` of a document's front matter, besides unknown keys and wrong kinds."""
    yaml, where = document.front.yaml, document.front.where
    lesson = yaml.data.get(KEY)
    if not isinstance(lesson, dict):
        return []
    at = where.at(yaml.line(KEY) or 1)
    if not document.is_notebook:
        return [CourseError(f"{KEY!r} describes a notebook, and this is none", at)]
    hint = "A lesson says what you will be able to do, how many minutes it takes, and what it requires."
    errors = [CourseError(f"'{KEY}' has no {key!r}", at, hint) for key in NEEDED if key not in lesson]
    if "slides" in lesson and not (root / _beside(document.path, str(lesson["slides"]))).is_file():
        place = where.at(yaml.line(KEY, "slides") or 1)
        errors.append(CourseError(f"the slides {lesson['slides']!r} do not exist", place))
    return errors


def student_path(path: str) -> str:
    """Return where the copy without solutions stands: its name differs, so that both fit into one folder.

    No folder of the lesson's: Quarto would take `downloads/notebooks/*.ipynb` for sources, too.
    """
    return f"{FOLDER}/{PurePosixPath(path).stem}-without-solutions.ipynb"


def course_version(root: Path) -> str:
    """Return the version of the course, for reports of problems: that of the package, and the commit where known."""
    package = root / "pyproject.toml"
    number = tomllib.loads(package.read_text("utf-8"))["project"]["version"] if package.is_file() else ""
    commit = git(root, "rev-parse", "--short=10", "HEAD")
    return ", ".join([*([f"version {number}"] if number else []), *([f"commit {commit}"] if commit else [])])


def git(root: Path, *arguments: str) -> str:
    """Return what git says, or nothing: the course may stand in no clone, on a machine without git."""
    try:
        run = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True)
    except OSError:
        return ""
    return run.stdout.strip() if run.returncode == 0 else ""


def _refuse_two_of_one_name(lessons: list[Document]) -> None:
    taken: dict[str, str] = {}
    for lesson in lessons:
        other = taken.setdefault(student_path(lesson.path), lesson.path)
        if other != lesson.path:
            message = f"{lesson.path} and {other} both become {student_path(lesson.path)}; rename one"
            raise CourseError(message, lesson.path)


def _student(root: Path, path: str) -> str:
    notebook = without_solutions(json.loads(read_text(root, path)))
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _slides(lesson: Document) -> str:
    """Return the address of the slides, relative to the lesson's page."""
    slides = (lesson.front.yaml.data.get(KEY) or {}).get("slides")
    return output_path(str(slides)) if slides else ""


def _status(root: Path, path: str) -> dict[str, str]:
    """Return the address of what the page "Status" says of the lesson, if there is such a page."""
    return {"status": f"{output_path(PAGE)}#{anchor(path)}"} if (root / PAGE).is_file() else {}


def _beside(path: str, name: str) -> str:
    return normalize(PurePosixPath(path).parent / name)
