"""The demonstration center: invented people and employers with months of history, made by the operations themselves."""
