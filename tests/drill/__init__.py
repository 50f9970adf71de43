"""The crash drill: real writers, real faults, and a checker that knows what was answered (``python -m tests.drill``)."""
