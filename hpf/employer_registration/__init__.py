"""Registration of employers (单位登记): employer, unit account and handler, at the counter."""
