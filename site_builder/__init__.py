"""Renders the course: with Quarto where Quarto is installed, with Pandoc where it is not."""
