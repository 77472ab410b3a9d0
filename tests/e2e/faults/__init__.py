"""The fault table: what must hold when processes, the database or Telegram break in the middle.

Real processes over real PostgreSQL and the local Telegram, where something is killed; where it is time that
matters, the same code in the test's own process, with a clock that is set. With ``FAULTS=full`` in the
environment each row is run in its full size, which takes minutes.

The rows, and what proves them (here, where no other folder is named):

kill -9 of the sender at random moments
    ``test_stopped_senders``: test_kill_9_at_random_moments,
    test_killed_before_the_answer_a_post_is_unsure_and_a_direct_message_comes_again
SIGTERM
    ``test_stopped_senders``: test_sigterm_loses_and_doubles_nothing
stopped past its lease and let go on
    ``test_stopped_senders``: test_a_leader_that_stands_still_is_followed_soon_and_doubles_at_most_one;
    within a tick: ``tests/db/test_ticks``: test_a_leader_that_stands_still_within_a_tick_is_in_nobodys_way
two and four replicas at once
    ``test_stopped_senders``: test_of_many_replicas_one_sends
the leader is killed
    ``test_killed_leader``: test_another_one_ticks_in_under_ten_seconds,
    test_leaders_killed_while_they_tick_do_no_work_twice
PostgreSQL restarted in the middle
    ``test_crashing_database``: test_three_crashes_of_the_database_lose_and_double_nothing
429 in the middle of a burst
    ``test_refusals``: test_429_stops_every_call_for_its_time_and_then_all_of_it_arrives
403, 400, migrate
    ``test_refusals``: test_a_refusal_concerns_one_chat_and_the_rest_of_the_queue_goes_on
reset after the message was taken
    ``test_refusals``: test_a_lost_answer_sends_a_direct_message_again_but_asks_people_about_a_post
Telegram gone for ten minutes
    ``test_telegram_away``: test_after_ten_minutes_without_telegram_all_of_it_arrives_once_and_no_faster
the machine's clock an hour ahead or behind
    ``tests/bot/test_wrong_clocks``:
    test_an_hour_that_the_machine_is_wrong_brings_nothing_early_late_or_twice
daylight saving, gap and overlap
    ``tests/db/test_clock_changes``: test_a_weekly_digest_comes_once_in_each_week_and_at_its_hour,
    test_posts_come_on_these_days_as_on_any_other,
    test_mentors_are_asked_a_days_share_on_these_days_too
10,000 due at once
    ``test_many_at_once``: test_ten_thousand_mentors_are_asked_a_days_share_a_day_and_never_at_night,
    test_many_digests_of_one_hour_are_done_in_portions_each_once_and_in_time
a tick raises in the middle
    ``tests/bot/test_broken_ticks``:
    test_wherever_a_tick_breaks_nothing_of_it_is_left_and_the_next_one_does_it
"""

import os
from collections.abc import Callable

FULL = os.environ.get("FAULTS") == "full"

#: Keeps a figure for the end of a full run: what it is, and how much.
Figures = Callable[[str, object], None]
