"""The running program: command line, settings, wiring, and the edge to Telegram."""
