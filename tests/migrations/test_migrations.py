"""The schema's history leads to the models, and back."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from db import models
from migrations.upgrade import config, current, downgrade, ensure_database, head, upgrade
from recommender.model import Format, Goal, Level, PriceUnit, Tier


async def test_migrations_go_up_and_down_and_up_again(server: URL) -> None:
    engine = create_async_engine(await ensure_database(server, "up_and_down"), poolclass=NullPool)
    await upgrade(engine)
    assert await current(engine) == head()
    await downgrade(engine, "base")
    async with engine.connect() as connection:
        left = await connection.scalars(
            text(
                "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
                " WHERE nspname = 'public' AND relname NOT LIKE 'alembic%'"
                " UNION SELECT typname FROM pg_type JOIN pg_namespace n ON n.oid = typnamespace"
                " WHERE nspname = 'public' AND typtype = 'e'"
                " UNION SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace"
                " WHERE nspname = 'public'"
            )
        )
        assert left.all() == []
    await upgrade(engine)
    assert await current(engine) == head()
    await engine.dispose()


def test_the_newest_revision_is_the_one_alembic_finds() -> None:
    assert head() == ScriptDirectory.from_config(config()).get_current_head()


async def test_a_database_stands_at_the_revision_alembic_finds_in_it(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        found = await connection.run_sync(lambda it: MigrationContext.configure(it).get_current_revision())
    assert await current(engine) == found == head()


async def test_migrated_schema_equals_the_models(engine: AsyncEngine) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        return list(compare_metadata(context, models.Base.metadata))

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_upgrading_what_is_new_already_changes_nothing(engine: AsyncEngine) -> None:
    await upgrade(engine)
    assert await current(engine) == head()


def test_enums_of_the_schema_are_those_of_the_recommender() -> None:
    assert tuple(Level) == models.LEVELS
    assert tuple(Goal) == models.GOALS
    assert tuple(Format) == models.FORMATS
    assert tuple(PriceUnit) == models.PRICE_UNITS
    assert tuple(Tier) == models.TIERS
