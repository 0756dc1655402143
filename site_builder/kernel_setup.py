"""Runs inside the kernel before a document's first cell: figure format and the sizes that cells ask for.

The text of this file is sent to the kernel as it is; it imports nothing of the builder.
"""


def _course_kernel_setup(figure_format: str, width: float, height: float) -> None:
    import importlib.util
    import re

    import matplotlib
    from IPython import get_ipython
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    matplotlib.use("module://matplotlib_inline.backend_inline")
    set_matplotlib_formats(figure_format, **({"metadata": {"Date": None}} if figure_format == "svg" else {}))
    matplotlib.rcParams["svg.hashsalt"] = "course"
    option = re.compile(r"^#\|\s*(fig-width|fig-height):\s*([\d.]+)\s*(?:#.*)?$", re.MULTILINE)
    plotnine = importlib.import_module("plotnine") if importlib.util.find_spec("plotnine") else None
    if plotnine is not None:
        plotnine.options.figure_format = figure_format

    def set_size(info: object) -> None:
        wanted = {key: float(value) for key, value in option.findall(getattr(info, "raw_cell", "") or "")}
        size = (wanted.get("fig-width", width), wanted.get("fig-height", height))
        matplotlib.rcParams["figure.figsize"] = size
        if plotnine is not None:
            plotnine.options.figure_size = size

    get_ipython().events.register("pre_run_cell", set_size)
