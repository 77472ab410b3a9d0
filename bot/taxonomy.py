"""The taxonomy in use."""

from pathlib import Path

from bot.settings import SettingsError
from recommender.taxonomy import Taxonomy, load_default


def read_taxonomy(path: Path | None) -> Taxonomy:
    """The operator's taxonomy, or ours.

    Raises:
        SettingsError: the file cannot be read.
        TaxonomyError: it can, but is no taxonomy.
    """
    if path is None:
        return load_default()
    try:
        return Taxonomy.parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"TAXONOMY_FILE {path} cannot be read as UTF-8 text: {error}") from error
