"""What happens by itself: the ticks of a clock, and the delivery of what waits."""
