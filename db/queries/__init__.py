"""Statements by table. Each takes the connection of an open transaction and returns plain rows."""
