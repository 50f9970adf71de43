"""A topic: its terms, facts, commands and state, behind one door; the rules stand by phase beside it.

Source: 一, 二(一), 二(二); R-019, R-022 – R-024, R-030, R-038 – R-051, A7.
"""

from domain.topics.changes import *  # noqa: F403 - As below.
from domain.topics.commands import *  # noqa: F403 - Rules and doors say topics.X, wherever X stands in here.
from domain.topics.facts import *  # noqa: F403 - As above.
from domain.topics.state import *  # noqa: F403 - As above.
from domain.topics.terms import *  # noqa: F403 - As above.
