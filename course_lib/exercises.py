"""Checks for the exercises of the lessons: is an answer right, and if not, what to look at next.

An answer cell of a lesson reads

    answer = ...
    exercises.check("parameters_mlp", answer)

and prints PASS, a hint that fits the mistake, or that nothing is answered yet. The right answers are computed
in `_lesson01_checks` and its like, from the same seeded data as in the lesson, and are not stored.
"""

from __future__ import annotations

from course_lib import _lesson01_checks, _lesson02_checks, _lesson03_checks, _lesson04_checks
from course_lib._answers import Judge, Verdict

__all__ = ["Verdict", "check", "judge", "names"]

_JUDGES: dict[str, Judge] = {
    **_lesson01_checks.JUDGES,
    **_lesson02_checks.JUDGES,
    **_lesson03_checks.JUDGES,
    **_lesson04_checks.JUDGES,
}


def check(name: str, answer: object) -> None:
    """Print ``PASS`` and why, or a hint, or that the exercise is not answered yet.

    Parameters
    ----------
    name : str
        The name of the exercise, as its answer cell gives it; one of `names()`.
    answer : object
        A number, a pair of numbers or a function, as the exercise asks. ``...`` means not answered yet.

    Raises
    ------
    ValueError
        If there is no exercise of this name. A wrong answer raises nothing: it gets a hint.

    Notes
    -----
    Lesson: notebook 01.

    Examples
    --------
    >>> check("parameters_line", 1)
    PASS  One weight, and nothing else: this line has to go through the origin.
    >>> check("parameters_line", ...)
    Not answered yet: replace the ... by your answer and run the cell again.
    """
    verdict = judge(name, answer)
    prefix = "PASS  " if verdict.passed else "" if answer is ... else "Not yet.  "
    print(prefix + verdict.message)


def judge(name: str, answer: object) -> Verdict:
    """Return what `check` prints, without printing it.

    Parameters
    ----------
    name : str
        The name of the exercise; one of `names()`.
    answer : object
        The answer to judge.

    Returns
    -------
    Verdict
        Whether the answer is right, and the message.

    Raises
    ------
    ValueError
        If there is no exercise of this name.

    Notes
    -----
    Lesson: notebook 01.

    Examples
    --------
    >>> judge("parameters_line", 1).passed, judge("parameters_line", 2).passed
    (True, False)
    """
    if name not in _JUDGES:
        raise ValueError(f"no exercise is called {name!r}; the exercises are {', '.join(names())}")
    if answer is ...:
        return Verdict(False, "Not answered yet: replace the ... by your answer and run the cell again.")
    return _JUDGES[name](answer)


def names() -> list[str]:
    """Return the names of all exercises, in the order of the lessons.

    Examples
    --------
    >>> "parameters_mlp" in names()
    True
    """
    return list(_JUDGES)
