"""汇缴: declaring a month, paying it, and booking it into the members' accounts (domain §1.4)."""
