"""What happens without anybody waiting: the center's queue, its tasks and the worker that runs them.

A task translates and calls operations, as a view does. Every task can be killed and run again: the operations' keys
see to it that nothing happens twice.
"""
