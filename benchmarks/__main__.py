"""``python -m benchmarks`` (or ``make bench``): every figure, a table each; one alone by its name."""

import sys

from benchmarks import (
    import_mentors,
    latency,
    outbox_claim,
    outbox_enqueue,
    outbox_limits,
    outbox_memory,
    outbox_sending,
    shortlist,
    snapshot,
    taps,
)

_ALL = {
    "shortlist": shortlist.main,
    "snapshot": snapshot.main,
    "import_mentors": import_mentors.main,
    "taps": taps.main,
    "latency": latency.main,
    "outbox_enqueue": outbox_enqueue.main,
    "outbox_claim": outbox_claim.main,
    "outbox_sending": outbox_sending.main,
    "outbox_limits": outbox_limits.main,
    "outbox_memory": outbox_memory.main,
}


def main(names: list[str]) -> int:
    """Run those that are named, or all."""
    unknown = [name for name in names if name not in _ALL]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(_ALL)}", file=sys.stderr)
        return 2
    # Each takes its arguments from the command line, which here has names.
    sys.argv[1:] = []
    for name in names or _ALL:
        _ALL[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
