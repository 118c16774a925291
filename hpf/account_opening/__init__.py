"""个人账户设立: opening accounts for one person by form (e.01) or for many from a workbook (e.02)."""
