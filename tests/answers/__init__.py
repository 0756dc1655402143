"""Right and typical wrong answers to every exercise, by lesson; `tests/unit/test_exercises.py` hands them in."""

from tests.answers import lesson01, lesson02, lesson03, lesson04

_LESSONS = (lesson01, lesson02, lesson03, lesson04)
#: (name of the exercise, answer).
RIGHT = [pair for lesson in _LESSONS for pair in lesson.RIGHT]
#: (name of the exercise, answer, a part of the hint that it gets).
WRONG = [triple for lesson in _LESSONS for triple in lesson.WRONG]
