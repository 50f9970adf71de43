"""The corpora: lists of bad input by class, each with controls that must be accepted."""
