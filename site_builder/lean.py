"""Keeps a slow import out of the builder; imported before anything that imports nbformat.

jsonschema, which nbformat imports, compiles grammars of addresses when it is imported, if it finds the package
`rfc3987_syntax` (JupyterLab brings it): half a second of every build, for a check that notebooks do not need.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
