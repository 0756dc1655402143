"""The two kinds of mistake that the builder reports, and where in the course a mistake stands."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Where:
    """A place in a source: a file, and where known a line (from 1) and a notebook cell."""

    path: str
    line: int | None = None
    cell: str | None = None

    def at(self, line: int) -> Where:
        """Return the same file and cell at another line."""
        return replace(self, line=line)

    def __str__(self) -> str:
        if self.cell is not None:
            line = f", line {self.line}" if self.line else ""
            return f"{self.path}, cell {self.cell}{line}"
        return f"{self.path}:{self.line}" if self.line else self.path


class CourseError(Exception):
    """The course is wrong: one message that names the place and what to do (exit code 1)."""

    def __init__(self, message: str, where: Where | str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = Where(where) if isinstance(where, str) else where
        self.hint = hint

    def __str__(self) -> str:
        hint = f"\n  {self.hint}" if self.hint else ""
        return f"{self.where}: {self.message}{hint}"


class CourseErrors(Exception):
    """Several course errors found in one go, reported together."""

    def __init__(self, errors: list[CourseError]) -> None:
        super().__init__(f"{len(errors)} course errors")
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


class UsageError(Exception):
    """The command was used wrongly, or the machine lacks what it needs (exit code 2)."""


def raise_all(errors: list[CourseError]) -> None:
    """Raise the errors, if there are any: one as itself, several together, the same one once."""
    errors = list({str(error): error for error in errors}.values())
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise CourseErrors(errors)
