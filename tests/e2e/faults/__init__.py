"""The fault table: what must hold when processes, the database or Telegram break in the middle.

Real processes over real PostgreSQL and the local Telegram. With ``FAULTS=full`` in the environment each row
is run in its full size, which takes minutes.
"""

import os
from collections.abc import Callable

FULL = os.environ.get("FAULTS") == "full"

#: Keeps a figure for the end of a full run: what it is, and how much.
Figures = Callable[[str, object], None]
