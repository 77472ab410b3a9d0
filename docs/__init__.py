"""Pages for people, and the script that draws parts of them from the code."""
