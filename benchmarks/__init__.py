"""What is fast stays fast: each module prints figures beside a limit or a peer measured in the same run."""
