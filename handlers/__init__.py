"""One router per feature: take what was asked, call one use case, show what it returned."""
