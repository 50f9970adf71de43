"""A meeting: its terms, facts, commands and state, behind one door; the rules stand by phase beside it.

Source: 二, 二(三) – 二(五); R-016, R-017, R-020, R-021, R-025 – R-029, R-031, R-033 – R-036, R-052 – R-064, R-078.
"""

from domain.meetings.changes import *  # noqa: F403 - As below.
from domain.meetings.commands import *  # noqa: F403 - Rules and doors say meetings.X, wherever X stands in here.
from domain.meetings.facts import *  # noqa: F403 - As above.
from domain.meetings.state import *  # noqa: F403 - As above.
from domain.meetings.terms import *  # noqa: F403 - As above.
