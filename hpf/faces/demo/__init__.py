"""What only a demonstration has: its users and text messages on a page, and a business day that can be chosen."""
