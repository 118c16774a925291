"""Money in: bank statements, what each line pays, and where money goes that pays nothing yet."""
