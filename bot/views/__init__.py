"""What people read: a use case's result becomes a text and a keyboard."""
