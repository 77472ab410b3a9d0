"""What is kept about one person: counted, handed over, deleted."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, delete, func, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import (
    CheckIn,
    ContactRequest,
    Dismissal,
    Event,
    FailedUpdate,
    MentorProfile,
    MissingAnswer,
    OutboxMessage,
    Person,
    Questionnaire,
    Reminder,
    RequestDraft,
    Review,
    SavedMentor,
    Search,
    Subscription,
)

#: Pictures that we drew, and what students said of a mentor for the platform alone.
_HIDDEN = ("photo", "private_mean")


async def kept(connection: AsyncConnection, person_id: int) -> Row[Any]:
    """The person's own row, with how many rows of each kind go with it."""

    def count(model: Any) -> Any:
        return select(func.count()).where(model.person_id == person_id).scalar_subquery()

    result = await connection.execute(
        select(
            Person.first_name,
            Person.username,
            Person.consented_at,
            count(Questionnaire).label("questionnaires"),
            count(Search).label("searches"),
            count(Event).label("events"),
            count(SavedMentor).label("saved"),
            count(Dismissal).label("dismissed"),
            count(Subscription).label("subscriptions"),
            count(ContactRequest).label("requests"),
            count(Review).label("reviews"),
            count(FailedUpdate).label("failed"),
            select(func.count())
            .where(OutboxMessage.chat_id == person_id)
            .scalar_subquery()
            .label("messages"),
        ).where(Person.id == person_id)
    )
    return result.one()


async def everything(
    connection: AsyncConnection, person_id: int
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """All rows about a person by the name of their table, as JSON; no pictures, which we drew."""
    theirs = select(MentorProfile.id).where(MentorProfile.person_id == person_id)
    whose: dict[Any, Any] = {
        Person: Person.id == person_id,
        Questionnaire: Questionnaire.person_id == person_id,
        Search: Search.person_id == person_id,
        Event: Event.person_id == person_id,
        SavedMentor: SavedMentor.person_id == person_id,
        Dismissal: Dismissal.person_id == person_id,
        Subscription: Subscription.person_id == person_id,
        OutboxMessage: OutboxMessage.chat_id == person_id,
        FailedUpdate: FailedUpdate.person_id == person_id,
        ContactRequest: ContactRequest.person_id == person_id,
        RequestDraft: RequestDraft.person_id == person_id,
        Review: Review.person_id == person_id,
        MissingAnswer: MissingAnswer.person_id == person_id,
        MentorProfile: MentorProfile.person_id == person_id,
        CheckIn: CheckIn.mentor_id.in_(theirs),
    }
    found = {}
    for model, is_theirs in whose.items():
        row = func.to_jsonb(model.__table__.table_valued()).op("-")(array(_HIDDEN))
        rows = await connection.scalars(select(row).where(is_theirs).select_from(model.__table__))
        found[model.__tablename__] = rows.all()
    # What a mentor has written to students, without what students have written.
    for name, said in {
        "questions": (ContactRequest.id, ContactRequest.question, ContactRequest.mentor_id),
        "review_replies": (Review.id, Review.reply, Review.mentor_id),
    }.items():
        number, words, mentor = said
        rows = await connection.scalars(
            select(func.jsonb_build_object("id", number, "words", words)).where(
                mentor.in_(theirs), words.is_not(None)
            )
        )
        found[name] = rows.all()
    return found


async def forget(connection: AsyncConnection, person_id: int) -> None:
    """Delete a person, whom the caller has locked whole, and what hangs on them.

    Updates that were set aside and messages hold words, too. A mentor's profile came from the platform's list
    and stays, but nobody's any more.
    """
    await connection.execute(delete(FailedUpdate).where(FailedUpdate.person_id == person_id))
    await connection.execute(delete(OutboxMessage).where(OutboxMessage.chat_id == person_id))
    await connection.execute(delete(Event).where(Event.person_id == person_id))
    await connection.execute(
        delete(Reminder).where(Reminder.kind == "missing", Reminder.subject_id == person_id)
    )
    await connection.execute(delete(Person).where(Person.id == person_id))
