"""`python -m site_builder`."""

import signal
import sys

import site_builder.lean  # noqa: F401  (first: it is about what the others import)
from site_builder.cli import main

# Being ended (by a scheduler, by `kill`) is an interruption like Ctrl-C: kernels end, temporary folders go.
signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
sys.exit(main())
