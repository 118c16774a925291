"""What each page is given: one frozen dataclass per template, named in its docstring.

A template sees ``page`` (one of these), ``frame`` (``shapes.frame.Frame``), ``region`` (a block's name or ``None``)
and Django's ``csrf_input``. Values are the kernel's (``Fen``, ``Month``, ``date``); templates write them with filters.
Every ``key`` is a fresh idempotency key, every ``*_masked`` text is masked before it comes here.
"""
