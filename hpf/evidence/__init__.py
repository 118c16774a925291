"""The event log (凭据): every act, who, when, from where, what. Append-only, chained by SM3 (agreement §2.7(3))."""
