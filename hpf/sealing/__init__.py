"""封存: a member's contributions stop from a month on; the money stays where it is (domain e.06)."""
