"""Questions and suggestions (咨询建议): a handler asks, the center answers within its time, the handler rates."""
