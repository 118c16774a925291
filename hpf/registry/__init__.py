"""The register: the center, its branches and staff; employers, unit accounts, handlers; members and their accounts;
and the timeline of effective-month events from which every monthly sheet (清册) is replayed."""
