"""Who the people are: how their names are written, compared and typed in lists."""
