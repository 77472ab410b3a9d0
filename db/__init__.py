"""Models, queries, engine and the embedded server. Nothing here commits: who opens a transaction ends it."""
