"""What is measured: each module one command, printing one table."""
