"""The command line of those who run the hall: ``hpf --help``. It translates and decides nothing, like every door."""
