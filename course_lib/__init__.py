"""The small package that the lessons and decks of *Deep Learning in Genomics* import."""
