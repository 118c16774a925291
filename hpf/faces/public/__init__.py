"""The pages before the door (公众页): logging in, the first password, the agreement, logging out."""
