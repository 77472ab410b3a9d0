"""A local Telegram: the Bot API over HTTP for a bot, /sim for the people who talk to it.

It stands alone: it needs aiohttp, knows nothing of any bot, and checks what Telegram checks, in Telegram's
own words. `python -m sandbox --help` starts one; `sandbox.server.LocalTelegram` is one inside a test.
"""
