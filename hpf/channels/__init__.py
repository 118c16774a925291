"""Which channel does what when (渠道控制): maintenance announced beforehand, functions closed and opened again."""
