"""The handler's pages (单位网厅). Views translate and never decide: they ask what they show and call one operation."""
