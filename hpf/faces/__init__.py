"""Doors: pages, tasks and commands. They translate what comes in, call one operation, and never decide."""
