"""Django's PostgreSQL backend, but for a server that stops answering: nobody waits for it longer than it may take."""
