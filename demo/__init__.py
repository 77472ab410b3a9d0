"""Invented mentors for the demo and for benchmarks."""
