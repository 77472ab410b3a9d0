"""When a review is held until moderators have looked at it: stated rules, and nothing else.

A burst: with it, :data:`BURST` reviews of one mentor within :data:`BURST_WITHIN` come from people whom the
bot had known for less than :data:`NEW_ACCOUNT`; all of these are held. The same words: another review has
them, but for signs and capitals, and they are long enough (:data:`TELLING`) to be no coincidence. What
moderators have decided once is not held again.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from db.queries import reviews

Suspicion = Literal["burst", "same_words"]

BURST = 3
BURST_WITHIN = timedelta(hours=48)
NEW_ACCOUNT = timedelta(days=14)
#: Shorter words are often the same: "Спасибо, всё отлично!"
TELLING = 30

_NO_LETTER = re.compile(r"[\W_]+")


def said(words: str) -> str | None:
    """A digest of words as they are compared; None where they are too short to tell anything.

    >>> said("Отличный ментор, всё объяснил по шагам!") == said("отличный ментор — всё объяснил по шагам")
    True
    >>> said("Спасибо, всё отлично!") is None
    True
    """
    folded = _NO_LETTER.sub(" ", words.casefold()).strip()
    if len(folded) < TELLING:
        return None
    return hashlib.blake2b(folded.encode(), digest_size=16).hexdigest()


async def suspect(
    connection: AsyncConnection, review_id: int, mentor_id: int, digest: str | None, at: datetime
) -> Sequence[int]:
    """Hold what one review brings under suspicion, itself and others; the ids of what is held now."""
    recent = await reviews.from_new_accounts(connection, mentor_id, at - BURST_WITHIN, NEW_ACCOUNT)
    held = await reviews.hold(connection, recent, "burst") if len(recent) >= BURST else ()
    if digest is not None and await reviews.says_the_same(connection, review_id, digest):
        held = [*held, *await reviews.hold(connection, [review_id], "same_words")]
    return held
