"""Ranking of mentors for a student's request: numpy and itself, no clock, no I/O but its command line."""
