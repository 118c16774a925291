"""消息: messages that people at the center write, and what handlers do with those that they get."""
