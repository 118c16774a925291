"""The center's own pages (柜面): views by subject. They translate and never decide."""
