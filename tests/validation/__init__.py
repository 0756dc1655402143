"""Validation of published outputs, built on nbval: numbers with tolerance, tables, figures, and no hole.

========== ==========================================================================================
module     what it decides
========== ==========================================================================================
rules      what a cell's metadata may say (``validation: {rtol: ..., reason: ...}``)
text       two texts: numbers within a tolerance, everything else exactly
markup     two pieces of HTML or SVG, tables cell by cell
figures    two notes of what a figure shows (`site_builder/figure_record.py` takes them)
pictures   two pictures, by eye
alt_text   whether the numbers of an alternative text are those of the figure
holes      what a stored cell must not be: never run, out of order, with an error, too large
outputs    two lists of outputs: calls the others
documents  notebooks, and decks and pages with their baselines, in one form
order      which document runs first
plugin     pytest: runs the cells by nbval, and has their outputs compared by `outputs`
report     writes `reports/validation.json` (`site_builder/validation.py` describes it)
========== ==========================================================================================
"""
