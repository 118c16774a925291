"""What everybody reads about the center: its branches (网点), and who keeps the hall, at the foot of every page."""
