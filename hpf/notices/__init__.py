"""Messages to people. Text messages go through an outbox: written with the act that causes them, sent afterwards."""
