"""Access to the hall (网厅开通与登录): logins, codes, sessions, passwords."""
