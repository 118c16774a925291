"""Breach of the agreement (限制使用): functions withheld, access suspended or ended, lifted, appealed against."""
