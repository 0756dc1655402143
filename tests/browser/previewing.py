"""A small course that is previewed, for tests and benchmarks."""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

from site_builder.vendor import vendor
from tests.site_builder.course import REPOSITORY, Course, make_course, process


@dataclass
class Preview:
    """A small course, its preview, and what that says on the terminal."""

    course: Course
    running: Popen[str]
    lines: queue.Queue[str] = field(default_factory=queue.Queue)
    address: str = ""

    def listen(self) -> None:
        """Read both streams of the terminal, and wait for the address."""
        for stream in (self.running.stdout, self.running.stderr):
            threading.Thread(
                target=lambda stream=stream: [self.lines.put(line) for line in stream], daemon=True
            ).start()
        self.address = self.says(r"Serving (http://localhost:\d+)/")[1]

    def says(self, pattern: str, seconds: float = 60) -> re.Match[str]:
        """Wait until the terminal shows a line."""
        end, seen = time.monotonic() + seconds, []
        while time.monotonic() < end and self.running.poll() is None:
            try:
                seen.append(self.lines.get(timeout=0.2))
            except queue.Empty:
                continue
            if match := re.search(pattern, seen[-1]):
                return match
        raise AssertionError(f"{pattern} was not said, but: {''.join(seen)}")


@contextmanager
def previewing(folder: Path) -> Iterator[Preview]:
    """Make a small course in a new folder and preview it."""
    vendor(REPOSITORY)
    course = make_course(folder)
    command = course.command("preview", "--engine", "pandoc", "--port", "0", "--no-browser")
    with process(command) as running:
        started = Preview(course, running)
        started.listen()
        yield started
