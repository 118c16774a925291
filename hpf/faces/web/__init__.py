"""What every door of the web shares: pages, forms, headers, words for states. Translates, never decides."""
